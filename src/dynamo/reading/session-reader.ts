// Reads crawler sessions from their table, batched like everything else.
import type { Instant } from '../../domain/instant.js';
import type { JsonValue } from '../../domain/packed-text.js';
import type { ReadMany, ReadOutcome } from '../../domain/read-many.js';
import type { Session } from '../../domain/session.js';
import { maxPartitionKeyBytes } from '../../domain/url-key.js';
import { jsonOf, setOwn } from '../codec/attribute-json.js';
import { epochSecondsOf, instantOf, isMalformed } from '../codec/decode-value.js';
import { type Item, keyText, type Table } from '../table.js';
import type { BatchGet } from './batch-get.js';

/** What the reader needs. */
export interface SessionReaderDeps {
  readonly batchGet: BatchGet;
  readonly table: Table;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const notState: ReadonlySet<string> = new Set(['session_id', 'created_at', 'updated_at', 'ttl']);

/** Makes the reader of sessions. Expired sessions are absent. */
export function createSessionReader(deps: SessionReaderDeps): ReadMany<string, Session> {
  return async ({ keys, want, signal, follow }) => {
    const outcomes = new Map<string, ReadOutcome<Session>>();
    // One id that DynamoDB refuses as a key would fail the whole call, and no session can be stored under it.
    for (const id of keys) if (!isKey(id)) outcomes.set(id, { kind: 'absent' });
    const ids = [...new Set(keys)].filter(isKey);
    if (ids.length === 0) return outcomes;
    const readAt = deps.now();
    const items = await deps.batchGet({
      table: deps.table,
      keys: ids.map(keyOf),
      projection: null,
      consistent: want.consistency === 'STRONG',
      bytes: null,
      signal,
      // A session's key is its id.
      follow,
    });
    for (const id of ids) {
      const outcome = items.get(keyText(deps.table, keyOf(id)) ?? '') ?? { kind: 'absent' };
      outcomes.set(id, outcome.kind === 'found' ? judge(id, outcome.item, readAt) : outcome);
    }
    return outcomes;
  };

  function judge(id: string, item: Item, readAt: number): ReadOutcome<Session> {
    const value = sessionOf(id, item);
    if (value.expiresAt !== null && value.expiresAt * 1000 <= deps.now()) return { kind: 'absent' };
    return { kind: 'found', value, provenance: { source: 'DYNAMODB', status: 'FRESH', readAt } };
  }
}

function isKey(id: string): boolean {
  return id !== '' && id.isWellFormed() && Buffer.byteLength(id) <= maxPartitionKeyBytes;
}

function keyOf(id: string): Item {
  return { session_id: { S: id } };
}

function sessionOf(id: string, item: Item): Session {
  const state: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(item)) {
    if (!notState.has(name)) setOwn(state, name, jsonOf(value));
  }
  const expiresAt = item.ttl === undefined ? null : epochSecondsOf(item.ttl);
  return {
    id,
    state,
    createdAt: momentOf(item, 'created_at'),
    updatedAt: momentOf(item, 'updated_at'),
    expiresAt: isMalformed(expiresAt) ? null : expiresAt,
  };
}

function momentOf(item: Item, name: string): Instant | null {
  const value = item[name];
  const instant = value === undefined ? null : instantOf(value);
  return isMalformed(instant) ? null : instant;
}
