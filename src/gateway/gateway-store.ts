// What stands below the memory tier, whatever it is: a DynamoDB, a SQLite cache, or both.
import type { StoredResult } from '../domain/crawl-result.js';
import type { ReadFeed, ReadVersions } from '../domain/feed.js';
import type { CircuitState, StoreState } from '../domain/gateway-state.js';
import type { ReadMany } from '../domain/read-many.js';
import type { ResultKey } from '../domain/result-key.js';
import type { Session } from '../domain/session.js';
import type { ResultWriters } from '../domain/write-many.js';
import type { Events } from '../observability/events.js';
import type { EngineFacts, StartedEngine } from './start-engine.js';

/** An opened store. Disposing ends what runs in its background, then closes it. */
export interface GatewayStore extends AsyncDisposable {
  /** The embedded engine; null where the store is another. */
  readonly engine: EngineFacts | null;
  readonly readResults: ReadMany<ResultKey, StoredResult>;
  readonly readSessions: ReadMany<string, Session>;
  readonly readFeed: ReadFeed;
  readonly readVersions: ReadVersions;
  readonly writers: ResultWriters;
  readonly storeState: () => StoreState;
  readonly circuitState: () => CircuitState;
  /** UTF-8 bytes of the longest URL that it can key, as far as is known. */
  readonly maxUrlBytes: () => number;
  /** Looks once before anybody asks. A store that is down is no reason to reject; one that will never fit is. */
  reach(): Promise<void>;
  /** After the first requests can be answered: what only an empty store needs. Does not reject. */
  fill(put: ResultWriters['put']): Promise<void>;
}

/** What every store is made of. */
export interface GatewayStoreDeps {
  /** What the configuration asks for; the store ends it. */
  readonly engine: StartedEngine;
  /** The lookup path from its top: what a filter of the feed must look at may be in memory. */
  readonly readFromTop: ReadMany<ResultKey, StoredResult>;
  readonly events: Events;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
  /** Runs once after `ms` milliseconds, unless what it returns is called before; keeps no process alive. */
  readonly setTimer: (run: () => void, ms: number) => () => void;
  /** Runs once what has come by now is seen to: at the end of this turn of the event loop. */
  readonly atTurnEnd: (run: () => void) => void;
}
