// Stores one result by the protocol of the design: read the head, decide, parts, version, head; on a lost race again.
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { AbortSignalLike } from '../../domain/abort.js';
import { type CrawlResult, liveRecords, type StoredResult } from '../../domain/crawl-result.js';
import { groups } from '../../domain/fields.js';
import { latestKey } from '../../domain/result-key.js';
import type { NewResult, StoredReceipt, WriteOutcome } from '../../domain/write-many.js';
import { CrawlgateError } from '../../errors.js';
import { contentHash } from '../codec/content-hash.js';
import type { Prepared } from '../next-head.js';
import { sendWrite } from '../send-write.js';
import type { Item } from '../table.js';
import { type Attempt, openAttempt } from './attempt.js';
import { type Decision, decideWrite } from './decide-write.js';
import { isItemFull } from './pack-success.js';
import { pendingHead } from './pending-head.js';
import type { PutDeps } from './put-deps.js';
import { unchanged } from './unchanged.js';

/** Lost races after which a write is given up. */
const maxRaces = 50;

/**
 * Stores one result. Never rejects for DynamoDB's sake.
 * @param firstHead the head as it was read a moment ago; undefined has it read now.
 */
export async function putResult(
  deps: PutDeps,
  result: NewResult,
  firstHead: Item | null | undefined,
  signal: AbortSignalLike,
): Promise<WriteOutcome<StoredReceipt>> {
  const key = latestKey(result.url);
  const keyAttribute = deps.table.keyAttributes[0] ?? '';
  const isVersioning = deps.keepVersions > 0 && deps.layout.name === 'versioned';
  const hash = await contentHash(result);
  let attempt = openAttempt(deps, result, hash, isVersioning, signal);
  // Attempts that came to nothing: once their versions have been written over, their parts are nobody's.
  const lost: Attempt[] = [];
  // The head that was sent without an answer: it may be there all the same.
  let unanswered: { readonly before: Item | null; readonly after: Item } | null = null;
  let isFull = false;
  let head = firstHead;

  for (let race = 0; race < maxRaces; race += 1) {
    if (head === undefined || race > 0) {
      const [answer] = await deps.readHeads([key], signal);
      if (answer === undefined || answer.kind === 'failed') return giveUp(answer?.error ?? contention());
      head = answer.item;
      if (unanswered !== null && attempt.isOurs(head)) return finish(unanswered.before, unanswered.after);
      // Whoever saw our head or version may have removed what it named since: this id's parts cannot be counted on.
      if (unanswered !== null || (isVersioning && race > 0)) {
        if (unanswered === null) lost.push(attempt);
        unanswered = null;
        attempt = openAttempt(deps, result, hash, isVersioning, signal);
      }
    }
    const before = head;
    const stored = decodeStored(before);
    const decision = decideWrite(stored, {
      success: attempt.record.success,
      order: attempt.record.order,
      isSame: (other) => isSameWrite(before, other),
      onlyIfAbsent: result.onlyIfAbsent === true,
      overEqualTime: result.overEqualTime === true,
    });
    if (decision.kind === 'superseded') return supersede();
    if (before === null && isVersioning) {
      const error = await putPending();
      if (error !== null) return giveUp(error);
      continue;
    }
    const next = await prepare(before, stored, decision);
    if (next instanceof CrawlgateError) return giveUp(next);
    if (next === 'changed') continue;
    // That nothing is there can be true again after our write: then what it named is gone.
    const answer = await sendWrite(deps, next.operation, 1, signal, next.send, before === null);
    if (answer.kind === 'written') {
      attempt.session.wrote(next.bytes);
      return finish(before, next.after);
    }
    if (answer.mayBeWritten) unanswered = { before, after: next.after };
    if (answer.kind === 'refused') continue;
    if (isFull || next.operation === 'PutItem' || !isItemFull(answer.error)) return giveUp(answer.error);
    isFull = true;
  }
  return giveUp(contention());

  function prepare(before: Item | null, stored: StoredResult, decision: Decision): Promise<Prepared> {
    if (decision.kind === 'replace') return attempt.replacement(before, decision.later);
    if (before === null || stored.success === null) throw new Error('A failure is set beside a success alone.');
    return attempt.addition(before, stored.success, isFull);
  }

  /** Has something stand where nothing stood. Whether this or another's is there is told by reading again. */
  async function putPending(): Promise<CrawlgateError | null> {
    const command = new PutItemCommand({
      TableName: deps.table.name,
      Item: pendingHead(deps.layout, key, deps.newWriteId(), deps.now()),
      ...unchanged(null, keyAttribute, 'both'),
      ReturnConsumedCapacity: 'TOTAL',
    });
    const answer = await sendWrite(deps, 'PutItem', 1, signal, (options) => deps.client.send(command, options));
    return answer.kind === 'failed' ? answer.error : null;
  }

  async function finish(before: Item | null, after: Item): Promise<WriteOutcome<StoredReceipt>> {
    const { session } = attempt;
    // Where versions are kept they name parts too: those go away by ttl alone.
    await session.settle(before, after, isVersioning ? 'rests' : 'all');
    await settleLost();
    if (isVersioning) await deps.pruneVersions(result.url, signal);
    return { kind: 'done', receipt: session.receipt() };
  }

  async function supersede(): Promise<WriteOutcome<StoredReceipt>> {
    const error = new CrawlgateError('SUPERSEDED', 'A result at least as new is stored already.', { url: result.url });
    // What gives way to anything is no earlier result of the URL either.
    if (!isVersioning || result.onlyIfAbsent === true) return giveUp(error);
    const failure = await attempt.version();
    if (failure !== null) return giveUp(failure);
    await settleLost();
    await deps.pruneVersions(result.url, signal);
    return { kind: 'failed', error };
  }

  async function giveUp(error: CrawlgateError): Promise<WriteOutcome<StoredReceipt>> {
    // Parts of a head that never was are nobody's; not so where it may be there after all.
    for (const each of unanswered === null ? [attempt, ...lost] : lost) await each.withdraw();
    return { kind: 'failed', error };
  }

  async function settleLost(): Promise<void> {
    for (const { session } of lost) await session.settle(null, null, 'all');
  }

  function decodeStored(item: Item | null): StoredResult {
    if (item === null) return { success: null, failure: null };
    return liveRecords(deps.layout.decode(key, item, groups.head).stored, deps.now());
  }

  function isSameWrite(item: Item | null, other: CrawlResult): boolean {
    const { order, success, contentHash: given } = attempt.record;
    if (other.order !== order || other.success !== success) return false;
    return [item?.content_hash?.S, item?.last_failure?.M?.content_hash?.S].includes(given);
  }

  function contention(): CrawlgateError {
    return new CrawlgateError('STORE_UNAVAILABLE', 'Other writers kept changing this URL.', { url: result.url });
  }
}
