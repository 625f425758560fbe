// Stores one result by the protocol of the design: read the head, decide, parts, version, head; on a lost race again.
import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type CrawlResult, liveRecords, type StoredResult } from '../domain/crawl-result.js';
import { groups } from '../domain/fields.js';
import { formatInstant } from '../domain/instant.js';
import type { ReadMany } from '../domain/read-many.js';
import { latestKey, type ResultKey, versionKey } from '../domain/result-key.js';
import type { NewResult, StoredReceipt, WriteOutcome } from '../domain/write-many.js';
import { CrawlgateError } from '../errors.js';
import { contentHash } from './content-hash.js';
import { decideWrite } from './decide-write.js';
import { encodeFailure } from './encode-failure.js';
import { type EncodedRecord, encodeRecord } from './encode-record.js';
import type { Dialect } from './encode-value.js';
import { expiryAttributes } from './expiries.js';
import { itemBytes } from './item-size.js';
import type { Layout } from './layout.js';
import { encodeRulesOf } from './layout-encoding.js';
import type { ReadHeads } from './read-head.js';
import { sendWrite, type WriteDeps } from './send-write.js';
import { readStoredFailure } from './stored-failure.js';
import { recordToWrite } from './stored-record.js';
import type { Item, Table } from './table.js';
import { unchanged } from './unchanged.js';
import { updateInput } from './update-input.js';
import type { PruneVersions } from './versions.js';
import { openSession } from './write-session.js';

/** What the writer of results needs. */
export interface PutDeps extends WriteDeps {
  readonly table: Table;
  readonly layout: Layout;
  readonly dialect: Dialect;
  /** Earlier results kept of each URL; 0 keeps none. Only the versioned layout keeps any. */
  readonly keepVersions: number;
  readonly read: ReadMany<ResultKey, StoredResult>;
  readonly readHeads: ReadHeads;
  readonly pruneVersions: PruneVersions;
  /** Twelve characters of base64url that no other write has. */
  readonly newWriteId: () => string;
}

/** Lost races after which a write is given up. */
const maxRaces = 50;

/** A head to be put in place of the one that was read, and how. */
interface NextHead {
  readonly after: Item;
  readonly bytes: number;
  readonly send: (options: {
    abortSignal: AbortSignal;
  }) => Promise<{ ConsumedCapacity?: { CapacityUnits?: number | undefined } | undefined }>;
  readonly operation: 'PutItem' | 'UpdateItem';
}

/**
 * Stores one result. Never rejects for DynamoDB's sake.
 * @param firstHead the head as it was read a moment ago; undefined has it read now.
 */
