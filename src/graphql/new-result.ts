// From what a mutation is given to a result that can be written.
import { newResultOfCrawl4ai } from '../domain/crawl4ai-input.js';
import { markdownFields } from '../domain/fields.js';
import type { Instant } from '../domain/instant.js';
import type { JsonValue } from '../domain/packed-text.js';
import { sizeOfFields } from '../domain/result-size.js';
import type { NewResult } from '../domain/write-many.js';
import { CrawlgateError } from '../errors.js';
import { storedFieldNames, storedFields, storedMarkdownFieldNames, storedMarkdownFields } from './field-names.js';
import type { CrawlResultInput, MarkdownInput } from './generated.js';
import type { GatewayServices } from './services.js';

/** A document as Crawl4AI prints it. @throws CrawlgateError BAD_USER_INPUT, RESULT_TOO_LARGE */
export function newResultOfDocument(
  doc: JsonValue,
  ttlDays: number,
  services: GatewayServices,
  createdAt: Instant | null = null,
): NewResult {
  const { maxUrlBytes, maxResultBytes: limit } = services.limits;
  const result = newResultOfCrawl4ai(doc, { nowMs: services.now(), ttlDays, maxUrlBytes, createdAt });
  const bytes = sizeOfFields(result.fields, result.derivedFields) ?? 0;
  if (bytes <= limit) return result;
  throw new CrawlgateError('RESULT_TOO_LARGE', `The result's text is ${bytes} bytes; at most ${limit} are stored.`, {
    limit,
    bytes,
  });
}

/** The API's own input: the same document under other names. @throws CrawlgateError as above */
export function newResultOfInput(input: CrawlResultInput, ttlDays: number, services: GatewayServices): NewResult {
  const doc = new Map<string, JsonValue | undefined>([
    ['url', input.url],
    ['success', input.success],
    ['status_code', input.statusCode],
    ['redirected_status_code', input.redirectedStatusCode],
    ['markdown', input.markdown && documentOfMarkdown(input.markdown)],
  ]);
  for (const name of storedFieldNames) doc.set(storedFields[name], input[name]);
  return newResultOfDocument(given(doc), ttlDays, services, input.createdAt ?? null);
}

function documentOfMarkdown(input: MarkdownInput): JsonValue {
  return given(storedMarkdownFieldNames.map((name) => [markdownFields[storedMarkdownFields[name]], input[name]]));
}

/** What was left out of an input is undefined there, and no key of the document. */
function given(entries: Iterable<readonly [string, JsonValue | undefined]>): JsonValue {
  const kept: [string, JsonValue][] = [];
  for (const [key, value] of entries) if (value !== undefined) kept.push([key, value]);
  return Object.fromEntries(kept);
}
