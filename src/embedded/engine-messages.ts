// What the gateway and the embedded engine's process say to each other over their channel.

/** The first message to the engine: what to serve and where. */
export interface EngineStart {
  readonly kind: 'start';
  /** Absolute path of the LevelDB folder, which exists; null keeps everything in memory. */
  readonly folder: string | null;
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Whether a free port may stand in for a taken one. */
  readonly portFallback: boolean;
  /** How long to wait for the folder's lock and for the port, in milliseconds, together. */
  readonly waitMs: number;
  /** Tables from which items with a `ttl` in the past are removed. */
  readonly tables: readonly string[];
  /** Pause between two removals of expired items, in milliseconds. */
  readonly sweepEveryMs: number;
}

export type ToEngine = EngineStart | { readonly kind: 'stop' };

/** Why an engine could not start. */
export type EngineFailureReason = 'portTaken' | 'portForbidden' | 'folderInUse' | 'folderUnusable' | 'unexpected';

export type FromEngine =
  | { readonly kind: 'listening'; readonly port: number; readonly portTaken: boolean }
  | { readonly kind: 'failed'; readonly reason: EngineFailureReason; readonly detail: string }
  | { readonly kind: 'swept'; readonly removed: number }
  | { readonly kind: 'sweepFailed'; readonly detail: string };

/** An engine that could not start. `detail` is one line, without the setting's name. */
export class EngineFailure extends Error {
  override readonly name = 'EngineFailure';
  readonly reason: EngineFailureReason;

  constructor(reason: EngineFailureReason, detail: string, options?: { cause?: unknown }) {
    super(detail, options);
    this.reason = reason;
  }
}

// Both ends are built from this file, so the kind alone says what a message is.

export function isToEngine(message: unknown): message is ToEngine {
  return hasKind(message) && ['start', 'stop'].includes(message.kind);
}

export function isFromEngine(message: unknown): message is FromEngine {
  return hasKind(message) && ['listening', 'failed', 'swept', 'sweepFailed'].includes(message.kind);
}

function hasKind(message: unknown): message is { readonly kind: string } {
  return typeof message === 'object' && message !== null && 'kind' in message && typeof message.kind === 'string';
}
