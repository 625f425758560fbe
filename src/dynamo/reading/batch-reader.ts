// Reads results from their table: heads, then what they turn out to need, then the parts that they name.
import type { StoredResult } from '../../domain/crawl-result.js';
import { type FieldGroups, groups, union } from '../../domain/fields.js';
import { everyKey, type ReadMany, type ReadOutcome, type ReadRequest } from '../../domain/read-many.js';
import { healthKey, partsOfKey, type ResultKey } from '../../domain/result-key.js';
import { CrawlgateError } from '../../errors.js';
import type { Events } from '../../observability/events.js';
import type { DecodedHead, Layout, PartNeed } from '../codec/layout.js';
import type { PartRef } from '../codec/part-ref.js';
import { deadlineError } from '../store-error.js';
import { type Item, keyText, type Table } from '../table.js';
import { attachParts, type ReadPart } from './attach-parts.js';
import type { BatchGet, ItemOutcome } from './batch-get.js';
import { followTexts } from './follow-texts.js';
import { type PartOutcome, readParts } from './read-parts.js';

/** What the reader needs. */
export interface BatchReaderDeps {
  readonly batchGet: BatchGet;
  readonly table: Table;
  readonly layout: Layout;
  readonly events: Events;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

type Outcome = ReadOutcome<StoredResult>;
type Asked = Pick<ReadRequest<ResultKey>, 'signal' | 'follow'>;

const noParts: readonly ReadPart[] = [];

/** Times that a result is read again because a writer keeps replacing it. */
const maxTornRounds = 20;

interface Head extends DecodedHead {
  readonly key: ResultKey;
}

/** Makes the bottom of the lookup path. */
export function createBatchReader(deps: BatchReaderDeps): ReadMany<ResultKey, StoredResult> {
  return async (request) => {
    const keys = [...new Set(request.keys)];
    if (keys.length === 0) return new Map();
    try {
      return await read({ ...request, keys });
    } catch (error) {
      deps.events.unexpectedError({ where: 'batch-reader', error });
      const failure = new CrawlgateError('INTERNAL_SERVER_ERROR', 'Unexpected error.', {}, { cause: error });
      return everyKey(keys, { kind: 'failed', error: failure });
    }
  };

  async function read(request: ReadRequest<ResultKey>): Promise<ReadonlyMap<ResultKey, Outcome>> {
    const { keys, want, signal, follow } = request;
    const outcomes = new Map<ResultKey, Outcome>();
    // Taken before asking: an answer is at least as old as its question.
    const provenance = { source: 'DYNAMODB', status: 'FRESH', readAt: deps.now() } as const;
    const consistent = want.consistency === 'STRONG';
    let torn = await complete(await readHeads(keys, want.groups, consistent, request, outcomes), consistent);
    // A head was replaced between our two reads, or a part was not yet everywhere: again, consistently, for as long as a
    // writer keeps replacing it. A part that a head still names after it was missed consistently is not there at all.
    let missed = new Set(consistent ? [...torn.values()].flat() : []);
    for (let round = 0; torn.size > 0 && round < maxTornRounds && !signal.aborted; round += 1) {
      const heads = await readHeads([...torn.keys()], want.groups, true, request, outcomes);
      const isNew = ({ key, parts }: Head): boolean => !parts.some(({ ref }) => missed.has(partName(key, ref)));
      torn = await complete(heads.filter(isNew), true);
      missed = new Set([...torn.values()].flat());
    }
    for (const key of torn.keys()) {
      const message = 'The result was replaced again and again while it was read.';
      const error = signal.aborted ? deadlineError(null) : new CrawlgateError('STORE_UNAVAILABLE', message, {});
      outcomes.set(key, { kind: 'failed', error });
    }
    return outcomes;

    /** Notes the outcomes of heads with their parts; answers the keys whose parts were not all there, and which not. */
    async function complete(
      decoded: readonly Head[],
      isConsistent: boolean,
    ): Promise<ReadonlyMap<ResultKey, readonly string[]>> {
      const needs = decoded.flatMap((head) =>
        head.parts.map((need) => ({ ...need, url: urlOf(head.key), owner: head.key })),
      );
      const parts = needs.length === 0 ? [] : await readParts(deps, needs, isConsistent, signal, follow);
      const tornKeys = new Map<ResultKey, readonly string[]>();
      let index = 0;
      for (const head of decoded) {
        const own =
          head.parts.length === 0
            ? noParts
            : head.parts.map((need): { need: PartNeed; outcome: PartOutcome } => ({
                need,
                outcome: parts[index++] ?? { kind: 'missing' },
              }));
        const missing = own.filter(({ outcome }) => outcome.kind === 'missing');
        if (missing.length > 0) {
          tornKeys.set(
            head.key,
            missing.map(({ need: { ref } }) => partName(head.key, ref)),
          );
        }
        const attached = attachParts(head.stored, own);
        const value = attached instanceof Promise ? await attached : attached;
        outcomes.set(head.key, { kind: 'found', value, provenance });
      }
      return tornKeys;
    }
  }

  async function readHeads(
    keys: readonly ResultKey[],
    wanted: FieldGroups,
    consistent: boolean,
    asked: Asked,
    outcomes: Map<ResultKey, Outcome>,
  ): Promise<readonly Head[]> {
    const items = await getItems(keys, wanted, consistent, asked);
    const heads: Head[] = [];
    const unfinished = new Map<FieldGroups, ResultKey[]>();
    for (const [index, key] of keys.entries()) {
      const item = items[index];
      const head = decode(key, item, wanted, outcomes);
      if (head === null) continue;
      if (head.needs === groups.none) {
        heads.push(head);
        continue;
      }
      const completed = union(wanted, head.needs);
      if (item?.kind === 'found' && isAsked(wanted, completed)) {
        const whole = decode(key, item, completed, outcomes);
        if (whole !== null) heads.push(whole);
      } else {
        unfinished.set(completed, [...(unfinished.get(completed) ?? []), key]);
      }
    }
    await Promise.all(
      [...unfinished].map(async ([completed, late]) => {
        const more = await getItems(late, completed, consistent, asked);
        for (const [index, key] of late.entries()) {
          const head = decode(key, more[index], completed, outcomes);
          if (head !== null) heads.push(head);
        }
      }),
    );
    return heads;
  }

  /** The head items, in the order of the keys. */
  async function getItems(
    keys: readonly ResultKey[],
    wanted: FieldGroups,
    consistent: boolean,
    { signal, follow }: Asked,
  ): Promise<readonly (ItemOutcome | undefined)[]> {
    const named = follow && new Map(keys.map((key) => [nameOf(key), key]));
    const headKeys = keys.map((key) => deps.layout.headKey(key));
    const items = await deps.batchGet({
      table: deps.table,
      keys: headKeys,
      projection: deps.layout.projection(wanted),
      consistent,
      bytes: null,
      ...(keys.includes(healthKey) ? { uncounted: new Set([nameOf(healthKey)]) } : {}),
      signal,
      follow: followTexts(follow, (text) => named?.get(text)),
    });
    return headKeys.map((key) => items.get(keyText(deps.table, key) ?? ''));
  }

  /** Whether what is asked for `wanted` brings all that `completed` needs. */
  function isAsked(wanted: FieldGroups, completed: FieldGroups): boolean {
    const asked = deps.layout.projection(wanted);
    return asked === null || (deps.layout.projection(completed)?.every((name) => asked.includes(name)) ?? false);
  }

  /** The head of a key that was found; for any other, its outcome is noted and the answer is null. */
  function decode(
    key: ResultKey,
    item: ItemOutcome | undefined,
    wanted: FieldGroups,
    outcomes: Map<ResultKey, Outcome>,
  ): Head | null {
    if (item === undefined) throw new Error('BatchGetItem forgot a key');
    if (item.kind !== 'found') {
      outcomes.set(key, item);
      return null;
    }
    if (partsOfKey(key).kind === 'health') {
      outcomes.set(key, { kind: 'absent' });
      return null;
    }
    return decodeItem(key, item.item, wanted, outcomes);
  }

  function decodeItem(key: ResultKey, item: Item, wanted: FieldGroups, outcomes: Map<ResultKey, Outcome>): Head | null {
    try {
      return { key, ...deps.layout.decode(key, item, wanted) };
    } catch (error) {
      deps.events.unexpectedError({ where: 'codec', error });
      outcomes.set(key, {
        kind: 'failed',
        error: new CrawlgateError('INTERNAL_SERVER_ERROR', 'Unexpected error.', {}, { cause: error }),
      });
      return null;
    }
  }

  function nameOf(key: ResultKey): string {
    return keyText(deps.table, deps.layout.headKey(key)) ?? '';
  }
}

function partName(key: ResultKey, { hash, writeId }: PartRef): string {
  return `${key} ${hash} ${writeId}`;
}

function urlOf(key: ResultKey): Extract<ReturnType<typeof partsOfKey>, { url: unknown }>['url'] {
  const parts = partsOfKey(key);
  if (parts.kind === 'health') throw new RangeError('the health probe has no URL');
  return parts.url;
}
