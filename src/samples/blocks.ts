// The block markup of the samples' dialect: a page's text as headings, paragraphs, lists, tables, code and media.

/** A picture, film or sound with its place on the site. */
export interface MediaBlock {
  readonly kind: 'image' | 'video' | 'audio';
  readonly src: string;
  readonly alt: string;
  readonly caption: string;
  readonly width: number | null;
}

/** A table; cells are lines of inline markup. */
export interface TableBlock {
  readonly kind: 'table';
  readonly caption: string;
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One block of a page. Texts are lines of inline markup, except code. */
export type Block =
  | { readonly kind: 'heading' | 'paragraph' | 'quote'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | TableBlock
  | MediaBlock;

const FILMS = new Set(['mp4', 'webm']);
const SOUNDS = new Set(['mp3', 'ogg', 'wav']);

/** The blocks of a page's body, in order. */
export function parseBlocks(body: string): readonly Block[] {
  const blocks: Block[] = [];
  // Code may hold empty lines; everything else ends at one.
  for (const part of body.trim().split(/(```[\s\S]*?```)|\n\s*\n/)) {
    if (part !== undefined && part.trim() !== '') blocks.push(parseBlock(part.trim()));
  }
  return blocks;
}

/** The last part of a media file's name, such as `jpg`. */
export function formatOf(src: string): string {
  return src.slice(src.lastIndexOf('.') + 1).toLowerCase();
}

function parseBlock(part: string): Block {
  const lines = part.split('\n').map((line) => line.trim());
  const first = lines[0] ?? '';
  if (first.startsWith('```')) {
    return { kind: 'code', language: first.slice(3), text: part.split('\n').slice(1, -1).join('\n') };
  }
  if (first.startsWith('## ')) return { kind: 'heading', text: first.slice(3) };
  if (first.startsWith('> ')) return { kind: 'quote', text: lines.map((line) => line.replace(/^> ?/, '')).join(' ') };
  if (/^(- |\d+\. )/.test(first)) {
    return {
      kind: 'list',
      ordered: !first.startsWith('- '),
      items: lines.map((line) => line.replace(/^(- |\d+\. )/, '')),
    };
  }
  if (first.startsWith('Table: ') || first.startsWith('|')) return parseTable(lines);
  const media = /^!\[([^\]|]*)(?:\|(\d+))?\]\((\S+?)(?: "([^"]*)")?\)$/.exec(part);
  if (media?.[3] !== undefined) {
    const [, alt = '', width, src, caption = ''] = media;
    const format = formatOf(src);
    const kind = FILMS.has(format) ? 'video' : SOUNDS.has(format) ? 'audio' : 'image';
    return { kind, src, alt, caption, width: width === undefined ? null : Number(width) };
  }
  return { kind: 'paragraph', text: lines.join(' ') };
}

function parseTable(lines: readonly string[]): TableBlock {
  const captioned = lines[0]?.startsWith('Table: ') === true;
  const [headers = [], ...rows] = lines.slice(captioned ? 1 : 0).map((line) =>
    line
      .slice(1, line.endsWith('|') ? -1 : undefined)
      .split('|')
      .map((cell) => cell.trim()),
  );
  return { kind: 'table', caption: captioned ? (lines[0]?.slice(7) ?? '') : '', headers, rows };
}
