// A crawler's session as the sessions table holds it.
import type { Instant } from './instant.js';
import type { JsonValue } from './packed-text.js';

/** One session; `state` is every stored attribute but the id, the times and the ttl. */
export interface Session {
  readonly id: string;
  readonly state: JsonValue;
  readonly createdAt: Instant | null;
  readonly updatedAt: Instant | null;
  /** Epoch seconds; null means never. */
  readonly expiresAt: number | null;
}
