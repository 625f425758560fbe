// Reads the whole configuration once, from variables to one nested value, or says everything that is wrong with it.
import {
  type AuthConfig,
  doorProblems,
  type PersistedConfig,
  type ProfileConfig,
  toAuth,
  toPersisted,
  toProfile,
} from './config/doors.js';
import { type LimitsConfig, toLimits } from './config/limits.js';
import { isLoopback } from './config/loopback.js';
import { type NamedTexts, readNames, show } from './config/names.js';
import { type SettingValues, settings } from './config/settings.js';
import { migrationPct, readStore, type StoreConfig } from './config/store.js';
import { readTelemetry, type TelemetryConfig } from './config/telemetry.js';

/** Everything that can be set. Every number is a safe integer within its bounds. */
export interface Config {
  /** True where NODE_ENV is `production`. */
  readonly production: boolean;
  /** Processes that answer, 1 to 64; 1: the gateway is one process. */
  readonly workers: number;
  readonly listen: ListenConfig;
  readonly auth: AuthConfig;
  readonly profile: ProfileConfig;
  readonly persisted: PersistedConfig;
  readonly store: StoreConfig;
  readonly tables: TablesConfig;
  readonly dynamo: DynamoConfig;
  readonly embedded: EmbeddedConfig;
  readonly sqlite: SqliteConfig;
  readonly memory: MemoryConfig;
  readonly limits: LimitsConfig;
  readonly log: LogConfig;
  readonly telemetry: TelemetryConfig;
}

/** Where the gateway listens, and to whom. */
export interface ListenConfig {
  /** IP address or host name. */
  readonly host: string;
  /** 0 to 65535; 0 takes a free one. */
  readonly port: number;
  /** True for 127.0.0.0/8, ::1 and localhost. False only where callers are known or CRAWLGATE_AUTH is `none`. */
  readonly isLoopback: boolean;
  /** Names in Host accepted besides the loopback names: lower case, no port, IPv6 in brackets. */
  readonly publicHosts: readonly string[];
  /** Origins whose pages may call: lower case, no path. */
  readonly corsOrigins: readonly string[];
}

/** Names of the tables: 3 to 255 of a-z, A-Z, 0-9, `_`, `.` and `-`; never the same. */
export interface TablesConfig {
  /** Table of crawl results. */
  readonly results: string;
  /** Table of crawl sessions. */
  readonly sessions: string;
}

/** How DynamoDB, embedded or not, is read and written. */
export interface DynamoConfig {
  /** Connections kept and used at once, 1 to 1000. */
  readonly maxPoolConnections: number;
  /** Retries of one call after exceptions, 0 to 20. */
  readonly maxRetries: number;
  /** Milliseconds, 1 to 10000: longest delay before the first retry. */
  readonly retryBaseMs: number;
  /** Days that a written result lives, 0 to 3650; 0 is for ever. */
  readonly ttlDays: number;
  /** Whether reads are consistent where a query does not say. */
  readonly consistentReads: boolean;
  /** Layout of tables that the gateway creates; null: not said. */
  readonly layout: 'document' | 'versioned' | null;
  /** How maps and lists are written in the document layout. */
  readonly documentDialect: 'maps' | 'json';
  /** Older versions kept per URL in the versioned layout, 0 to 1000. */
  readonly keepVersions: number;
  /** Milliseconds to connect, 1 to 5000. */
  readonly connectTimeoutMs: number;
  /** Milliseconds for one answer, 1 to 5000. */
  readonly readTimeoutMs: number;
}

/** The engine that the gateway starts itself; of no effect with another store. */
export interface EmbeddedConfig {
  /** Folder of its data, as given: relative to the working directory. */
  readonly dataDir: string;
  /** 0 to 65535; 0 takes a free one. */
  readonly port: number;
  /** True where the port was asked for: if it is taken, that is an error. False: if it is taken, a free one will do. */
  readonly portIsExplicit: boolean;
  /** Whether sample results are loaded into an empty table. */
  readonly samples: boolean;
}

/** Crawl4AI's cache in SQLite. */
export interface SqliteConfig {
  /** Folder that holds `.crawl4ai`, as given; null: the home folder. */
  readonly base: string | null;
  /** Of the hybrid store: per cent of URLs that DynamoDB answers for, 0 to 100, after FORCE_SQLITE and FORCE_DYNAMODB. */
  readonly migrationPct: number;
  /** Of the hybrid store: milliseconds that a stored result waits for its copy at most. */
  readonly copyWaitMs: number;
}

/** The memory tier. */
export interface MemoryConfig {
  /** Its size in bytes, 1 MB to 64 GB. */
  readonly bytes: number;
  /** Seconds that an entry is fresh, 0 to 86400. */
  readonly freshSeconds: number;
  /** Seconds after its fresh time that an entry may stand in for a failed read, 0 to 2592000 (30 days). */
  readonly staleSeconds: number;
  /** Seconds that "nothing stored" is remembered, 0 to 3600. */
  readonly absentSeconds: number;
  /** File it is saved to, as given; null: off. */
  readonly snapshot: string | null;
}

