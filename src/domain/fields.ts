// The fields of a crawl result: their stored names, what they hold, and the group that is read to have them.

/** What a field holds: a text, or any JSON value. */
export type FieldKind = 'text' | 'json';

/**
 * A set of field groups as bits. A group is what one query field needs: `head` (everything small), or one large field.
 * Bits, because a warm lookup compares two sets for every key it answers.
 */
export type FieldGroups = number & { readonly __brand: 'FieldGroups' };

const headBit = 1;
const titleBit = 2;
const sizeBit = 4;
const truncatedBit = 8;

// Texts and JSON values that may be of any size; each is a group of its own.
const ownGroup = {
  html: 'text',
  cleaned_html: 'text',
  fit_html: 'text',
  extracted_content: 'text',
  screenshot: 'text',
  pdf: 'text',
  mhtml: 'text',
  raw_markdown: 'text',
  markdown_with_citations: 'text',
  references_markdown: 'text',
  fit_markdown: 'text',
  markdown_fit_html: 'text',
  links: 'json',
  media: 'json',
  tables: 'json',
  metadata: 'json',
  response_headers: 'json',
  downloaded_files: 'json',
  js_execution_result: 'json',
  ssl_certificate: 'json',
  dispatch_result: 'json',
  network_requests: 'json',
  console_messages: 'json',
  crawl_stats: 'json',
  extra: 'json',
} as const satisfies Record<string, FieldKind>;

// Short texts that every lookup reads; one that is long after all is stored apart and read with the head.
const inHead = {
  error_message: 'text',
  redirected_url: 'text',
  session_id: 'text',
  etag: 'text',
  last_modified: 'text',
  head_fingerprint: 'text',
} as const satisfies Record<string, FieldKind>;

/** A field that is read in a group of its own. */
export type LargeField = keyof typeof ownGroup;
/** A field that is part of the head. */
export type HeadField = keyof typeof inHead;
/** The stored name of a field, snake_case as Crawl4AI has it; of Markdown's fields `fit_html` is `markdown_fit_html`. */
export type FieldName = LargeField | HeadField | 'markdown_extra';

const kinds: Readonly<Record<FieldName, FieldKind>> = { ...ownGroup, ...inHead, markdown_extra: 'json' };

/** The fields with a group of their own, in a fixed order. */
export const largeFields = Object.keys(ownGroup) as readonly LargeField[];
/** The short texts of the head. */
export const headFields = Object.keys(inHead) as readonly HeadField[];
/** Every field name. */
export const fieldNames = Object.keys(kinds) as readonly FieldName[];
/** The fields that Crawl4AI keeps inside `markdown`, with their names there. */
export const markdownFields = {
  raw_markdown: 'raw_markdown',
  markdown_with_citations: 'markdown_with_citations',
  references_markdown: 'references_markdown',
  fit_markdown: 'fit_markdown',
  markdown_fit_html: 'fit_html',
} as const satisfies Partial<Record<LargeField, string>>;
/** A field that Crawl4AI keeps inside `markdown`. */
export type MarkdownField = keyof typeof markdownFields;
/** Markdown's fields, in a fixed order. */
export const markdownFieldNames = Object.keys(markdownFields) as readonly MarkdownField[];

const bits: Readonly<Record<string, number>> = Object.fromEntries([
  ...largeFields.map((name, index) => [name, 2 ** (index + 4)]),
  ...headFields.map((name) => [name, headBit]),
  ['markdown_extra', 2 ** (largeFields.indexOf('extra') + 4)],
]);

/** Groups that are not one field: `none` (is it there at all), `head`, `title`, `size` and `truncated`. */
export const groups = {
  none: 0 as FieldGroups,
  head: headBit as FieldGroups,
  title: titleBit as FieldGroups,
  size: sizeBit as FieldGroups,
  truncated: truncatedBit as FieldGroups,
  all: (largeFields.reduce((sum, name) => sum + bitOf(name), 0) +
    headBit +
    titleBit +
    sizeBit +
    truncatedBit) as FieldGroups,
} as const;

const smallBits = headBit | titleBit | sizeBit | truncatedBit;
const noFields: readonly LargeField[] = [];

function bitOf(name: FieldName): number {
  return bits[name] ?? 0;
}

/** What `name` holds. */
export function kindOf(name: FieldName): FieldKind {
  return kinds[name];
}

/** Whether a name is a field's. */
export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(kinds, name);
}

/** The group that is read to have `name`. */
export function groupOf(name: FieldName): FieldGroups {
  return bitOf(name) as FieldGroups;
}

/** Both sets together. */
export function union(a: FieldGroups, b: FieldGroups): FieldGroups {
  return (a | b) as FieldGroups;
}

/** What is in `set` and not in `removed`. */
export function without(set: FieldGroups, removed: FieldGroups): FieldGroups {
  return (set & ~removed) as FieldGroups;
}

/** Whether every group of `needed` is in `held`. */
export function includes(held: FieldGroups, needed: FieldGroups): boolean {
  return (held & needed) === needed;
}

/** The fields of `set` that have a group of their own. */
export function largeFieldsOf(set: FieldGroups): readonly LargeField[] {
  if ((set & ~smallBits) === 0) return noFields;
  return largeFields.filter((name) => (set & bitOf(name)) !== 0);
}