export async function putResult(
  deps: PutDeps,
  result: NewResult,
  firstHead: Item | null | undefined,
  signal: AbortSignal,
): Promise<WriteOutcome<StoredReceipt>> {
  const key = latestKey(result.url);
  const keyAttribute = deps.table.keyAttributes[0] ?? '';
  const isVersioning = deps.keepVersions > 0 && deps.layout.name === 'versioned';
  const hash = await contentHash(result);
  const record = recordToWrite(result, { id: deps.newWriteId(), hash, nowMs: deps.now() });
  const session = openSession(deps, { url: result.url, ttlDays: result.ttlDays, expiresAt: record.expiresAt }, signal);
  let encoded: EncodedRecord | null = null;
  // The head that was sent without an answer: it may be there all the same.
  let unanswered: { readonly before: Item | null; readonly after: Item } | null = null;
  let head = firstHead;

  for (let race = 0; race < maxRaces; race += 1) {
    if (head === undefined || race > 0) {
      const [answer] = await deps.readHeads([key], signal);
      if (answer === undefined || answer.kind === 'failed') return giveUp(answer?.error ?? contention());
      head = answer.item;
      if (unanswered !== null && isOurs(head)) return finish(unanswered.before, unanswered.after);
    }
    const before = head;
    const stored = decodeStored(before);
    const decision = decideWrite(stored, {
      success: record.success,
      order: record.order,
      isSame: (other) => isSameWrite(before, other),
    });
    if (decision.kind === 'superseded') return supersede(before);
    const next =
      decision.kind === 'replace' ? await replacement(before, decision.later) : await addition(before, stored);
    if (next instanceof CrawlgateError) return giveUp(next);
    const answer = await sendWrite(deps, next.operation, 1, signal, next.send);
    if (answer.kind === 'written') {
      session.wrote(next.bytes);
      return finish(before, next.after);
    }
    if (answer.mayBeWritten) unanswered = { before, after: next.after };
    if (answer.kind === 'failed') return giveUp(answer.error);
  }
  return giveUp(contention());

  async function replacement(before: Item | null, later: CrawlResult | null): Promise<NextHead | CrawlgateError> {
    const placed = await place(before);
    if (placed instanceof CrawlgateError) return placed;
    const after: Item = { ...placed };
    if (later !== null && before !== null) {
      const kept = before.last_failure ?? (await movedFailure(later, before));
      if (kept instanceof CrawlgateError) return kept;
      delete after.ttl;
      Object.assign(after, { last_failure: kept }, expiryAttributes(record.expiresAt, later.expiresAt));
    }
    const command = new PutItemCommand({
      TableName: deps.table.name,
      Item: after,
      ...unchanged(before, keyAttribute, 'both'),
      ReturnConsumedCapacity: 'TOTAL',
    });
    return {
      after,
      bytes: itemBytes(after),
      operation: 'PutItem',
      send: (options) => deps.client.send(command, options),
    };
  }

  /** A failure that was an item of its own becomes the later failure of the success that takes its place. */
  async function movedFailure(later: CrawlResult, before: Item): Promise<NonNullable<Item[string]> | CrawlgateError> {
    const whole = await readStoredFailure(deps.read, key, later, before, signal);
    if (whole instanceof CrawlgateError) return whole;
    const failure = await encodeFailure(whole, record.writeId);
    const error = failure.rest === null ? null : await session.putRest(failure.rest, whole.expiresAt);
    return error ?? failure.attribute;
  }

  async function addition(before: Item | null, stored: StoredResult): Promise<NextHead | CrawlgateError> {
    const placed = isVersioning ? await place(before) : null;
    if (placed instanceof CrawlgateError) return placed;
    const failure = await encodeFailure(record, record.writeId);
    const error = failure.rest === null ? null : await session.putRest(failure.rest, record.expiresAt);
    if (error !== null) return error;
    const set: Item = {
      last_failure: failure.attribute,
      ...expiryAttributes(stored.success?.expiresAt ?? null, record.expiresAt),
    };
    const command = new UpdateItemCommand(
      updateInput({
        table: deps.table,
        key: deps.layout.headKey(key),
        set,
        remove: ['ttl', 'result_ttl'],
        condition: unchanged(before, keyAttribute, 'both'),
      }),
    );
    return {
      after: { ...before, ...set },
      bytes: itemBytes(set),
      operation: 'UpdateItem',
      send: (options) => deps.client.send(command, options),
    };
  }

  /** The record's own item with its parts in place, and its version before any head names it. */
  async function place(before: Item | null): Promise<Item | CrawlgateError> {
    encoded ??= await encodeRecord(record, encodeRulesOf(deps.layout, key, deps.dialect));
    const placed = await session.place(encoded.item, encoded.parts, before);
    if (placed instanceof CrawlgateError || !isVersioning) return placed;
    return (await putVersion(placed)) ?? placed;
  }

  async function putVersion(placed: Item): Promise<CrawlgateError | null> {
    const id = `${formatInstant(record.order, 'six')}#${record.contentHash.slice(0, 8)}`;
    // Versions are listed under their URL, not in the feed.
    const { feed_day: _day, site: _site, surt: _surt, ...item } = placed;
    Object.assign(item, deps.layout.headKey(versionKey(result.url, id)));
    const command = new PutItemCommand({ TableName: deps.table.name, Item: item, ReturnConsumedCapacity: 'TOTAL' });
    const answer = await sendWrite(deps, 'PutItem', 1, signal, (options) => deps.client.send(command, options));
    if (answer.kind === 'written') session.wrote(itemBytes(item));
    return answer.kind === 'failed' ? answer.error : null;
  }

  async function finish(before: Item | null, after: Item): Promise<WriteOutcome<StoredReceipt>> {
    // Where versions are kept they name parts too: those go away by ttl alone.
    if (isVersioning) await deps.pruneVersions(result.url, signal);
    else await session.settle(before, after);
    return { kind: 'done', receipt: session.receipt() };
  }

  async function supersede(before: Item | null): Promise<WriteOutcome<StoredReceipt>> {
    if (isVersioning) {
      const placed = await place(before);
      if (placed instanceof CrawlgateError) return giveUp(placed);
      await deps.pruneVersions(result.url, signal);
    }
    return giveUp(new CrawlgateError('SUPERSEDED', 'A result at least as new is stored already.', { url: result.url }));
  }

  async function giveUp(error: CrawlgateError): Promise<WriteOutcome<StoredReceipt>> {
    // Parts of a head that never was are nobody's; not so where it may be there after all, or a version names them.
    if (unanswered === null && !isVersioning) await session.settle(null, null);
    return { kind: 'failed', error };
  }

  function decodeStored(item: Item | null): StoredResult {
    if (item === null) return { success: null, failure: null };
    return liveRecords(deps.layout.decode(key, item, groups.head).stored, deps.now());
  }

  function isOurs(item: Item | null): boolean {
    return item?.write_id?.S === record.writeId || item?.last_failure?.M?.write_id?.S === record.writeId;
  }

  function isSameWrite(item: Item | null, other: CrawlResult): boolean {
    if (other.order !== record.order || other.success !== record.success) return false;
    return [item?.content_hash?.S, item?.last_failure?.M?.content_hash?.S].includes(record.contentHash);
  }

  function contention(): CrawlgateError {
    return new CrawlgateError('STORE_UNAVAILABLE', 'Other writers kept changing this URL.', { url: result.url });
  }
}
