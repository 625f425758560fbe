// The inline markup of the samples' dialect: links, strong, emphasis and code inside a line of text.

/** A piece of a line. */
export type Inline =
  | { readonly kind: 'text' | 'strong' | 'emphasis' | 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string; readonly title: string };

const MARKUP = /\[([^\]]+)\]\((\S+?)(?: "([^"]*)")?\)|\*\*([^*]+)\*\*|\*([^*]+)\*|`([^`]+)`/g;

/** The pieces of one line, in order. */
export function parseInline(line: string): readonly Inline[] {
  const pieces: Inline[] = [];
  let end = 0;
  for (const match of line.matchAll(MARKUP)) {
    if (match.index > end) pieces.push({ kind: 'text', text: line.slice(end, match.index) });
    end = match.index + match[0].length;
    const [, linkText, href, title, strong, emphasis, code] = match;
    if (linkText !== undefined && href !== undefined)
      pieces.push({ kind: 'link', text: linkText, href, title: title ?? '' });
    else if (strong !== undefined) pieces.push({ kind: 'strong', text: strong });
    else if (emphasis !== undefined) pieces.push({ kind: 'emphasis', text: emphasis });
    else if (code !== undefined) pieces.push({ kind: 'code', text: code });
  }
  if (end < line.length) pieces.push({ kind: 'text', text: line.slice(end) });
  return pieces;
}

/** The words of a line without its markup. */
export function plainText(line: string): string {
  return parseInline(line)
    .map(({ text }) => text)
    .join('');
}
