// What the gateway says of itself: its store, its memory, its counts.

/** The store as the `health` query describes it. */
export interface StoreState {
  /** `embedded`, `dynamodb`, `sqlite` or `hybrid`. */
  readonly kind: string;
  readonly table: string | null;
  readonly region: string | null;
  readonly layout: string | null;
  /** As the store last counted; null where it may not be asked. */
  readonly itemCount: number | null;
  /** Code and sentence of a part that could not be read though the rest was, as last seen; null: none. */
  readonly problem?: string | null;
}

/** The memory tier as the `health` query describes it. */
export interface MemoryState {
  readonly entries: number;
  readonly bytes: number;
  readonly maxBytes: number;
}

/** What callers make the gateway hold at the moment. */
export interface LoadState {
  /** GraphQL requests that are being answered. */
  readonly inFlight: number;
  /** Bytes of bodies of requests that are not answered yet. */
  readonly bodyBytes: number;
  /** Open connections, idle ones too. */
  readonly connections: number;
}

/** The circuit before the store. */
export type CircuitState = 'CLOSED' | 'HALF_OPEN' | 'OPEN';

/** Counts since the gateway started; see the `stats` query. */
export interface Stats {
  readonly lookups: number;
  readonly memoryHits: number;
  readonly staleHits: number;
  readonly misses: number;
  readonly hitRate: number;
  readonly storeCalls: number;
  readonly storeKeys: number;
  readonly retriedKeys: number;
  readonly throttles: number;
  readonly failures: number;
  readonly consumedReadUnits: number;
  readonly consumedWriteUnits: number;
}
