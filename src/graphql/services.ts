// What the GraphQL layer needs of the rest of the gateway; gateway.ts hands it in.
import type { OperationLimits } from '../config/limits.js';
import type { StoredResult } from '../domain/crawl-result.js';
import type { ReadFeed, ReadVersions } from '../domain/feed.js';
import type { CircuitState, MemoryState, Stats, StoreState } from '../domain/gateway-state.js';
import type { ReadMany, Recall } from '../domain/read-many.js';
import type { ResultKey } from '../domain/result-key.js';
import type { Session } from '../domain/session.js';
import type { ResultWriters } from '../domain/write-many.js';
import type { Events } from '../observability/events.js';
import type { RequestTrace } from '../observability/tracing.js';

/** Bounds that the API enforces. */
export interface GatewayLimits extends OperationLimits {
  /** Milliseconds from the start of an operation to its deadline. */
  readonly deadlineMs: number;
  /** Bytes of one result's text (see `sizeOfFields`). */
  readonly maxResultBytes: number;
  /** Bytes of a URL: 2,048, or less where the table's layout puts something before it. */
  readonly maxUrlBytes: number;
}

/** Everything behind the API. */
export interface GatewayServices {
  readonly readResults: ReadMany<ResultKey, StoredResult>;
  /** What `readResults` would answer without asking the store. */
  readonly recallResults: Recall<ResultKey, StoredResult>;
  readonly readSessions: ReadMany<string, Session>;
  readonly readFeed: ReadFeed;
  readonly readVersions: ReadVersions;
  readonly writers: ResultWriters;
  /** As last known; the gateway refreshes the item count by itself. */
  readonly storeState: () => StoreState;
  /** These three are of the whole gateway, whatever number of processes it has. */
  readonly memoryState: () => MemoryState | Promise<MemoryState>;
  readonly circuitState: () => CircuitState | Promise<CircuitState>;
  readonly stats: () => Stats | Promise<Stats>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
  readonly limits: GatewayLimits;
  /** Days until a stored result expires where the mutation does not say; 0 means never. */
  readonly ttlDays: number;
  /** DYNAMODB_CONSISTENT_READS: lookups are STRONG where the query does not ask for it. */
  readonly consistentReads: boolean;
  readonly events: Events;
  /** The trace of a request, by Node's own object for it; undefined where nothing is traced. */
  readonly traceOf?: ((request: object) => RequestTrace | null) | undefined;
}
