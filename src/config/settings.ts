// Every setting of the gateway: its names, default, bounds and meaning. Parser, problem lines and docs/settings.md come from here.
import { z } from 'zod';
import { doorSettings } from './door-settings.js';
import {
  choice,
  choiceOrNull,
  flag,
  httpUrl,
  listenAddress,
  pattern,
  patternOrNull,
  presence,
  whole,
} from './kinds.js';
import { limitSettings } from './limit-settings.js';
import { sqliteSettings } from './sqlite-settings.js';
import { telemetrySettings } from './telemetry-settings.js';

const MB = 1024 * 1024;
const GB = 1024 * MB;

const TABLE_NAME = /^[a-zA-Z0-9_.-]{3,255}$/;
const TABLE_RULE = '3 to 255 of a-z, A-Z, 0-9, _, . and - (a name, not an ARN)';
const PATH = /\S/;

/** Parses a flat record of texts, one per setting that is set, to values; what is not set gets its default. */
export const settings = z.object({
  host: listenAddress(['CRAWLGATE_HOST'], 'Address to listen on.', '127.0.0.1'),
  port: whole(['CRAWLGATE_PORT', 'PORT'], 'Port to listen on; 0 takes a free one.', {
    default: 4000,
    min: 0,
    max: 65_535,
  }),
  workers: whole(
    ['CRAWLGATE_WORKERS'],
    'Processes that answer, one a core. Memory, connections and rates are divided among them.',
    { default: 1, min: 1, max: 64 },
  ),
  ...doorSettings,

  store: choiceOrNull(
    ['CRAWLGATE_STORE'],
    'Where results are kept. `sqlite` reads a cache of Crawl4AI, `hybrid` moves one to DynamoDB: docs/migrating.md.',
    ['embedded', 'dynamodb', 'sqlite', 'hybrid'],
    'dynamodb if a variable below names an endpoint or table or AWS_REGION is set; else embedded',
  ),
  endpoint: httpUrl(['DYNAMODB_ENDPOINT', 'DYNAMODB_ENDPOINT_URL'], 'DynamoDB to speak to, if not AWS itself.'),
  serviceEndpoint: httpUrl(
    ['AWS_ENDPOINT_URL_DYNAMODB'],
    'The same as every AWS SDK reads it; DYNAMODB_ENDPOINT wins.',
  ),
  anyEndpoint: httpUrl(['AWS_ENDPOINT_URL'], 'The same for all services of AWS; the two above win.'),
  region: pattern(
    ['AWS_REGION', 'AWS_DEFAULT_REGION'],
    'AWS region.',
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'a region name such as us-east-1',
    'us-east-1',
  ),
  hasAccessKey: presence(
    ['AWS_ACCESS_KEY_ID'],
    'With none of these five set, a loopback endpoint gets dummy credentials.',
  ),
  hasProfile: presence(['AWS_PROFILE'], "Part of AWS's credential chain."),
  hasWebIdentity: presence(['AWS_WEB_IDENTITY_TOKEN_FILE'], "Part of AWS's credential chain."),
  hasContainerPath: presence(['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'], "Part of AWS's credential chain."),
  hasContainerUrl: presence(['AWS_CONTAINER_CREDENTIALS_FULL_URI'], "Part of AWS's credential chain."),
  ...sqliteSettings,

  resultsTable: pattern(
    ['DYNAMODB_TABLE_CRAWL_RESULTS', 'DYNAMODB_TABLE_NAME'],
    'Table of crawl results.',
    TABLE_NAME,
    TABLE_RULE,
    'crawl4ai-results',
  ),
  sessionsTable: pattern(
    ['DYNAMODB_TABLE_SESSIONS', 'DYNAMODB_SESSION_TABLE_NAME'],
    'Table of crawl sessions.',
    TABLE_NAME,
    TABLE_RULE,
    'crawl4ai-sessions',
  ),

  maxPoolConnections: whole(['DYNAMODB_MAX_POOL_CONNECTIONS'], 'Connections to DynamoDB kept and used at once.', {
    default: 50,
    min: 1,
    max: 1000,
  }),
  maxRetries: whole(
    ['DYNAMODB_MAX_RETRIES'],
    'Retries of one call after exceptions; unprocessed keys are not counted.',
    {
      default: 3,
      min: 0,
      max: 20,
    },
  ),
  retryBaseMs: whole(
    ['CRAWLGATE_RETRY_BASE_MS'],
    'Longest first delay before a retry; doubles with each, full jitter.',
    {
      default: 100,
      min: 1,
      max: 10_000,
      unit: 'milliseconds',
    },
  ),
  ttlDays: whole(['DYNAMODB_TTL_DAYS'], 'Life of a written result; 0 is for ever.', {
    default: 30,
    min: 0,
    max: 3650,
    unit: 'days',
  }),
  consistentReads: flag(['DYNAMODB_CONSISTENT_READS'], 'Read consistently where a query does not say.', false),
  layout: choiceOrNull(
    ['CRAWLGATE_LAYOUT'],
    'Layout of tables that the gateway creates; existing tables are read as they are.',
    ['document', 'versioned'],
    'document for the embedded table, versioned for provisioned ones',
  ),
  documentDialect: choice(
    ['CRAWLGATE_DOCUMENT_DIALECT'],
    'How maps and lists are written in the document layout: as native maps or as JSON text. Both are read.',
    ['maps', 'json'],
    'maps',
  ),
  keepVersions: whole(
    ['CRAWLGATE_KEEP_VERSIONS'],
    'Earlier results kept per URL in the versioned layout, for `versions`; 0 keeps none.',
    {
      default: 0,
      min: 0,
      max: 1000,
    },
  ),
  connectTimeoutMs: whole(['CRAWLGATE_CONNECT_TIMEOUT_MS'], 'Time to connect to DynamoDB.', {
    default: 1000,
    min: 1,
    max: 5000,
    unit: 'milliseconds',
  }),
  readTimeoutMs: whole(['CRAWLGATE_READ_TIMEOUT_MS'], 'Time for one answer of DynamoDB.', {
    default: 5000,
    min: 1,
    max: 5000,
    unit: 'milliseconds',
  }),

  dataDir: pattern(['CRAWLGATE_DATA_DIR'], 'Folder of the embedded table.', PATH, 'a path', '.crawlgate'),
  embeddedPort: whole(['CRAWLGATE_EMBEDDED_PORT'], 'Port of the embedded table. If unset and taken: a free one.', {
    default: 8000,
    min: 0,
    max: 65_535,
  }),
  samples: flag(['CRAWLGATE_SAMPLES'], 'Load sample results into an empty embedded table.', true),

  memoryBytes: whole(['CRAWLGATE_MEMORY_BYTES'], 'Size of the memory tier.', {
    default: 256 * MB,
    min: MB,
    max: 64 * GB,
    unit: 'bytes',
  }),
  memoryFreshSeconds: whole(['CRAWLGATE_MEMORY_FRESH_SECONDS'], 'How long a remembered result is used unasked.', {
    default: 60,
    min: 0,
    max: 86_400,
    unit: 'seconds',
  }),
  memoryStaleSeconds: whole(
    ['CRAWLGATE_MEMORY_STALE_SECONDS'],
    'How long a remembered result that is no longer fresh stands in while DynamoDB does not answer.',
    { default: 86_400, min: 0, max: 2_592_000, unit: 'seconds' },
  ),
  memoryAbsentSeconds: whole(['CRAWLGATE_MEMORY_ABSENT_SECONDS'], 'How long "nothing stored" is remembered.', {
    default: 5,
    min: 0,
    max: 3600,
    unit: 'seconds',
  }),
  memorySnapshot: patternOrNull(
    ['CRAWLGATE_MEMORY_SNAPSHOT'],
    'File that the memory tier is saved to and restored from; unset is off.',
    PATH,
    'a path',
  ),

  ...limitSettings,

  ...telemetrySettings,
  nodeEnv: patternOrNull(
    ['NODE_ENV'],
    '`production` logs plain JSON, hides GraphiQL, schema and suggestions, and starts on the embedded table only where CRAWLGATE_STORE says so.',
    /^/,
    'any text',
  ),
});

/** A value for every setting. */
export type SettingValues = z.output<typeof settings>;
