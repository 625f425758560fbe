// The real schema and server over readers backed by Maps: what the GraphQL tests ask, without a socket.
import type { CrawlResult, StoredResult } from '../../src/domain/crawl-result.js';
import type { FeedRequest, VersionsRequest } from '../../src/domain/feed.js';
import { groups } from '../../src/domain/fields.js';
import { type Instant, parseInstant } from '../../src/domain/instant.js';
import type { ReadMany, ReadOutcome, ReadRequest } from '../../src/domain/read-many.js';
import type { ResultKey } from '../../src/domain/result-key.js';
import type { Session } from '../../src/domain/session.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import type { NewResult, WriteRequest } from '../../src/domain/write-many.js';
import { createGatewaySchema } from '../../src/graphql/schema.js';
import type { GatewayServices } from '../../src/graphql/services.js';
import { createGatewayYoga } from '../../src/graphql/yoga.js';
import { silentEvents } from '../../src/observability/events.js';
import { testConfig } from '../support/gateway.js';

/** The moment at which every test happens: 2026-05-01T12:00:00Z. */
export const nowMs = Date.UTC(2026, 4, 1, 12);

const schema = createGatewaySchema();
const usualLimits = testConfig('').limits.operation;

/** What a GraphQL answer holds. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of any shape
  readonly data: any;
  readonly errors:
    | readonly {
        readonly message: string;
        readonly path?: readonly (string | number)[];
        readonly locations?: readonly unknown[];
        readonly extensions: Readonly<Record<string, unknown>>;
      }[]
    | undefined;
  readonly extensions?: unknown;
}

/** A gateway's GraphQL layer, what it was asked for, and what it said. */
export function createFixture(
  options: Partial<Omit<GatewayServices, 'limits'>> & { readonly limits?: Partial<GatewayServices['limits']> } = {},
) {
  const results = new Map<ResultKey, ReadOutcome<StoredResult>>();
  const sessions = new Map<string, ReadOutcome<Session>>();
  const reads: ReadRequest<ResultKey>[] = [];
  const feedReads: FeedRequest[] = [];
  const versionReads: VersionsRequest[] = [];
  const unexpected: { readonly where: string; readonly error: unknown }[] = [];
  const { limits, ...others } = options;
  const services: GatewayServices = {
    readResults: (request) => {
      reads.push(request);
      return fromMap(results)(request);
    },
    recallResults: { answer: () => undefined, used: () => undefined },
    readSessions: fromMap(sessions),
    readFeed: async (request) => {
      feedReads.push(request);
      return { entries: [], hasNextPage: false, endCursor: null, scanned: false };
    },
    readVersions: async (request) => {
      versionReads.push(request);
      return { entries: [], hasNextPage: false };
    },
    writers: createRecordingWriters().writers,
    storeState: () => ({ kind: 'embedded', table: 't', region: 'us-east-1', layout: 'document', itemCount: 7 }),
    memoryState: () => ({ entries: 0, bytes: 0, maxBytes: 1000 }),
    circuitState: () => 'CLOSED',
    stats: () => ({
      lookups: 1,
      memoryHits: 2,
      staleHits: 3,
      misses: 4,
      hitRate: 0.5,
      storeCalls: 6,
      storeKeys: 7,
      retriedKeys: 8,
      throttles: 9,
      failures: 10,
      consumedReadUnits: 11.5,
      consumedWriteUnits: 12,
    }),
    now: () => nowMs,
    elapsed: () => 0,
    limits: { ...usualLimits, deadlineMs: 10_000, maxResultBytes: 1_000_000, maxUrlBytes: 2048, ...limits },
    ttlDays: 30,
    consistentReads: false,
    events: { ...silentEvents, unexpectedError: (event) => unexpected.push(event) },
    ...others,
  };
  const yoga = createGatewayYoga({ schema, services, maxBodyBytes: 10_000_000 });
  const ask = async (query: string, variables?: Record<string, unknown>): Promise<Answer> => {
    const response = await yoga.fetch('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const body = (await response.json()) as Omit<Answer, 'status'>;
    return { ...body, status: response.status };
  };
  const store = (record: CrawlResult, key: ResultKey = record.url as string as ResultKey): CrawlResult => {
    results.set(key, found({ success: record.success ? record : null, failure: record.success ? null : record }));
    return record;
  };
  return { services, yoga, ask, store, results, sessions, reads, feedReads, versionReads, unexpected };
}

/** A record with what a test cares about; everything else is empty. */
export function recordOf(url: string, given: Partial<CrawlResult> = {}): CrawlResult {
  return {
    url: toUrlKey(url),
    version: 'v1',
    order: null,
    success: true,
    statusCode: 200,
    redirectedStatusCode: null,
    createdAt: instant('2026-05-01T11:00:00Z'),
    updatedAt: null,
    validatedAt: null,
    expiresAt: null,
    title: null,
    sizeBytes: 0,
    truncatedFields: [],
    groups: groups.all,
    fields: new Map(),
    failed: new Map(),
    addedFields: new Set(),
    ...given,
  };
}

/** A found outcome, read from the store just now unless the test says otherwise. */
export function found<Value>(value: Value, readAt: number = nowMs): ReadOutcome<Value> {
  return { kind: 'found', value, provenance: { source: 'DYNAMODB', status: 'FRESH', readAt } };
}

/** The moment of a text. */
export function instant(text: string): Instant {
  const parsed = parseInstant(text);
  if (parsed === null) throw new Error(`${text} is no moment`);
  return parsed;
}

/** Writers that remember what they were given and store everything. */
export function createRecordingWriters() {
  const calls: { readonly put: WriteRequest<NewResult>[]; readonly other: WriteRequest<unknown>[] } = {
    put: [],
    other: [],
  };
  return {
    calls,
    writers: {
      put: async (request: WriteRequest<NewResult>) => {
        calls.put.push(request);
        return request.inputs.map((_, index) => ({ kind: 'done', receipt: { bytes: 100 + index, items: 1 } }) as const);
      },
      revalidate: async (request: WriteRequest<unknown>) => {
        calls.other.push(request);
        return request.inputs.map(() => ({ kind: 'done', receipt: { bytes: 50, items: 1 } }) as const);
      },
      invalidate: async (request: WriteRequest<unknown>) => {
        calls.other.push(request);
        return request.inputs.map(() => ({ kind: 'done', receipt: { removed: true } }) as const);
      },
    },
  };
}

function fromMap<Key, Value>(stored: ReadonlyMap<Key, ReadOutcome<Value>>): ReadMany<Key, Value> {
  return async ({ keys }) => new Map(keys.map((key) => [key, stored.get(key) ?? { kind: 'absent' }]));
}
