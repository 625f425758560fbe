// The failure that lies beside a success in one item, and the part that holds what did not fit there.
import type { CrawlResult } from '../../domain/crawl-result.js';
import { type FieldGroups, type FieldName, fieldNames, groups, includes, union } from '../../domain/fields.js';
import type { Instant } from '../../domain/instant.js';
import { type JsonValue, type PackedText, unpack } from '../../domain/packed-text.js';
import { isCutShort } from '../../domain/result-size.js';
import { titleOf } from '../../domain/title-of.js';
import type { UrlKey } from '../../domain/url-key.js';
import type { Item } from '../table.js';
import { epochSecondsOf, intOf, isMalformed } from './decode-value.js';
import { type PartRef, refFromBinary } from './part-ref.js';

/** A failure, and where the rest of it is if that is needed and lies apart. */
export interface DecodedFailure {
  readonly result: CrawlResult;
  readonly rest: PartRef | null;
}

/** What a failure's part holds, as JSON: everything that `last_failure` itself does not. */
export interface FailureRest {
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly redirectedStatusCode: number | null;
  readonly marks: readonly string[];
}

/** Decodes the attribute `last_failure`; null where there is none or it is not ours. */
export function decodeFailure(url: UrlKey, item: Item, wanted: FieldGroups): DecodedFailure | null {
  const map = item.last_failure?.M;
  const order = Number(map?.order?.N ?? Number.NaN);
  if (map === undefined || !Number.isSafeInteger(order)) return null;
  const ref = map.rest?.B === undefined ? null : refFromBinary(map.rest.B);
  const message = map.error_message?.S;
  const held = ref === null ? groups.all : union(groups.head, groups.size);
  const status = map.status_code === undefined ? null : intOf(map.status_code);
  const ttl = map.ttl === undefined ? null : epochSecondsOf(map.ttl);
  const size = Number(map.size_bytes?.N ?? 0);
  // Its writer says so where the rest holds no short text but this message: then a lookup of heads need not read it.
  const isHeadWhole = message !== undefined && map.head_whole?.BOOL === true;
  const needsRest = !includes(held, wanted) || !isHeadWhole;
  return {
    result: {
      url,
      version: map.write_id?.S ?? `failure|${order}`,
      order: order as Instant,
      success: false,
      statusCode: isMalformed(status) ? null : status,
      redirectedStatusCode: null,
      createdAt: order as Instant,
      updatedAt: Number.isSafeInteger(Number(map.updated?.N)) ? (Number(map.updated?.N) as Instant) : null,
      validatedAt: null,
      expiresAt: isMalformed(ttl) ? null : ttl,
      title: null,
      sizeBytes: size,
      truncatedFields: ref === null ? [] : null,
      groups: held,
      fields: new Map(message === undefined || message === '' ? [] : [['error_message', message]]),
      failed: new Map(),
      addedFields: new Set((map.marks?.L ?? []).flatMap((mark) => (mark.S === undefined ? [] : [mark.S]))),
    },
    rest: needsRest ? ref : null,
  };
}

/** The failure with everything its part holds. */
export async function completeFailure(failure: CrawlResult, packed: PackedText): Promise<CrawlResult> {
  const rest = (await unpack(packed)) as unknown as FailureRest;
  const fields = new Map<FieldName, JsonValue>();
  for (const name of fieldNames) {
    const value = Object.hasOwn(rest.fields, name) ? rest.fields[name] : undefined;
    if (value !== undefined) fields.set(name, value);
  }
  return {
    ...failure,
    redirectedStatusCode: rest.redirectedStatusCode,
    title: titleOf(fields.get('metadata') ?? null),
    truncatedFields: (['html', 'cleaned_html'] as const).filter((name) => isCut(fields.get(name))),
    groups: groups.all,
    fields,
    addedFields: new Set(rest.marks),
  };
}

function isCut(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && isCutShort(value);
}
