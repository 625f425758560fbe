// What one request, one caller, or the end of all of them, may take: the settings about it as one value.
import type { SettingValues } from './settings.js';

/** Bounds; each number is a safe integer. */
export interface LimitsConfig {
  /** URLs or results to store of one request, over all its lists, 1 to 100000. */
  readonly maxUrls: number;
  /** Milliseconds for one request, retries included, 100 to 600000. */
  readonly deadlineMs: number;
  /** Bytes of a request body, 1 KB to 500 MB. */
  readonly maxBodyBytes: number;
  /**
   * The same for callers with write scope: no less, and room for the largest result escaped as JSON. Where anybody off this
   * machine may call without a key, no more.
   */
  readonly maxWriterBodyBytes: number;
  /** Bytes of text of one stored result, 1 KB to 250 MB. */
  readonly maxResultBytes: number;
  /** What one operation may be. */
  readonly operation: OperationLimits;
  /** GraphQL requests being answered at once, 1 to 100000. */
  readonly maxInFlight: number;
  /** Bytes of all bodies that are held at once, 1 MB to 64 GB; one body is always taken. */
  readonly maxBodiesBytes: number;
  /** Open connections, 10 to 1000000. */
  readonly maxConnections: number;
  /** GraphQL requests a minute of one caller, 0 (no limit) to 100000000. */
  readonly maxRequestsPerMinute: number;
  /** Milliseconds for a request's headers to arrive, 1000 to 600000. */
  readonly headersTimeoutMs: number;
  /** Milliseconds for all of a request to arrive, 1000 to 3600000. */
  readonly bodyTimeoutMs: number;
  /** Milliseconds that queries in flight have at shutdown, 0 to 600000. */
  readonly shutdownMs: number;
}

/** Bounds of a document and its variables, told before any of it is executed. */
export interface OperationLimits {
  /** Tokens of a document, 100 to 100000. */
  readonly maxTokens: number;
  /** Levels of nested fields, 4 to 100. */
  readonly maxDepth: number;
  /** Fields, each use of a fragment counted, 50 to 10000. */
  readonly maxFields: number;
  /** Aliases, each use of a fragment counted, 0 to 10000. */
  readonly maxAliases: number;
  /** Directives, each use of a fragment counted, 0 to 10000. */
  readonly maxDirectives: number;
  /** Cost of an operation (`graphql/limits/cost-plan.ts` says of what), 100 to 100000000. */
  readonly maxCost: number;
  /** URLs or results to store, 1 to 100000. */
  readonly maxUrls: number;
  /** Levels of nested lists and objects in variables, 8 to 1000. */
  readonly maxJsonDepth: number;
}

/**
 * What the settings say. `hasRate`: whether requests a minute were set; `onLoopback`: only this machine
 * reaches the gateway; `needsKey`: its callers do.
 */
export function toLimits(
  values: SettingValues,
  { hasRate, onLoopback, needsKey }: { hasRate: boolean; onLoopback: boolean; needsKey: boolean },
): LimitsConfig {
  const { maxTokens, maxDepth, maxFields, maxAliases, maxDirectives, maxCost, maxUrls, maxJsonDepth } = values;
  return {
    maxUrls,
    deadlineMs: values.deadlineMs,
    maxBodyBytes: values.maxBodyBytes,
    maxWriterBodyBytes:
      needsKey || onLoopback ? Math.max(values.maxBodyBytes, 2 * values.maxResultBytes) : values.maxBodyBytes,
    maxResultBytes: values.maxResultBytes,
    operation: { maxTokens, maxDepth, maxFields, maxAliases, maxDirectives, maxCost, maxUrls, maxJsonDepth },
    maxInFlight: values.maxInFlight,
    maxBodiesBytes: values.maxBodiesBytes,
    maxConnections: values.maxConnections,
    // Whoever is on this machine can stop it anyway; a limit would only slow its own scripts down.
    maxRequestsPerMinute: !hasRate && onLoopback && !needsKey ? 0 : values.maxRequestsPerMinute,
    headersTimeoutMs: values.headersTimeoutMs,
    bodyTimeoutMs: values.bodyTimeoutMs,
    shutdownMs: values.shutdownMs,
  };
}
