// One attempt of a write under an id of its own: what its head would be, with everything in place that it names.
import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { AbortSignalLike } from '../../domain/abort.js';
import type { CrawlResult } from '../../domain/crawl-result.js';
import { formatInstant, type Instant } from '../../domain/instant.js';
import { latestKey, versionKey } from '../../domain/result-key.js';
import type { NewResult } from '../../domain/write-many.js';
import { CrawlgateError } from '../../errors.js';
import { encodeFailure } from '../codec/encode-failure.js';
import { type EncodedRecord, encodeRecord } from '../codec/encode-record.js';
import { expiryAttributes } from '../codec/expiries.js';
import { itemBytes } from '../codec/item-size.js';
import { encodeRulesOf } from '../codec/layout-encoding.js';
import { type RecordToWrite, recordToWrite } from '../codec/stored-record.js';
import { removeVersion } from '../feed/versions.js';
import { type Prepared, putOver } from '../next-head.js';
import { readRecord } from '../reading/read-record.js';
import { sendWrite } from '../send-write.js';
import type { Item } from '../table.js';
import { isPacked, packSuccess } from './pack-success.js';
import type { PutDeps } from './put-deps.js';
import { unchanged } from './unchanged.js';
import { updateInput } from './update-input.js';
import { keptMark, openSession, type WriteSession } from './write-session.js';

/** The attempt. Its parts are put at most once. */
export interface Attempt {
  readonly record: RecordToWrite;
  readonly session: WriteSession;
  /** The result as the head's own record; `later` is a newer failure to keep beside it. */
  replacement(before: Item | null, later: CrawlResult | null): Promise<Prepared>;
  /** The failure beside the stored success. `isFull`: the item has no room for it until its success is packed. */
  addition(before: Item, success: CrawlResult, isFull: boolean): Promise<Prepared>;
  /** The result as a version alone. It names nothing that a head names. */
  version(): Promise<CrawlgateError | null>;
  /** Removes the version that was put, and its parts, where no head can name them. */
  withdraw(): Promise<void>;
  /** Whether this attempt wrote a head as it is there. */
  isOurs(head: Item | null): boolean;
}

/** Opens an attempt to store `result`, whose content has the hash `hash`. */
export function openAttempt(
  deps: PutDeps,
  result: NewResult,
  hash: string,
  isVersioning: boolean,
  signal: AbortSignalLike,
): Attempt {
  const key = latestKey(result.url);
  const keyAttribute = deps.table.keyAttributes[0] ?? '';
  const record = recordToWrite(result, { id: deps.newWriteId(), hash, nowMs: deps.now() });
  const session = openSession(deps, result.url, signal);
  const versionId = versionIdOf(record.order, record.contentHash);
  let encoded: EncodedRecord | null = null;
  let hasVersion = false;

  return {
    record,
    session,

    async replacement(before, later) {
      const placed = await place(before);
      if (placed instanceof CrawlgateError) return placed;
      const after: Item = { ...placed };
      if (later !== null && before !== null) {
        const kept = before.last_failure ?? (await movedFailure(later, before));
        if (kept instanceof CrawlgateError || kept === 'changed') return kept;
        delete after.ttl;
        Object.assign(after, { last_failure: kept }, expiryAttributes(record.expiresAt, later.expiresAt));
      }
      return putOver(deps, before, after);
    },

    async addition(before, success, isFull) {
      const placed = isVersioning ? await place(before) : null;
      if (placed instanceof CrawlgateError) return placed;
      const failure = await encodeFailure(record, record.writeId);
      const error = failure.rest === null ? null : await session.putRest(failure.rest, record.expiresAt);
      if (error !== null) return error;
      const set: Item = {
        last_failure: failure.attribute,
        ...expiryAttributes(success.expiresAt, record.expiresAt),
        // The failure's version may name parts of this head.
        ...(isVersioning ? keptMark : {}),
      };
      const remove = ['ttl', 'result_ttl'];
      if (!isFull) {
        const condition = unchanged(before, keyAttribute, 'both');
        const headKey = deps.layout.headKey(key);
        const command = new UpdateItemCommand(updateInput({ table: deps.table, key: headKey, set, remove, condition }));
        return {
          after: { ...before, ...set },
          bytes: itemBytes(set),
          operation: 'UpdateItem',
          send: (options) => deps.client.send(command, options),
        };
      }
      const packed = await packSuccess(deps, session, record.writeId, before, success, signal);
      if (!isPacked(packed)) return packed;
      for (const name of remove) delete packed[name];
      return putOver(deps, before, Object.assign(packed, set));
    },

    async version() {
      const placed = await place(null);
      return placed instanceof CrawlgateError ? placed : null;
    },

    async withdraw() {
      const removed = hasVersion
        ? await removeVersion(deps, deps.table, result.url, versionId, record.writeId, signal)
        : 'gone';
      // A version that is left names its parts.
      if (!(removed instanceof CrawlgateError)) await session.settle(null, null, 'all');
    },

    isOurs: (head) => head?.write_id?.S === record.writeId || head?.last_failure?.M?.write_id?.S === record.writeId,
  };

  /** The record's own item with its parts in place, and its version before any head names it. */
  async function place(before: Item | null): Promise<Item | CrawlgateError> {
    encoded ??= await encodeRecord(record, encodeRulesOf(deps.layout, key, deps.dialect));
    const placed = await session.place(encoded.item, encoded.parts, before, {
      expiresAt: record.expiresAt,
      ttlDays: result.ttlDays,
    });
    if (placed instanceof CrawlgateError || !isVersioning) return placed;
    return (await putVersion(placed)) ?? { ...placed, ...keptMark };
  }

  async function putVersion(placed: Item): Promise<CrawlgateError | null> {
    // Versions are listed under their URL, not in the feed.
    const { feed_day: _day, site: _site, surt: _surt, ...item } = placed;
    Object.assign(item, deps.layout.headKey(versionKey(result.url, versionId)));
    const command = new PutItemCommand({ TableName: deps.table.name, Item: item, ReturnConsumedCapacity: 'TOTAL' });
    hasVersion = true;
    const answer = await sendWrite(deps, 'PutItem', 1, signal, (options) => deps.client.send(command, options));
    if (answer.kind === 'written') session.wrote(itemBytes(item));
    return answer.kind === 'failed' ? answer.error : null;
  }

  /** A failure that was an item of its own becomes the later failure of the success that takes its place. */
  async function movedFailure(
    later: CrawlResult,
    before: Item,
  ): Promise<NonNullable<Item[string]> | CrawlgateError | 'changed'> {
    const whole = await readRecord(deps.read, key, 'failure', later, before, signal);
    if (whole instanceof CrawlgateError || whole === 'changed') return whole;
    const failure = await encodeFailure(whole, record.writeId);
    const error = failure.rest === null ? null : await session.putRest(failure.rest, whole.expiresAt);
    return error ?? failure.attribute;
  }
}

/** The id of a record's version. */
function versionIdOf(order: Instant, contentHash: string): string {
  return `${formatInstant(order, 'six')}#${contentHash.slice(0, 8)}`;
}