export interface LogConfig {
  /** Least severe level that is logged, in pino's words. */
  readonly level: SettingValues['logLevel'];
  /** True where a person reads along: standard output is a terminal and this is not production. */
  readonly pretty: boolean;
  /** True where URLs are told with user, password, query and fragment. */
  readonly fullUrls: boolean;
}

/** What the process knows besides its variables. */
export interface Runtime {
  /** Whether standard output is a terminal. */
  readonly isTty: boolean;
}

/** The configuration, or one line per problem: the variable, the rule and the value given (never a secret). */
export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads all settings. Pure: the same variables always give the same result. */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  runtime: Runtime = { isTty: false },
): ConfigResult {
  const named = readNames(env);
  const { values, problems } = parseTexts(named);
  const store = readStore(values, named.given);
  const all = [
    ...named.problems,
    ...problems,
    ...doorProblems(values),
    ...(store.ok ? portProblems(values, named, store.store) : store.problems),
    ...tableProblems(values, named),
  ];
  if (!store.ok || all.length > 0) return { ok: false, problems: all };
  return { ok: true, config: toConfig(values, named, store.store, runtime) };
}

/** Second step: texts to values. A setting that breaks its rule gets its default, so that the other rules can be checked. */
function parseTexts({ texts, sources }: NamedTexts): { values: SettingValues; problems: readonly string[] } {
  const parsed = settings.safeParse(texts);
  if (parsed.success) return { values: parsed.data, problems: [] };
  const wrong = new Set(parsed.error.issues.map((issue) => String(issue.path[0])));
  const problems = [...wrong].map((key) => {
    const source = sources.get(key);
    if (source === undefined) throw new Error(`The default of ${key} breaks its own rule`, { cause: parsed.error });
    return `${source.name} must be ${source.text.bounds}, but is ${show(texts[key] ?? '', source.text)}`;
  });
  const right = Object.fromEntries(Object.entries(texts).filter(([key]) => !wrong.has(key)));
  return { values: settings.parse(right), problems };
}

function portProblems(values: SettingValues, { sources }: NamedTexts, store: StoreConfig): string[] {
  const source = sources.get('port');
  const clash = values.port !== 0 && values.port === values.embeddedPort && sources.has('embeddedPort');
  if (store.kind !== 'embedded' || !clash) return [];
  return [
    `CRAWLGATE_EMBEDDED_PORT must not be the port of ${source?.name ?? 'CRAWLGATE_PORT'}, but is "${values.port}"`,
  ];
}

function tableProblems(values: SettingValues, { sources }: NamedTexts): string[] {
  if (values.resultsTable !== values.sessionsTable) return [];
  const name = sources.get('sessionsTable')?.name ?? 'DYNAMODB_TABLE_SESSIONS';
  return [`${name} must not be the table of crawl results, but is ${JSON.stringify(values.sessionsTable)}`];
}

function toConfig(values: SettingValues, { sources }: NamedTexts, store: StoreConfig, runtime: Runtime): Config {
  const production = values.nodeEnv === 'production';
  const portIsExplicit = sources.has('embeddedPort');
  return {
    production,
    workers: values.workers,
    listen: {
      host: values.host,
      port: values.port,
      isLoopback: isLoopback(values.host),
      publicHosts: values.publicHosts,
      corsOrigins: values.corsOrigins,
    },
    auth: toAuth(values),
    profile: toProfile(values),
    persisted: toPersisted(values),
    store,
    tables: { results: values.resultsTable, sessions: values.sessionsTable },
    dynamo: {
      maxPoolConnections: values.maxPoolConnections,
      maxRetries: values.maxRetries,
      retryBaseMs: values.retryBaseMs,
      ttlDays: values.ttlDays,
      consistentReads: values.consistentReads,
      layout: values.layout,
      documentDialect: values.documentDialect,
      keepVersions: values.keepVersions,
      connectTimeoutMs: values.connectTimeoutMs,
      readTimeoutMs: values.readTimeoutMs,
    },
    embedded: {
      dataDir: values.dataDir,
      // PORT=8000 leaves the engine's usual port to the gateway: nobody asked for it, so a free one will do.
      port: !portIsExplicit && values.embeddedPort === values.port ? 0 : values.embeddedPort,
      portIsExplicit,
      samples: values.samples,
    },
    sqlite: { base: values.crawl4aiBase, migrationPct: migrationPct(values), copyWaitMs: values.copyWaitMs },
    memory: {
      bytes: values.memoryBytes,
      freshSeconds: values.memoryFreshSeconds,
      staleSeconds: values.memoryStaleSeconds,
      absentSeconds: values.memoryAbsentSeconds,
      snapshot: values.memorySnapshot,
    },
    limits: toLimits(values, {
      hasRate: sources.has('maxRequestsPerMinute'),
      onLoopback: isLoopback(values.host),
      needsKey: toAuth(values).required,
    }),
    log: { level: values.logLevel, pretty: runtime.isTty && !production, fullUrls: values.logUrls === 'full' },
    telemetry: readTelemetry(values),
  };
}
