// The texts of a result that are shown as source and compared: their names, and where in an answer they are.

/** One text. */
export interface TextChoice {
  /** As in the address bar. */
  readonly id: string;
  readonly label: string;
  /** Selects it in GraphQL. */
  readonly selection: string;
}

const markdown = (id: string, label: string): TextChoice => ({ id, label, selection: `markdown { ${id} }` });
const plain = (id: string, label: string): TextChoice => ({ id, label, selection: id });

/** All of them, the most asked for first. */
export const textChoices: readonly [TextChoice, ...TextChoice[]] = [
  markdown('rawMarkdown', 'Markdown'),
  markdown('fitMarkdown', 'Markdown that the content filter kept'),
  markdown('markdownWithCitations', 'Markdown with citations'),
  markdown('referencesMarkdown', 'References of the citations'),
  plain('html', 'HTML as fetched'),
  plain('cleanedHtml', 'HTML, cleaned'),
  plain('fitHtml', 'HTML that the content filter kept'),
  plain('extractedContent', 'Extracted content'),
  plain('metadata', 'Metadata'),
  plain('responseHeaders', 'Response headers'),
  plain('tables', 'Tables'),
  plain('crawlStats', "Crawl4AI's own figures"),
  plain('crawl4ai', 'The whole result, as Crawl4AI has it'),
];

/** Those that can be empty: the whole result never is, for it has its URL. */
export const partialTexts: readonly TextChoice[] = textChoices.filter(({ id }) => id !== 'crawl4ai');

/** The choice of this id, or else the one that `usual` names, or the first. */
export function textChoice(id: string, usual = ''): TextChoice {
  const named = (name: string): TextChoice | undefined => textChoices.find((choice) => choice.id === name);
  return named(id) ?? named(usual) ?? textChoices[0];
}

/** A text in an answer that selected it; JSON is laid out. Null where nothing is stored. */
export function textOf(choice: TextChoice, answer: object | null): string | null {
  const holder = choice.selection.startsWith('markdown') ? get(answer, 'markdown') : answer;
  const value = get(holder, choice.id);
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function get(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? (from as Record<string, unknown>)[name] : null;
}
