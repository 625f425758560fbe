// What is kept of a result and what is not, found out once its first part is shown, so that nobody opens what is empty.
import type { Tab } from './address.js';
import { ask } from './api.js';
import {
  type KeptData,
  keptQuery,
  type Link,
  type MediaItem,
  type PartData,
  partQuery,
  type SizePart,
  sizeSelection,
} from './queries.js';
import { partialTexts, textOf } from './texts.js';

/** How many there are in a tab, or whether there is anything; of texts those that are empty. */
export interface Kept {
  readonly tabs: Readonly<Record<Tab, number | boolean>>;
  readonly emptyTexts: ReadonlySet<string>;
}

/** Bytes of a result that is read whole for this; what a larger one lacks is told when it is opened. */
const readMost = 500_000;

/** Finds it out; null where that would be too much, or fails: a help that may be missing. */
export async function askKept(
  variables: { readonly url: string; readonly outcome: string },
  signal: AbortSignal,
): Promise<Kept | null> {
  const answer = async <Data>(query: string): Promise<Data | null> =>
    (await ask<Data>(query, variables, signal).catch(() => ({ data: null }))).data;
  const size = (await answer<PartData<SizePart>>(partQuery(sizeSelection)))?.crawlResult?.sizeBytes;
  if (size === undefined || size > readMost) return null;
  const data = await answer<KeptData>(keptQuery(partialTexts.map(({ selection }) => selection)));
  const found = data?.crawlResult ?? null;
  return found === null ? null : keptOf(found);
}

function keptOf(found: Readonly<Record<string, unknown>>): Kept {
  const { html, links, media, versions } = found as {
    readonly html: string | null;
    readonly links: Readonly<Record<'internal' | 'external', readonly Link[]>> | null;
    readonly media: Readonly<Record<'images' | 'videos' | 'audios', readonly MediaItem[]>> | null;
    readonly versions: { readonly edges: readonly unknown[] };
  };
  const emptyTexts = partialTexts.filter((choice) => isEmpty(textOf(choice, found)));
  const ids = new Set(emptyTexts.map(({ id }) => id));
  return {
    tabs: {
      markdown: !ids.has('rawMarkdown'),
      preview: !isEmpty(html),
      source: true,
      links: links === null ? 0 : links.internal.length + links.external.length,
      media: media === null ? 0 : media.images.length + media.videos.length + media.audios.length,
      versions: versions.edges.length > 0,
    },
    emptyTexts: ids,
  };
}

/** Nothing, or JSON that holds nothing. */
function isEmpty(text: string | null): boolean {
  return text === null || /^(\s|\[\s*\]|\{\s*\})*$/.test(text);
}
