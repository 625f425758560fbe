// What a terminal would obey is shown instead: control characters, and those that turn the direction of a text.

const unprintable = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The text on one line, each such character as JSON would escape it. */
export function printable(text: string): string {
  return text.replace(unprintable, escaped);
}

/** The same of a text that may have several lines and be indented by tabs. */
export function printableLines(text: string): string {
  return text.replace(unprintable, (char) => (char === '\n' || char === '\t' ? char : escaped(char)));
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
