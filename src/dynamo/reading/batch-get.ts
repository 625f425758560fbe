// BatchGetItem until every key has its outcome: unprocessed keys asked again, pages merged by key, none lost.
import { BatchGetItemCommand, type BatchGetItemCommandOutput, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AbortSignalLike } from '../../domain/abort.js';
import type { CallEnd, Follow } from '../../domain/follow.js';
import { CrawlgateError } from '../../errors.js';
import type { Events } from '../../observability/events.js';
import type { RetryPolicy } from '../retry.js';
import { type Sent, sendOnce } from '../send-once.js';
import { deadlineError } from '../store-error.js';
import { type Item, keyText, type Table, urlOfKey } from '../table.js';
import { projectionExpression } from './projection-expression.js';

/** Keys of one call: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const maxKeysPerCall = 100;

/** Bytes planned for one call; DynamoDB cuts an answer at 16 MB, and averages are only averages. */
const plannedBytes = 12 * 1024 * 1024;

/** An answer of at least this many bytes that leaves keys over was cut by size, not by throttling: no need to wait. */
const cutBytes = 1024 * 1024;

/** Bytes of one read unit: 4 KB strongly consistent, twice that eventually consistent. */
const readUnitBytes = 4096;

/** One key's item, its absence, or why neither is known. */
export type ItemOutcome =
  | { readonly kind: 'found'; readonly item: Item }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly error: CrawlgateError };

/** Distinct keys of one table, with one projection and one consistency for all. */
export interface BatchGetRequest {
  readonly table: Table;
  readonly keys: readonly Item[];
  /** Attribute names besides the key's own; null for whole items. */
  readonly projection: readonly string[] | null;
  readonly consistent: boolean;
  /** Bytes of the item behind each key where they are known beforehand; null plans by the sizes seen so far. */
  readonly bytes: readonly number[] | null;
  /** Keys, as texts, that are nobody's lookup and so not counted: the health probe. */
  readonly uncounted?: ReadonlySet<string>;
  readonly signal: AbortSignalLike;
  /** Who follows the keys, as texts. */
  readonly follow?: Follow<string> | undefined;
}

/** Reads every key; the map has one outcome for each, by `keyText`. Never rejects. */
export type BatchGet = (request: BatchGetRequest) => Promise<ReadonlyMap<string, ItemOutcome>>;

/** What the reader of batches needs. */
export interface BatchGetDeps {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly retry: RetryPolicy;
  readonly events: Events;
  /** Milliseconds of any clock. */
  readonly now: () => number;
}

