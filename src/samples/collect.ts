// What Crawl4AI's scraper lists beside a page's text: its links, media and tables.
import { type Block, formatOf, type MediaBlock } from './blocks.js';
import { type Inline, parseInline, plainText } from './inline.js';
import { type SamplePage, urlOf } from './page.js';
import { documentTitle, resolveHref } from './render-html.js';
import type { SampleLink, SampleMediaItem, SampleResult, SampleTable } from './sample-result.js';
import { stableNumber } from './stable.js';

/** The links of navigation, text and footer, each address once, with the heads of linked pages where the site's are known. */
export function collectLinks(
  page: SamplePage,
  blocks: readonly Block[],
  pagesByUrl: ReadonlyMap<string, SamplePage>,
): SampleResult['links'] {
  const anchors: Pick<SampleLink, 'href' | 'text' | 'title'>[] = [
    ...page.site.navigation.map(([text, href]) => ({ text, href, title: '' })),
    ...[...blocks.flatMap(linesOf), page.site.footer].flatMap((line) => parseInline(line).filter(isLink)),
  ];
  const links = new Map<string, SampleLink>();
  for (const { href, text, title } of anchors) {
    const url = resolveHref(page.site, href);
    if (links.has(url) || !/^https?:/.test(url)) continue;
    const score = page.site.linksScored ? 3 + stableNumber(`${url} ${text}`, 500) / 100 : null;
    const target = page.site.linksScored ? pagesByUrl.get(url) : undefined;
    links.set(url, {
      href: url,
      text,
      title,
      base_domain: baseDomain(url),
      head_data:
        target === undefined ? null : { title: documentTitle(target), meta: { description: target.description } },
      head_extraction_status: target === undefined ? null : 'success',
      head_extraction_error: null,
      intrinsic_score: score,
      contextual_score: null,
      total_score: score,
    });
  }
  const own = baseDomain(urlOf(page));
  const all = [...links.values()];
  return {
    internal: all.filter((link) => link.base_domain === own),
    external: all.filter((link) => link.base_domain !== own),
  };
}

/** The pictures, films and sounds, each described by the text it stands beside. */
export function collectMedia(page: SamplePage, blocks: readonly Block[]): SampleResult['media'] {
  const found = { images: [] as SampleMediaItem[], videos: [] as SampleMediaItem[], audios: [] as SampleMediaItem[] };
  blocks.forEach((block, index) => {
    if (!isMedia(block)) return;
    const list = found[`${block.kind}s`];
    const beside = blocks.slice(0, index).findLast((other) => other.kind === 'paragraph') ?? blocks[index + 1];
    list.push({
      src: resolveHref(page.site, block.src),
      data: '',
      alt: block.alt,
      desc: block.kind === 'image' && beside?.kind === 'paragraph' ? plainText(beside.text) : '',
      // Crawl4AI gives points for a size, a description and a usual format.
      score: block.kind === 'image' ? 2 + (block.width === null ? 0 : 2) + (block.alt === '' ? 0 : 1) : 0,
      type: block.kind,
      group_id: list.length,
      format: formatOf(block.src),
      width: block.width,
    });
  });
  return found;
}

/** The data tables, cells as plain text. */
export function collectTables(blocks: readonly Block[]): readonly SampleTable[] {
  return blocks.flatMap((block) => {
    if (block.kind !== 'table') return [];
    return {
      headers: block.headers.map(plainText),
      rows: block.rows.map((row) => row.map(plainText)),
      caption: block.caption,
      summary: '',
      metadata: {
        row_count: block.rows.length,
        column_count: block.headers.length,
        has_headers: true,
        has_caption: block.caption !== '',
        has_summary: false,
      },
    };
  });
}

function linesOf(block: Block): readonly string[] {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
    case 'quote':
      return [block.text];
    case 'list':
      return block.items;
    case 'table':
      return [...block.headers, ...block.rows.flat()];
    default:
      return [];
  }
}

/** The samples' hosts all have registrable domains of two labels. */
function baseDomain(url: string): string {
  return /^https?:\/\/([^/:?#]+)/.exec(url)?.[1]?.split('.').slice(-2).join('.') ?? '';
}

function isLink(piece: Inline): piece is Extract<Inline, { kind: 'link' }> {
  return piece.kind === 'link';
}

function isMedia(block: Block): block is MediaBlock {
  return block.kind === 'image' || block.kind === 'video' || block.kind === 'audio';
}
