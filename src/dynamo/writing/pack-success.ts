// Makes room in an item that is as large as an item can be: its success, packed, is put in its place.
import type { AbortSignalLike } from '../../domain/abort.js';
import type { CrawlResult } from '../../domain/crawl-result.js';
import { latestKey } from '../../domain/result-key.js';
import { CrawlgateError } from '../../errors.js';
import { encodeRecord } from '../codec/encode-record.js';
import { encodeRulesOf } from '../codec/layout-encoding.js';
import { readRecord } from '../reading/read-record.js';
import type { Item } from '../table.js';
import type { PutDeps } from './put-deps.js';
import type { WriteSession } from './write-session.js';

/**
 * The same success under the id `writeId`, its parts in place; without a failure beside it.
 * @param head the item as it was read.
 * @returns `changed` where it is no longer there, an error where it could not be read whole.
 */
export async function packSuccess(
  deps: PutDeps,
  session: WriteSession,
  writeId: string,
  head: Item,
  success: CrawlResult,
  signal: AbortSignalLike,
): Promise<Item | CrawlgateError | 'changed'> {
  const key = latestKey(success.url);
  const whole = await readRecord(deps.read, key, 'success', success, head, signal);
  if (whole instanceof CrawlgateError || whole === 'changed') return whole;
  const { item, parts } = await encodeRecord({ ...whole, writeId }, encodeRulesOf(deps.layout, key, deps.dialect));
  const placed = await session.place(item, parts, head, { expiresAt: whole.expiresAt, ttlDays: 0 });
  if (placed instanceof CrawlgateError) return placed;
  return { ...placed, ...(head.validated_at === undefined ? {} : { validated_at: head.validated_at }) };
}

/** Whether there is an item. */
export function isPacked(packed: Item | CrawlgateError | 'changed'): packed is Item {
  return packed !== 'changed' && !(packed instanceof CrawlgateError);
}

/** Whether DynamoDB refused a change because the item would be too large by it. */
export function isItemFull(error: CrawlgateError): boolean {
  const { cause } = error;
  return cause instanceof Error && cause.name === 'ValidationException' && /maximum allowed size/i.test(cause.message);
}