/** Makes the one function that sends BatchGetItem. */
export function createBatchGet(deps: BatchGetDeps): BatchGet {
  const averages = new Map<string, number>();

  return async (request) => {
    const outcomes = new Map<string, ItemOutcome>();
    await Promise.all(plan(request).map((keys) => readCall(request, keys, outcomes)));
    return outcomes;
  };

  function plan(request: BatchGetRequest): readonly (readonly Item[])[] {
    const average = averages.get(request.table.name) ?? readUnitBytes;
    const calls: Item[][] = [];
    let call: Item[] = [];
    let planned = 0;
    request.keys.forEach((key, index) => {
      const bytes = request.bytes?.[index] ?? average;
      if (call.length === maxKeysPerCall || (call.length > 0 && planned + bytes > plannedBytes)) {
        calls.push(call);
        call = [];
        planned = 0;
      }
      call.push(key);
      planned += bytes;
    });
    if (call.length > 0) calls.push(call);
    return calls;
  }

  async function readCall(
    request: BatchGetRequest,
    keys: readonly Item[],
    outcomes: Map<string, ItemOutcome>,
  ): Promise<void> {
    const { table, signal } = request;
    let pending = new Map(keys.map((key) => [textOf(table, key), key]));
    // Exceptions and unprocessed keys are counted apart: leaving keys over takes no tries away from a call.
    const tries = deps.retry.begin(signal);
    let leftovers = 0;
    let last: CrawlgateError | null = null;
    while (pending.size > 0 && !signal.aborted) {
      const sent = await send(request, [...pending.values()]);
      if (sent.kind === 'failed') {
        last = sent.failure.error;
        if (!(await tries.again(sent.failure))) break;
        again(request, pending, sent.failure.reason);
        continue;
      }
      if (sent.kind !== 'answered') break;
      tries.succeeded();
      const answer = answerOf(request, sent.output, sent.units, pending.size);
      const left = leftOver(table, pending, answer);
      let read = 0;
      for (const item of answer.items ?? []) {
        const text = keyText(table, item);
        if (text === null || !pending.has(text)) continue;
        outcomes.set(text, { kind: 'found', item });
        left.delete(text);
        read += 1;
      }
      for (const text of pending.keys()) {
        if (!left.has(text) && !outcomes.has(text)) outcomes.set(text, { kind: 'absent' });
      }
      pending = left;
      if (left.size === 0) return;
      last = new CrawlgateError('STORE_THROTTLED', 'DynamoDB left keys unprocessed until the deadline.', {});
      if (read > 0 && answer.bytes >= cutBytes) leftovers = 0;
      // Unprocessed keys are not an exception: they are asked for again for as long as anybody waits.
      else if (await deps.retry.againUnprocessed(leftovers, signal)) leftovers += 1;
      else break;
      again(request, left, 'UnprocessedKeys');
    }
    const error = deadlineError(last);
    for (const text of pending.keys()) outcomes.set(text, { kind: 'failed', error });
  }

  function again({ follow }: BatchGetRequest, keys: ReadonlyMap<string, Item>, reason: string): void {
    deps.events.retried({ operation: 'BatchGetItem', keys: keys.size, reason });
    follow?.retried([...keys.keys()]);
  }

  function send(request: BatchGetRequest, keys: readonly Item[]): Promise<Sent<BatchGetItemCommandOutput>> {
    const { table, consistent, signal } = request;
    const command = new BatchGetItemCommand({
      RequestItems: {
        [table.name]: {
          Keys: [...keys],
          ConsistentRead: consistent,
          ...projectionExpression(table, request.projection),
        },
      },
      ReturnConsumedCapacity: 'TOTAL',
    });
    const counted = countedKeys(request, keys);
    return sendOnce(deps, {
      operation: 'BatchGetItem',
      keys: counted.length,
      follow: () => followSending(request, counted),
      units: 'read',
      signal,
      url: () => urlOfKey(keys[0]),
      async send(options) {
        const output = await deps.client.send(command, options);
        const isWord = output.Responses?.[table.name] !== undefined || unprocessedOf(table, output).length > 0;
        if (!isWord) throw new Error('BatchGetItem answered for none of its keys');
        return output;
      },
    });
  }

  function answerOf(request: BatchGetRequest, output: BatchGetItemCommandOutput, units: number, asked: number): Answer {
    const { table, consistent } = request;
    const items = output.Responses?.[table.name] ?? null;
    const unprocessed = unprocessedOf(table, output);
    const bytes = units * readUnitBytes * (consistent ? 1 : 2);
    // Sizes known beforehand are those of parts, which tell nothing of the heads beside them.
    if (request.bytes === null && items !== null && items.length > 0) {
      // What is not there is counted like the smallest item.
      const ofItems = bytes - (asked - items.length - unprocessed.length) * readUnitBytes;
      if (ofItems > 0) learn(table.name, ofItems / items.length);
    }
    return { items, unprocessed, bytes };
  }

  // DynamoDB counts whole items however little is projected, so its units tell more than the answer's length.
  function learn(tableName: string, bytesPerItem: number): void {
    const known = averages.get(tableName);
    averages.set(tableName, known === undefined ? bytesPerItem : known * 0.8 + bytesPerItem * 0.2);
  }
}

interface Answer {
  /** Null: no word of the table, so that no key can be taken for absent. */
  readonly items: readonly Item[] | null;
  readonly unprocessed: readonly Item[];
  readonly bytes: number;
}

function unprocessedOf(table: Table, output: BatchGetItemCommandOutput): readonly Item[] {
  return output.UnprocessedKeys?.[table.name]?.Keys ?? [];
}

/** The keys to be asked for again, where no item answers them. */
function leftOver(table: Table, pending: ReadonlyMap<string, Item>, answer: Answer): Map<string, Item> {
  if (answer.items === null) return new Map(pending);
  const left = new Map<string, Item>();
  for (const key of answer.unprocessed) {
    const text = keyText(table, key);
    const asked = text === null ? undefined : pending.get(text);
    if (text !== null && asked !== undefined) left.set(text, asked);
  }
  return left;
}

function followSending(
  { table, follow }: BatchGetRequest,
  keys: readonly Item[],
): ((end: CallEnd) => void) | undefined {
  if (follow === undefined || keys.length === 0) return undefined;
  return follow.sent(
    'BatchGetItem',
    keys.map((key) => textOf(table, key)),
    keys.length,
  );
}

function countedKeys({ table, uncounted }: BatchGetRequest, keys: readonly Item[]): readonly Item[] {
  return uncounted === undefined ? keys : keys.filter((key) => !uncounted.has(textOf(table, key)));
}

function textOf(table: Table, key: Item): string {
  const text = keyText(table, key);
  if (text === null) throw new TypeError(`a key of ${table.name} needs ${table.keyAttributes.join(' and ')}`);
  return text;
}
