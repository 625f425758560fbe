// Which store the gateway uses, and which variable decided that.
import { isLoopback } from './loopback.js';
import type { SettingValues } from './settings.js';

interface AnyStore {
  /** The variable that decided for this kind of store, or `default`. */
  readonly decidedBy: string;
  /** For the start line: 'embedded DynamoDB', 'DynamoDB at http://…', 'AWS DynamoDB in <region>'. */
  readonly description: string;
  /** AWS region, which signatures and table ARNs carry. */
  readonly region: string;
}

/** The engine that the gateway starts itself. */
export interface EmbeddedStore extends AnyStore {
  readonly kind: 'embedded';
}

/** A DynamoDB that is there already: AWS's, or anything that speaks its protocol. */
export interface DynamodbStore extends AnyStore {
  readonly kind: 'dynamodb';
  /** http(s) URL without a slash at its end; null is AWS itself in `region`. */
  readonly endpoint: string | null;
  /** Dummy ones for a loopback endpoint where none are configured; null leaves it to AWS's credential chain. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
}

/** A cache of Crawl4AI in SQLite, read only. */
export interface SqliteStore extends AnyStore {
  readonly kind: 'sqlite';
}

/** Such a cache and a DynamoDB, each URL's home in one of them. */
export interface HybridStore extends Omit<DynamodbStore, 'kind'> {
  readonly kind: 'hybrid';
}

export type StoreConfig = EmbeddedStore | DynamodbStore | SqliteStore | HybridStore;

type StoreResult =
  | { readonly ok: true; readonly store: StoreConfig }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Decides by CRAWLGATE_STORE, else by the first variable that names a table or endpoint. AWS_PROFILE, AWS_DEFAULT_REGION
 * and keys, which many laptops have, say nothing about where crawl results are kept.
 */
export function readStore(values: SettingValues, given: ReadonlyMap<string, string>): StoreResult {
  const chosen = values.store;
  // A CRAWLGATE_STORE that is set but was refused has its problem line already; guessing further would mislead.
  if (chosen === null && given.has('CRAWLGATE_STORE')) return { ok: false, problems: [] };

  const problems = chosen === 'hybrid' ? [] : hybridOnly(given);
  const deciding = DECIDING.find((name) => given.has(name));
  if (chosen === null && deciding === undefined && values.nodeEnv === 'production') {
    problems.push(
      `CRAWLGATE_STORE must be ${KINDS}, but is unset while NODE_ENV is "production" ` +
        'and neither DYNAMODB_ENDPOINT, DYNAMODB_TABLE_CRAWL_RESULTS nor AWS_REGION is set',
    );
  }
  if (problems.length > 0) return { ok: false, problems };

  const decidedBy = chosen === null ? (deciding ?? 'default') : 'CRAWLGATE_STORE';
  const kind = chosen ?? (deciding === undefined ? 'embedded' : 'dynamodb');
  const { region } = values;
  if (kind === 'embedded') {
    return { ok: true, store: { kind, decidedBy, description: 'embedded DynamoDB', region } };
  }
  const cache = `SQLite cache in ${values.crawl4aiBase ?? '~'}/.crawl4ai`;
  if (kind === 'sqlite') return { ok: true, store: { kind, decidedBy, description: cache, region } };
  const endpoint = values.endpoint ?? values.serviceEndpoint ?? values.anyEndpoint;
  const isLocal = endpoint !== null && isLoopback(new URL(endpoint).hostname);
  const credentials = isLocal && !hasCredentials(values) ? { accessKeyId: 'local', secretAccessKey: 'local' } : null;
  // What answers at an endpoint is not known: on loopback it may be DynamoDB Local, moto, LocalStack or a tunnel to AWS.
  const dynamo = endpoint === null ? `AWS DynamoDB in ${region}` : `DynamoDB at ${endpoint}`;
  const description = kind === 'hybrid' ? `${cache} and ${dynamo}, ${migrationPct(values)} % of URLs there` : dynamo;
  return { ok: true, store: { kind, decidedBy, description, endpoint, region, credentials } };
}

/** Per cent of URLs that DynamoDB answers for: FORCE_SQLITE beats FORCE_DYNAMODB, which beats the number. */
export function migrationPct(values: SettingValues): number {
  if (values.forceSqlite) return 0;
  return values.forceDynamodb ? 100 : values.migrationPct;
}

const KINDS = 'embedded, dynamodb, sqlite or hybrid';

/** Each of these says that there is a DynamoDB, in the order in which the start line names them. */
const DECIDING = [
  'DYNAMODB_ENDPOINT',
  'DYNAMODB_ENDPOINT_URL',
  'DYNAMODB_TABLE_CRAWL_RESULTS',
  'DYNAMODB_TABLE_NAME',
  'DYNAMODB_TABLE_SESSIONS',
  'DYNAMODB_SESSION_TABLE_NAME',
  'AWS_ENDPOINT_URL_DYNAMODB',
  'AWS_ENDPOINT_URL',
  'AWS_REGION',
] as const;

/** Switches of the hybrid store: obeying them halfway would read from the wrong place, so they are refused. */
function hybridOnly(given: ReadonlyMap<string, string>): string[] {
  return ['DYNAMODB_MIGRATION_PCT', 'FORCE_DYNAMODB', 'FORCE_SQLITE']
    .filter((name) => given.has(name))
    .map(
      (name) => `${name} must be unset, unless CRAWLGATE_STORE is hybrid, but is ${JSON.stringify(given.get(name))}`,
    );
}

/** Whether anything of AWS's credential chain is configured. */
export function hasCredentials(values: SettingValues): boolean {
  return (
    values.hasAccessKey ||
    values.hasProfile ||
    values.hasWebIdentity ||
    values.hasContainerPath ||
    values.hasContainerUrl
  );
}
