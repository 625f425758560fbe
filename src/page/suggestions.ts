// What the search box suggests: hosts that the feed knows, and stored URLs that go on from what was typed.
import { ask } from './api.js';
import { type NamesData, namesQuery } from './queries.js';

/** A host to list, or a stored URL to look up. */
export type Suggestion = { readonly kind: 'host' | 'url'; readonly text: string };

const most = 8;
/** So many newest results have their hosts offered; more where none of those fits what was typed. */
const newestFirst = 20;
const newestMost = 100;

/** Finds suggestions; aborted where `signal` fires. */
export type Suggest = (typed: string, signal: AbortSignal) => Promise<readonly Suggestion[]>;

/** Makes the finder. It never reads a result: lists of URLs come from the feed's own entries. */
export function createSuggest(): Suggest {
  /** Hosts of so many newest results, in that order; asked for once by the first who types. */
  const hosts = new Map<number, Promise<Set<string>>>();

  async function names(filter: object, first: number, signal?: AbortSignal): Promise<NamesData['crawlFeed']['edges']> {
    const { data, errors } = await ask<NamesData>(namesQuery, { filter, first }, signal);
    // What could not be read is not the same as nothing.
    if (data === null) throw new Error(errors[0]?.message ?? 'The names could not be read.');
    return data.crawlFeed.edges;
  }

  function knownHosts(count: number): Promise<Set<string>> {
    const asked = hosts.get(count);
    if (asked !== undefined) return asked;
    const asking = names({}, count).then(
      (edges) => new Set(edges.flatMap(({ node }) => (node.domain === null ? [] : [hostOf(node.url) ?? node.domain]))),
    );
    hosts.set(count, asking);
    asking.catch(() => hosts.delete(count));
    return asking;
  }

  return async (typed, signal) => {
    const text = typed.trim();
    const withoutScheme = text.replace(/^[a-z]+:\/\//i, '').toLowerCase();
    const host = withoutScheme.split(/[/?#]/)[0] ?? '';
    let known = await knownHosts(newestFirst);
    const fits = (one: string): boolean => one.includes(host);
    if (![...known].some(fits)) known = await knownHosts(newestMost);
    const fitting = [...known].filter(fits);
    const isHostAlone = host === withoutScheme;
    const chosen = isHostAlone ? fitting.find((one) => one === host) : host;
    const urls = await storedUrls(text, { host: chosen, isHostAlone, looksWhole: /\.[a-z]{2,}$/.test(host) }, signal);
    for (const url of urls) known.add(hostOf(url) ?? '');
    known.delete('');
    const suggestedHosts = isHostAlone
      ? fitting.length > 0
        ? fitting
        : [...new Set(urls.map((url) => hostOf(url) ?? ''))]
      : [];
    return [
      ...suggestedHosts
        .filter((one) => one !== '')
        .slice(0, urls.length > 0 ? 3 : most)
        .map((one) => ({ kind: 'host', text: one }) as const),
      ...urls.map((url) => ({ kind: 'url', text: url }) as const),
    ].slice(0, most);
  };

  async function storedUrls(
    text: string,
    { host, isHostAlone, looksWhole }: { host: string | undefined; isHostAlone: boolean; looksWhole: boolean },
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (host === undefined && !looksWhole) return [];
    // A prefix is matched from a URL's beginning, whatever its scheme: what was typed without one may be either.
    const filter = isHostAlone ? { url: host ?? text, match: 'DOMAIN' } : { url: text, match: 'PREFIX' };
    const edges = await names(filter, most, signal);
    return [...new Set(edges.map(({ node }) => node.url))];
  }
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host || null : null;
}
