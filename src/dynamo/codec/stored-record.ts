// A record ready to be written: what its crawler gave, with the id, hash and expiry of this write.
import type { FieldName } from '../../domain/fields.js';
import { type Instant, instantOfMillis } from '../../domain/instant.js';
import type { JsonValue } from '../../domain/packed-text.js';
import { isCutShort, sizeOfFields } from '../../domain/result-size.js';
import { shapeMarks } from '../../domain/shape-marks.js';
import { titleOf } from '../../domain/title-of.js';
import type { UrlKey } from '../../domain/url-key.js';
import type { NewResult } from '../../domain/write-many.js';

/** Everything an encoder needs to know of one record. */
export interface RecordToWrite {
  readonly url: UrlKey;
  readonly success: boolean;
  readonly statusCode: number | null;
  readonly redirectedStatusCode: number | null;
  readonly order: Instant;
  readonly updatedAt: Instant;
  /** Epoch seconds; null means never. */
  readonly expiresAt: number | null;
  /** Explicit nulls are in `marks`, not here. */
  readonly fields: ReadonlyMap<FieldName, JsonValue>;
  readonly marks: readonly string[];
  readonly title: string | null;
  readonly sizeBytes: number;
  readonly truncatedFields: readonly string[];
  readonly writeId: string;
  readonly contentHash: string;
}

/** Seconds of one day. */
const daySeconds = 86_400;

/** The record that one write stores. `nowMs` is the moment of the write, in milliseconds since 1970. */
export function recordToWrite(result: NewResult, write: { id: string; hash: string; nowMs: number }): RecordToWrite {
  const fields = new Map<FieldName, JsonValue>();
  for (const [name, value] of result.fields) if (value !== null) fields.set(name, value);
  const texts = (['html', 'cleaned_html'] as const).filter((name) => {
    const text = fields.get(name);
    return typeof text === 'string' && isCutShort(text);
  });
  return {
    url: result.url,
    success: result.success,
    statusCode: result.statusCode,
    redirectedStatusCode: result.redirectedStatusCode,
    order: result.createdAt,
    updatedAt: instantOfMillis(write.nowMs),
    expiresAt: result.ttlDays === 0 ? null : Math.floor(write.nowMs / 1000) + result.ttlDays * daySeconds,
    fields,
    marks: [...shapeMarks(result)],
    title: titleOf(fields.get('metadata') ?? null),
    sizeBytes: sizeOfFields(result.fields, new Set(result.derivedFields)) ?? 0,
    truncatedFields: texts,
    writeId: write.id,
    contentHash: write.hash,
  };
}
