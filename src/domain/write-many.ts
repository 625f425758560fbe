// The twin of ReadMany for writing: many inputs in, a receipt or a refusal for each out.
import type { CrawlgateError } from '../errors.js';
import type { AbortSignalLike } from './abort.js';
import type { FieldName } from './fields.js';
import type { Instant } from './instant.js';
import type { JsonValue } from './packed-text.js';
import type { UrlKey } from './url-key.js';

/** One input's answer. */
export type WriteOutcome<Receipt> =
  | { readonly kind: 'done'; readonly receipt: Receipt }
  | { readonly kind: 'failed'; readonly error: CrawlgateError };

/** The inputs of one call. */
export interface WriteRequest<Input> {
  readonly inputs: readonly Input[];
  /** Aborted at the deadline; what is not stored by then is failed. */
  readonly signal: AbortSignalLike;
}

/** Writes many. Never rejects: answers one outcome for each input, in the order given; an empty list asks nobody. */
export type WriteMany<Input, Receipt> = (request: WriteRequest<Input>) => Promise<readonly WriteOutcome<Receipt>[]>;

/** A result to be stored, as its crawler gave it. */
export interface NewResult {
  readonly url: UrlKey;
  readonly success: boolean;
  readonly statusCode: number | null;
  readonly redirectedStatusCode: number | null;
  /** What decides which result is newer. */
  readonly createdAt: Instant;
  /** Days until it expires, counted from the write; 0 means never. */
  readonly ttlDays: number;
  /** Every field that was given, explicit nulls included; fields not given are not in the map. */
  readonly fields: ReadonlyMap<FieldName, JsonValue>;
  /** Of `fields`, those derived from others (etag from response headers): `crawl4ai` does not hand them back. */
  readonly derivedFields: ReadonlySet<FieldName>;
  /** Scalars that were given as explicit null (`status_code`, `redirected_status_code`, `markdown`). */
  readonly nullScalars: ReadonlySet<string>;
  /** True where `markdown` was given as a plain text instead of an object. */
  readonly markdownIsText: boolean;
  /** True: stored only where nothing is; whatever is there, older or newer, makes it SUPERSEDED. */
  readonly onlyIfAbsent?: boolean;
  /** True: it also replaces what has the very same createdAt and another content, which is damage. */
  readonly overEqualTime?: boolean;
}

/** A stored result: bytes after packing, all items of this write together, and how many items those are. */
export interface StoredReceipt {
  readonly bytes: number;
  readonly items: number;
}

/** What the origin confirmed, with the validators it gave; null leaves the stored one as it is. */
export interface Revalidation {
  readonly url: UrlKey;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly headFingerprint: string | null;
}

/** Whether anything was there to remove. */
export interface RemovedReceipt {
  readonly removed: boolean;
}

/** Everything that can be done to stored results. */
export interface ResultWriters {
  readonly put: WriteMany<NewResult, StoredReceipt>;
  readonly revalidate: WriteMany<Revalidation, StoredReceipt>;
  readonly invalidate: WriteMany<UrlKey, RemovedReceipt>;
}
