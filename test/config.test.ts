// What the environment may say, what becomes of it, and that everything wrong with it is told at once.
import { describe, expect, it } from 'vitest';
import { renderSettingsTable, settingsTable } from '../src/config/settings-table.js';
import { type Config, readConfig } from '../src/config.js';

type Env = Readonly<Record<string, string | undefined>>;

function configOf(env: Env, isTty = false): Config {
  const result = readConfig(env, { isTty });
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.config;
}

function problemsOf(env: Env): readonly string[] {
  const result = readConfig(env);
  return result.ok ? [] : result.problems;
}

describe('an empty environment', () => {
  it('is a laptop: loopback only, embedded DynamoDB, every default', () => {
    expect(readConfig({})).toStrictEqual({
      ok: true,
      config: {
        production: false,
        workers: 1,
        listen: { host: '127.0.0.1', port: 4000, isLoopback: true, publicHosts: [], corsOrigins: [] },
        auth: { required: false, keys: [], keysFile: null, jwt: null },
        profile: { page: true, graphiql: true, introspection: true, suggestions: true, stackTraces: false },
        persisted: null,
        store: { kind: 'embedded', decidedBy: 'default', description: 'embedded DynamoDB', region: 'us-east-1' },
        tables: { results: 'crawl4ai-results', sessions: 'crawl4ai-sessions' },
        dynamo: {
          maxPoolConnections: 50,
          maxRetries: 3,
          retryBaseMs: 100,
          ttlDays: 30,
          consistentReads: false,
          layout: null,
          documentDialect: 'maps',
          keepVersions: 0,
          connectTimeoutMs: 1000,
          readTimeoutMs: 5000,
        },
        embedded: { dataDir: '.crawlgate', port: 8000, portIsExplicit: false, samples: true },
        sqlite: { base: null, migrationPct: 0, copyWaitMs: 250 },
        memory: { bytes: 268_435_456, freshSeconds: 60, staleSeconds: 86_400, absentSeconds: 5, snapshot: null },
        limits: {
          maxUrls: 1000,
          deadlineMs: 10_000,
          maxBodyBytes: 1_048_576,
          maxWriterBodyBytes: 134_217_728,
          maxResultBytes: 67_108_864,
          operation: {
            maxTokens: 4000,
            maxDepth: 20,
            maxFields: 1000,
            maxAliases: 100,
            maxDirectives: 50,
            maxCost: 50_000,
            maxUrls: 1000,
            maxJsonDepth: 100,
          },
          maxInFlight: 2000,
          maxBodiesBytes: 268_435_456,
          maxConnections: 10_000,
          maxRequestsPerMinute: 0,
          headersTimeoutMs: 15_000,
          bodyTimeoutMs: 120_000,
          shutdownMs: 10_000,
        },
        log: { level: 'info', pretty: false, fullUrls: false },
        telemetry: {
          metrics: true,
          cloudwatch: { mode: 'off', seconds: 60, region: 'us-east-1', endpoint: null, credentials: null },
          traces: null,
        },
      },
    });
  });

  it('is what a variable with an empty value means too', () => {
    const names = settingsTable.flatMap((row) => row.names);
    const env = Object.fromEntries([...names, 'CRAWLGATE_NO_SUCH_THING'].map((name) => [name, '']));
    expect(readConfig(env)).toStrictEqual(readConfig({}));
  });
});

describe('a whole environment', () => {
  it('sets every field', () => {
    const config = configOf({
      NODE_ENV: 'production',
      CRAWLGATE_HOST: '0.0.0.0',
      CRAWLGATE_PORT: '65535',
      CRAWLGATE_WORKERS: '2',
      CRAWLGATE_API_KEYS: `dash:read:${'a1'.repeat(32)}, Crawler.1:write:${'B2'.repeat(32)}`,
      CRAWLGATE_API_KEYS_FILE: 'keys',
      CRAWLGATE_JWKS_URL: 'https://id.example.com/jwks?p=1',
      CRAWLGATE_JWT_ISSUER: 'https://id.example.com/',
      CRAWLGATE_JWT_AUDIENCE: 'crawlgate',
      CRAWLGATE_JWT_SCOPE_CLAIM: 'permissions',
      CRAWLGATE_CORS_ORIGINS: 'https://dash.example.com, http://LOCALHOST:3000',
      CRAWLGATE_GRAPHIQL: 'true',
      CRAWLGATE_INTROSPECTION: '1',
      CRAWLGATE_SUGGESTIONS: '1',
      CRAWLGATE_STACK_TRACES: '1',
      CRAWLGATE_PERSISTED: 'only',
      CRAWLGATE_PERSISTED_MANIFEST: 'manifest.json',
      CRAWLGATE_PUBLIC_HOSTS: 'Crawl.Example.com, 10.0.0.7,::1,[::1]',
      CRAWLGATE_STORE: 'dynamodb',
      CRAWL4_AI_BASE_DIRECTORY: '/srv/crawl',
      DYNAMODB_ENDPOINT: 'http://db.internal:8000',
      AWS_REGION: 'eu-west-1',
      DYNAMODB_TABLE_CRAWL_RESULTS: 'a.results',
      DYNAMODB_TABLE_SESSIONS: 'a_sessions',
      DYNAMODB_MAX_POOL_CONNECTIONS: '1000',
      DYNAMODB_MAX_RETRIES: '0',
      CRAWLGATE_RETRY_BASE_MS: '1',
      DYNAMODB_TTL_DAYS: '0',
      DYNAMODB_CONSISTENT_READS: 'TRUE',
      CRAWLGATE_LAYOUT: 'versioned',
      CRAWLGATE_DOCUMENT_DIALECT: 'json',
      CRAWLGATE_KEEP_VERSIONS: '5',
      CRAWLGATE_CONNECT_TIMEOUT_MS: '2000',
      CRAWLGATE_READ_TIMEOUT_MS: '3000',
      CRAWLGATE_DATA_DIR: '/var/lib/crawl gate',
      CRAWLGATE_EMBEDDED_PORT: '0',
      CRAWLGATE_SAMPLES: '0',
      CRAWLGATE_MEMORY_BYTES: '1048576',
      CRAWLGATE_MEMORY_FRESH_SECONDS: '0',
      CRAWLGATE_MEMORY_STALE_SECONDS: '1',
      CRAWLGATE_MEMORY_ABSENT_SECONDS: '0',
      CRAWLGATE_MEMORY_SNAPSHOT: 'memory.bin',
      CRAWLGATE_MAX_URLS: '1',
      CRAWLGATE_DEADLINE_MS: '100',
      CRAWLGATE_MAX_BODY_BYTES: '1024',
      CRAWLGATE_MAX_RESULT_BYTES: '262144000',
      CRAWLGATE_MAX_TOKENS: '100',
      CRAWLGATE_MAX_DEPTH: '4',
      CRAWLGATE_MAX_FIELDS: '50',
      CRAWLGATE_MAX_ALIASES: '0',
      CRAWLGATE_MAX_DIRECTIVES: '1',
      CRAWLGATE_MAX_COST: '101',
      CRAWLGATE_MAX_JSON_DEPTH: '8',
      CRAWLGATE_MAX_IN_FLIGHT: '2',
      CRAWLGATE_MAX_BODIES_BYTES: '1048576',
      CRAWLGATE_MAX_CONNECTIONS: '10',
      CRAWLGATE_HEADERS_TIMEOUT_MS: '1000',
      CRAWLGATE_BODY_TIMEOUT_MS: '1001',
      CRAWLGATE_SHUTDOWN_MS: '0',
      CRAWLGATE_LOG_LEVEL: 'silent',
    });
    expect(config).toStrictEqual({
      production: true,
      workers: 2,
      listen: {
        host: '0.0.0.0',
        port: 65_535,
        isLoopback: false,
        publicHosts: ['crawl.example.com', '10.0.0.7', '[::1]'],
        corsOrigins: ['https://dash.example.com', 'http://localhost:3000'],
      },
      auth: {
        required: true,
        keys: [
          { name: 'dash', scope: 'read', sha256: 'a1'.repeat(32) },
          { name: 'Crawler.1', scope: 'write', sha256: 'b2'.repeat(32) },
        ],
        keysFile: 'keys',
        jwt: {
          jwksUrl: 'https://id.example.com/jwks?p=1',
          issuer: 'https://id.example.com/',
          audience: 'crawlgate',
          scopeClaim: 'permissions',
        },
      },
      profile: { page: true, graphiql: true, introspection: true, suggestions: true, stackTraces: true },
      persisted: { mode: 'only', manifest: 'manifest.json' },
      store: {
        kind: 'dynamodb',
        decidedBy: 'CRAWLGATE_STORE',
        description: 'DynamoDB at http://db.internal:8000',
        endpoint: 'http://db.internal:8000',
        region: 'eu-west-1',
        credentials: null,
      },
      tables: { results: 'a.results', sessions: 'a_sessions' },
      dynamo: {
        maxPoolConnections: 1000,
        maxRetries: 0,
        retryBaseMs: 1,
        ttlDays: 0,
        consistentReads: true,
        layout: 'versioned',
        documentDialect: 'json',
        keepVersions: 5,
        connectTimeoutMs: 2000,
        readTimeoutMs: 3000,
      },
      embedded: { dataDir: '/var/lib/crawl gate', port: 0, portIsExplicit: true, samples: false },
      sqlite: { base: '/srv/crawl', migrationPct: 0, copyWaitMs: 250 },
      memory: { bytes: 1_048_576, freshSeconds: 0, staleSeconds: 1, absentSeconds: 0, snapshot: 'memory.bin' },
      limits: {
        maxUrls: 1,
        deadlineMs: 100,
        maxBodyBytes: 1024,
        maxWriterBodyBytes: 524_288_000,
        maxResultBytes: 262_144_000,
        operation: {
          maxTokens: 100,
          maxDepth: 4,
          maxFields: 50,
          maxAliases: 0,
          maxDirectives: 1,
          maxCost: 101,
          maxUrls: 1,
          maxJsonDepth: 8,
        },
        maxInFlight: 2,
        maxBodiesBytes: 1_048_576,
        maxConnections: 10,
        maxRequestsPerMinute: 6000,
        headersTimeoutMs: 1000,
        bodyTimeoutMs: 1001,
        shutdownMs: 0,
      },
      log: { level: 'silent', pretty: false, fullUrls: false },
      telemetry: {
        metrics: true,
        cloudwatch: { mode: 'off', seconds: 60, region: 'eu-west-1', endpoint: null, credentials: null },
        traces: null,
      },
    });
  });

  it.each([
    ['PORT', '5000', (config: Config) => config.listen.port, 5000],
    ['CRAWLGATE_PORT', '0080', (config: Config) => config.listen.port, 80],
    ['DYNAMODB_ENDPOINT_URL', 'http://db:1', endpointOf, 'http://db:1'],
    ['AWS_ENDPOINT_URL_DYNAMODB', 'http://db:2', endpointOf, 'http://db:2'],
    ['AWS_ENDPOINT_URL', 'HTTPS://DB:3/base/', endpointOf, 'https://db:3/base'],
    ['AWS_DEFAULT_REGION', 'eu-north-1', (config: Config) => config.store.region, 'eu-north-1'],
    ['DYNAMODB_TABLE_NAME', 'pages', (config: Config) => config.tables.results, 'pages'],
    ['DYNAMODB_SESSION_TABLE_NAME', 'trips', (config: Config) => config.tables.sessions, 'trips'],
    ['DYNAMODB_CONSISTENT_READS', '1', (config: Config) => config.dynamo.consistentReads, true],
    ['CRAWLGATE_SAMPLES', 'False', (config: Config) => config.embedded.samples, false],
    ['CRAWLGATE_HOST', '127.8.9.10', (config: Config) => config.listen.isLoopback, true],
    ['CRAWLGATE_HOST', '0:0:0:0:0:0:0:1', (config: Config) => config.listen.isLoopback, true],
    ['CRAWLGATE_HOST', 'Localhost', (config: Config) => config.listen.isLoopback, true],
  ])('reads %s=%s', (name, value, pick, expected) => {
    expect(pick(configOf({ [name]: value }))).toBe(expected);
  });

  it('takes the more particular of several endpoints', () => {
    const env = { AWS_ENDPOINT_URL: 'http://all', AWS_ENDPOINT_URL_DYNAMODB: 'http://service' };
    expect(endpointOf(configOf(env))).toBe('http://service');
    expect(endpointOf(configOf({ ...env, DYNAMODB_ENDPOINT: 'http://own' }))).toBe('http://own');
  });

  it('accepts two names of one setting that mean the same', () => {
    expect(configOf({ PORT: '4001', CRAWLGATE_PORT: '04001' }).listen.port).toBe(4001);
    const env = { DYNAMODB_ENDPOINT: 'http://localhost:8000/', DYNAMODB_ENDPOINT_URL: 'http://localhost:8000' };
    expect(endpointOf(configOf(env))).toBe('http://localhost:8000');
  });

  it('is pretty in its log only on a terminal and outside production', () => {
    const production = { NODE_ENV: 'production', CRAWLGATE_STORE: 'embedded' };
    expect(configOf({}, true).log.pretty).toBe(true);
    expect(configOf({}, false).log.pretty).toBe(false);
    expect(configOf(production, true).log.pretty).toBe(false);
  });

  it('lets a usual engine port give way to the port of the gateway', () => {
    expect(configOf({ PORT: '8000' }).embedded).toMatchObject({ port: 0, portIsExplicit: false });
  });
});

describe('the store', () => {
  it.each([
    [{}, 'embedded', 'default', 'embedded DynamoDB'],
    [{ AWS_PROFILE: 'me' }, 'embedded', 'default', 'embedded DynamoDB'],
    [{ AWS_DEFAULT_REGION: 'eu-west-1' }, 'embedded', 'default', 'embedded DynamoDB'],
    [{ AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 's' }, 'embedded', 'default', 'embedded DynamoDB'],
    [{ AWS_REGION: '', DYNAMODB_ENDPOINT: '' }, 'embedded', 'default', 'embedded DynamoDB'],
    [{ AWS_REGION: 'eu-west-1' }, 'dynamodb', 'AWS_REGION', 'AWS DynamoDB in eu-west-1'],
    [{ DYNAMODB_TABLE_NAME: 'pages' }, 'dynamodb', 'DYNAMODB_TABLE_NAME', 'AWS DynamoDB in us-east-1'],
    [
      { DYNAMODB_TABLE_CRAWL_RESULTS: 'pages' },
      'dynamodb',
      'DYNAMODB_TABLE_CRAWL_RESULTS',
      'AWS DynamoDB in us-east-1',
    ],
    [{ DYNAMODB_TABLE_SESSIONS: 'trips' }, 'dynamodb', 'DYNAMODB_TABLE_SESSIONS', 'AWS DynamoDB in us-east-1'],
    [{ DYNAMODB_SESSION_TABLE_NAME: 'trips' }, 'dynamodb', 'DYNAMODB_SESSION_TABLE_NAME', 'AWS DynamoDB in us-east-1'],
    [
      { DYNAMODB_ENDPOINT: 'http://localhost:8000', AWS_REGION: 'eu-west-1' },
      'dynamodb',
      'DYNAMODB_ENDPOINT',
      'DynamoDB at http://localhost:8000',
    ],
    [
      { DYNAMODB_ENDPOINT_URL: 'http://[::1]:8000' },
      'dynamodb',
      'DYNAMODB_ENDPOINT_URL',
      'DynamoDB at http://[::1]:8000',
    ],
    [
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' },
      'dynamodb',
      'AWS_ENDPOINT_URL',
      'DynamoDB at http://127.0.0.1:4566',
    ],
    [{ AWS_ENDPOINT_URL_DYNAMODB: 'http://db:1' }, 'dynamodb', 'AWS_ENDPOINT_URL_DYNAMODB', 'DynamoDB at http://db:1'],
    [{ CRAWLGATE_STORE: 'dynamodb' }, 'dynamodb', 'CRAWLGATE_STORE', 'AWS DynamoDB in us-east-1'],
    [
      { CRAWLGATE_STORE: 'embedded', DYNAMODB_ENDPOINT: 'http://localhost:8000' },
      'embedded',
      'CRAWLGATE_STORE',
      'embedded DynamoDB',
    ],
    [{ CRAWLGATE_STORE: 'embedded', NODE_ENV: 'production' }, 'embedded', 'CRAWLGATE_STORE', 'embedded DynamoDB'],
    [{ AWS_REGION: 'eu-west-1', NODE_ENV: 'production' }, 'dynamodb', 'AWS_REGION', 'AWS DynamoDB in eu-west-1'],
  ])('of %j is %s, decided by %s', (env: Env, kind, decidedBy, description) => {
    expect(configOf(env).store).toMatchObject({ kind, decidedBy, description });
  });

  it('gets dummy credentials at a loopback endpoint', () => {
    expect(credentialsOf({ DYNAMODB_ENDPOINT: 'http://localhost:8000' })).toStrictEqual({
      accessKeyId: 'local',
      secretAccessKey: 'local',
    });
  });

  it.each([
    { DYNAMODB_ENDPOINT: 'http://db.internal:8000' },
    { DYNAMODB_ENDPOINT: 'http://localhost.example.com:8000' },
    { CRAWLGATE_STORE: 'dynamodb' },
    { DYNAMODB_ENDPOINT: 'http://localhost:8000', AWS_ACCESS_KEY_ID: 'AKIA' },
    { DYNAMODB_ENDPOINT: 'http://localhost:8000', AWS_PROFILE: 'me' },
    { DYNAMODB_ENDPOINT: 'http://localhost:8000', AWS_WEB_IDENTITY_TOKEN_FILE: '/token' },
    { DYNAMODB_ENDPOINT: 'http://localhost:8000', AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2' },
    { DYNAMODB_ENDPOINT: 'http://localhost:8000', AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23' },
  ])("leaves credentials to AWS's chain with %j", (env: Env) => {
    expect(credentialsOf(env)).toBeNull();
  });
});

describe('a bad value', () => {
  const retries = 'DYNAMODB_MAX_RETRIES must be a whole number from 0 to 20, but is';

  it.each<[Env, string[]]>([
    [{ DYNAMODB_MAX_RETRIES: '1O' }, [`${retries} "1O"`]],
    [{ DYNAMODB_MAX_RETRIES: '1e0' }, [`${retries} "1e0"`]],
    [{ DYNAMODB_MAX_RETRIES: ' 5 ' }, [`${retries} " 5 "`]],
    [{ DYNAMODB_MAX_RETRIES: '5\n' }, [`${retries} "5\\n"`]],
    [{ DYNAMODB_MAX_RETRIES: '+5' }, [`${retries} "+5"`]],
    [{ DYNAMODB_MAX_RETRIES: '-1' }, [`${retries} "-1"`]],
    [{ DYNAMODB_MAX_RETRIES: '0x5' }, [`${retries} "0x5"`]],
    [{ DYNAMODB_MAX_RETRIES: '5.0' }, [`${retries} "5.0"`]],
    [{ DYNAMODB_MAX_RETRIES: '1_0' }, [`${retries} "1_0"`]],
    [{ DYNAMODB_MAX_RETRIES: '٣' }, [`${retries} "٣"`]],
    [{ DYNAMODB_MAX_RETRIES: 'NaN' }, [`${retries} "NaN"`]],
    [{ DYNAMODB_MAX_RETRIES: '21' }, [`${retries} "21"`]],
    [{ DYNAMODB_MAX_RETRIES: '99999999999999999999999' }, [`${retries} "99999999999999999999999"`]],
    [{ PORT: '65536' }, ['PORT must be a whole number from 0 to 65535, but is "65536"']],
    [
      { CRAWLGATE_READ_TIMEOUT_MS: '5001' },
      ['CRAWLGATE_READ_TIMEOUT_MS must be a whole number of milliseconds from 1 to 5000, but is "5001"'],
    ],
    [
      { CRAWLGATE_MEMORY_BYTES: '256MB' },
      [
        'CRAWLGATE_MEMORY_BYTES must be a whole number of bytes from 1048576 (1 MB) to 68719476736 (64 GB), but is "256MB"',
      ],
    ],
    [{ DYNAMODB_CONSISTENT_READS: 'yes' }, ['DYNAMODB_CONSISTENT_READS must be true, false, 1 or 0, but is "yes"']],
    [{ CRAWLGATE_SAMPLES: ' true' }, ['CRAWLGATE_SAMPLES must be true, false, 1 or 0, but is " true"']],
    [{ CRAWLGATE_LAYOUT: 'Document' }, ['CRAWLGATE_LAYOUT must be document or versioned, but is "Document"']],
    [
      { CRAWLGATE_LOG_LEVEL: 'verbose' },
      ['CRAWLGATE_LOG_LEVEL must be fatal, error, warn, info, debug, trace or silent, but is "verbose"'],
    ],
    [{ CRAWLGATE_DATA_DIR: ' ' }, ['CRAWLGATE_DATA_DIR must be a path, but is " "']],
    [{ AWS_REGION: 'Ireland' }, ['AWS_REGION must be a region name such as us-east-1, but is "Ireland"']],
    [
      { DYNAMODB_TABLE_NAME: 'arn:aws:dynamodb:eu-west-1:1:table/a' },
      [
        'DYNAMODB_TABLE_NAME must be 3 to 255 of a-z, A-Z, 0-9, _, . and - (a name, not an ARN), ' +
          'but is "arn:aws:dynamodb:eu-west-1:1:table/a"',
      ],
    ],
    ...['localhost:8000', 'ftp://db', 'http://', 'http:db', ' http://db', 'http://db:99999', 'http://a b'].map(
      (value): [Env, string[]] => [
        { DYNAMODB_ENDPOINT: value },
        [
          'DYNAMODB_ENDPOINT must be an http:// or https:// URL without user, query and fragment, ' +
            `but is ${JSON.stringify(value)}`,
        ],
      ],
    ),
    ...['127.1', '2130706433', '0x7f000001', 'a b', '-a', 'a..b', '[::1]', 'http://a', '127.0.0.1:80'].map(
      (value): [Env, string[]] => [
        { CRAWLGATE_HOST: value },
        [`CRAWLGATE_HOST must be an IP address or a host name, but is "${value}"`],
      ],
    ),
    ...['a,,b', 'a,', '*.example.com', 'example.com:443', 'https://example.com'].map((value): [Env, string[]] => [
      { CRAWLGATE_PUBLIC_HOSTS: value },
      [
        'CRAWLGATE_PUBLIC_HOSTS must be host names or IP addresses without port, separated by commas, ' +
          `but is "${value}"`,
      ],
    ]),
    ...['101', '-1', '2.5', '10%', '1e1'].map((value): [Env, string[]] => [
      { CRAWLGATE_STORE: 'hybrid', DYNAMODB_MIGRATION_PCT: value },
      [`DYNAMODB_MIGRATION_PCT must be a whole number from 0 to 100, but is "${value}"`],
    ]),
    [
      { CRAWLGATE_STORE: 'dynamo', NODE_ENV: 'production', FORCE_SQLITE: '1' },
      ['CRAWLGATE_STORE must be embedded, dynamodb, sqlite or hybrid, but is "dynamo"'],
    ],
  ])('%j is refused', (env, problems) => {
    expect(problemsOf(env)).toStrictEqual(problems);
  });
});

describe('a cache of Crawl4AI in SQLite', () => {
  it('is read where CRAWL4_AI_BASE_DIRECTORY says, else in the home folder', () => {
    expect(configOf({ CRAWLGATE_STORE: 'sqlite' }).store).toMatchObject({
      kind: 'sqlite',
      decidedBy: 'CRAWLGATE_STORE',
      description: 'SQLite cache in ~/.crawl4ai',
    });
    const elsewhere = configOf({ CRAWLGATE_STORE: 'sqlite', CRAWL4_AI_BASE_DIRECTORY: '/srv' });
    expect(elsewhere.store.description).toBe('SQLite cache in /srv/.crawl4ai');
    expect(elsewhere.sqlite.base).toBe('/srv');
  });

  it('is moved from by a share of URLs; FORCE_SQLITE beats FORCE_DYNAMODB, which beats the share', () => {
    const share = (env: Env) => configOf({ CRAWLGATE_STORE: 'hybrid', ...env }).sqlite.migrationPct;
    expect(share({})).toBe(0);
    expect(share({ DYNAMODB_MIGRATION_PCT: '25' })).toBe(25);
    expect(share({ DYNAMODB_MIGRATION_PCT: '100' })).toBe(100);
    expect(share({ DYNAMODB_MIGRATION_PCT: '25', FORCE_DYNAMODB: 'true' })).toBe(100);
    expect(share({ DYNAMODB_MIGRATION_PCT: '25', FORCE_DYNAMODB: 'false' })).toBe(25);
    expect(share({ DYNAMODB_MIGRATION_PCT: '25', FORCE_DYNAMODB: 'true', FORCE_SQLITE: 'true' })).toBe(0);
    expect(configOf({ CRAWLGATE_STORE: 'hybrid', DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000' }).store).toMatchObject({
      kind: 'hybrid',
      endpoint: 'http://127.0.0.1:8000',
      credentials: { accessKeyId: 'local' },
      description: 'SQLite cache in ~/.crawl4ai and DynamoDB at http://127.0.0.1:8000, 0 % of URLs there',
    });
  });
});

const needsCallers =
  'CRAWLGATE_HOST must be a loopback address (127.0.0.0/8, ::1 or localhost) unless callers are known ' +
  '(CRAWLGATE_API_KEYS, CRAWLGATE_API_KEYS_FILE or CRAWLGATE_JWKS_URL) or CRAWLGATE_AUTH is none,';

describe('settings that do not go together', () => {
  const key = { CRAWLGATE_API_KEYS: `a:read:${'0'.repeat(64)}` };
  const jwt = {
    CRAWLGATE_JWKS_URL: 'http://127.0.0.1/jwks',
    CRAWLGATE_JWT_ISSUER: 'me',
    CRAWLGATE_JWT_AUDIENCE: 'you',
  };

  it.each<Env>([key, { CRAWLGATE_API_KEYS_FILE: 'keys' }, jwt, { CRAWLGATE_AUTH: 'none' }])(
    'are none where callers are known, or it is said that they need not be: %j',
    (env) => {
      const open = { ...env, CRAWLGATE_HOST: '0.0.0.0' };
      expect(problemsOf(open)).toStrictEqual([]);
      expect(configOf(open).auth.required).toBe(env.CRAWLGATE_AUTH === undefined);
      expect(configOf(open).limits.maxRequestsPerMinute).toBe(6000);
    },
  );

  it.each<[Env, RegExp]>([
    [{ ...key, CRAWLGATE_AUTH: 'none' }, /^CRAWLGATE_AUTH must be unset where keys/],
    [{ CRAWLGATE_JWKS_URL: 'https://id.example.com/jwks' }, /must all be set, or none/],
    [{ CRAWLGATE_JWT_ISSUER: 'me' }, /must all be set, or none/],
    [{ ...jwt, CRAWLGATE_JWKS_URL: 'http://id.example.com/jwks' }, /^CRAWLGATE_JWKS_URL must be an https/],
    [{ CRAWLGATE_PERSISTED: 'only' }, /^CRAWLGATE_PERSISTED_MANIFEST must be set/],
    [{ CRAWLGATE_PERSISTED_MANIFEST: 'x' }, /^CRAWLGATE_PERSISTED_MANIFEST must be set/],
    [{ CRAWLGATE_CORS_ORIGINS: '*' }, /^CRAWLGATE_CORS_ORIGINS must be origins/],
    [{ CRAWLGATE_CORS_ORIGINS: 'https://a.example/path' }, /^CRAWLGATE_CORS_ORIGINS must be origins/],
    [{ CRAWLGATE_CORS_ORIGINS: 'null' }, /^CRAWLGATE_CORS_ORIGINS must be origins/],
    [{ CRAWLGATE_API_KEYS: 'a:read:s3cr3t' }, /^CRAWLGATE_API_KEYS must be name:scope:sha256/],
    [{ CRAWLGATE_API_KEYS: `a:root:${'0'.repeat(64)}` }, /^CRAWLGATE_API_KEYS must be/],
    [{ CRAWLGATE_API_KEYS: `${key.CRAWLGATE_API_KEYS},` }, /^CRAWLGATE_API_KEYS must be/],
  ])('%j is told', (env, told) => {
    const problems = problemsOf(env);
    expect(problems.filter((line) => told.test(line))).toHaveLength(1);
    expect(problems.join()).not.toContain('s3cr3t');
  });

  it('are GraphiQL, schema and suggestions in production, unless they are switched on', () => {
    const production = { NODE_ENV: 'production', CRAWLGATE_STORE: 'embedded' };
    expect(configOf(production).profile).toEqual({
      page: true,
      graphiql: false,
      introspection: false,
      suggestions: false,
      stackTraces: false,
    });
    expect(configOf({ ...production, CRAWLGATE_GRAPHIQL: '1' }).profile).toMatchObject({ graphiql: true });
    expect(configOf({ ...production, CRAWLGATE_PAGE: '0' }).profile).toMatchObject({ page: false });
    expect(configOf({ CRAWLGATE_GRAPHIQL: '0' }).profile).toMatchObject({ graphiql: false, introspection: true });
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'gateway.example.com', '128.0.0.1', 'localhost.example.com'])(
    'are %s to listen on and no word about who may call',
    (host) => {
      expect(problemsOf({ CRAWLGATE_HOST: host })).toStrictEqual([`${needsCallers} but is "${host}"`]);
      expect(configOf({ CRAWLGATE_HOST: host, CRAWLGATE_AUTH: 'none' }).listen.isLoopback).toBe(false);
    },
  );

  it('are production and no store named', () => {
    expect(problemsOf({ NODE_ENV: 'production', AWS_PROFILE: 'me' })).toStrictEqual([
      'CRAWLGATE_STORE must be embedded, dynamodb, sqlite or hybrid, but is unset while NODE_ENV is "production" ' +
        'and neither DYNAMODB_ENDPOINT, DYNAMODB_TABLE_CRAWL_RESULTS nor AWS_REGION is set',
    ]);
  });

  it.each(['FORCE_DYNAMODB', 'FORCE_SQLITE', 'DYNAMODB_MIGRATION_PCT'])('are %s and a store of one kind', (name) => {
    for (const env of [
      {},
      { CRAWLGATE_STORE: 'dynamodb' },
      { CRAWLGATE_STORE: 'sqlite' },
      { AWS_REGION: 'eu-west-1' },
    ]) {
      expect(problemsOf({ ...env, [name]: '0' })).toStrictEqual([
        `${name} must be unset, unless CRAWLGATE_STORE is hybrid, but is "0"`,
      ]);
    }
  });

  it.each([
    ['CRAWLGATE_PORT', 'PORT', '4000', '5000'],
    ['DYNAMODB_ENDPOINT', 'DYNAMODB_ENDPOINT_URL', 'http://a', 'http://b'],
    ['AWS_REGION', 'AWS_DEFAULT_REGION', 'eu-west-1', 'us-east-1'],
    ['DYNAMODB_TABLE_CRAWL_RESULTS', 'DYNAMODB_TABLE_NAME', 'one', 'two'],
    ['DYNAMODB_TABLE_SESSIONS', 'DYNAMODB_SESSION_TABLE_NAME', 'one', 'two'],
  ])('are %s and %s with different values', (first, second, one, other) => {
    expect(problemsOf({ [first]: one, [second]: other })).toStrictEqual([
      `${first} and ${second} are two names of one setting and must agree, but are "${one}" and "${other}"`,
    ]);
  });

  it('are one table for results and sessions', () => {
    expect(problemsOf({ DYNAMODB_TABLE_NAME: 'all', DYNAMODB_SESSION_TABLE_NAME: 'all' })).toStrictEqual([
      'DYNAMODB_SESSION_TABLE_NAME must not be the table of crawl results, but is "all"',
    ]);
  });

  it('are one port for the gateway and its engine', () => {
    expect(problemsOf({ PORT: '8000', CRAWLGATE_EMBEDDED_PORT: '8000' })).toStrictEqual([
      'CRAWLGATE_EMBEDDED_PORT must not be the port of PORT, but is "8000"',
    ]);
    expect(problemsOf({ PORT: '0', CRAWLGATE_EMBEDDED_PORT: '0' })).toStrictEqual([]);
    expect(problemsOf({ PORT: '8000', CRAWLGATE_EMBEDDED_PORT: '8000', AWS_REGION: 'eu-west-1' })).toStrictEqual([]);
  });
});

describe('a variable of no setting', () => {
  it.each([
    ['CRAWLGATE_PROT', 'CRAWLGATE_PORT'],
    ['CRAWLGATE_port', 'CRAWLGATE_PORT'],
    ['CRAWLGATE_DATADIR', 'CRAWLGATE_DATA_DIR'],
    ['CRAWLGATE_MEMORY_FRESH_SECS', 'CRAWLGATE_MEMORY_FRESH_SECONDS'],
    ['CRAWLGATE_MAX_URL', 'CRAWLGATE_MAX_URLS'],
  ])('%s is told together with what was probably meant', (name, meant) => {
    expect(problemsOf({ [name]: '1' })).toStrictEqual([
      `${name} is not a setting of this version; did you mean ${meant}?`,
    ]);
  });

  it('is told without a guess where nothing is near, and without its value', () => {
    expect(problemsOf({ CRAWLGATE_PASSWORDS: 'ops:admin:5e884898' })).toStrictEqual([
      'CRAWLGATE_PASSWORDS is not a setting of this version',
    ]);
  });

  it('is nobody else’s business where it does not begin with CRAWLGATE_', () => {
    expect(problemsOf({ PROT: '1', DYNAMODB_TYPO: '1', CRAWLGATE: '1', MY_CRAWLGATE_PORT: '1' })).toStrictEqual([]);
  });
});

describe('problems', () => {
  it('are told all together', () => {
    expect(
      problemsOf({
        CRAWLGATE_HOST: '0.0.0.0',
        CRAWLGATE_PORT: '80OO',
        CRAWLGATE_MAX_URLS: '0',
        CRAWLGATE_PROT: '1',
        AWS_REGION: 'eu-west-1',
        AWS_DEFAULT_REGION: 'us-east-1',
        DYNAMODB_TABLE_NAME: 'a',
        FORCE_DYNAMODB: 'true',
      }),
    ).toStrictEqual([
      'AWS_REGION and AWS_DEFAULT_REGION are two names of one setting and must agree, but are "eu-west-1" and "us-east-1"',
      'CRAWLGATE_PROT is not a setting of this version; did you mean CRAWLGATE_PORT?',
      'CRAWLGATE_PORT must be a whole number from 0 to 65535, but is "80OO"',
      'DYNAMODB_TABLE_NAME must be 3 to 255 of a-z, A-Z, 0-9, _, . and - (a name, not an ARN), but is "a"',
      'CRAWLGATE_MAX_URLS must be a whole number from 1 to 100000, but is "0"',
      `${needsCallers} but is "0.0.0.0"`,
      'FORCE_DYNAMODB must be unset, unless CRAWLGATE_STORE is hybrid, but is "true"',
    ]);
  });

  it.each<Env>([
    { DYNAMODB_ENDPOINT: 'http://me:s3cr3t@db:8000' },
    { DYNAMODB_ENDPOINT: 'http://me:s3/cr3t@x@db:8000' },
    { DYNAMODB_ENDPOINT: 'me:s3cr3t@db' },
    { DYNAMODB_ENDPOINT: 'http://db:8000?token=s3cr3t' },
    { DYNAMODB_ENDPOINT: 'http://me:s3cr3t@a', DYNAMODB_ENDPOINT_URL: 'http://me:s3cr3t@b' },
    { CRAWLGATE_AUTH: 's3cr3t' },
    { CRAWLGATE_API_KEY: 's3cr3t' },
    { CRAWLGATE_API_KEYS: 'name:read:s3cr3t' },
    { AWS_ACCESS_KEY_ID: 's3cr3t', AWS_SECRET_ACCESS_KEY: 's3cr3t', PORT: 'x' },
  ])('of %j keep the secret', (env) => {
    const problems = problemsOf(env);
    expect(problems).not.toHaveLength(0);
    expect(problems.join('\n')).not.toMatch(/s3|cr3t/);
  });

  it('are one line of bearable length each, whatever the value', () => {
    const problems = problemsOf({ PORT: `1\n2\u001b[31m${'9'.repeat(10_000)}`, 'CRAWLGATE_A\nB': '1' });
    expect(problems).toHaveLength(2);
    for (const problem of problems) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it is control characters that must not be there
      expect(problem).toMatch(/^[^\x00-\x1f]{1,250}$/);
    }
  });
});

describe('the table of settings', () => {
  it('names exactly the variables that are read', () => {
    const read = new Set<string>();
    const env = new Proxy<Record<string, string | undefined>>(
      {},
      {
        get: (_, name) => {
          read.add(String(name));
          return undefined;
        },
      },
    );
    readConfig(env);
    const names = settingsTable.flatMap((row) => row.names);
    expect([...read].sort()).toStrictEqual([...names].sort());
    expect(new Set(names).size).toBe(names.length);
  });

  it('says the default and both bounds of every number as the parser has them', () => {
    // Tested with the store that alone may have it.
    const others = settingsTable.filter((row) => row.names[0] !== 'DYNAMODB_MIGRATION_PCT');
    const numbers = others.filter((row) => row.bounds.startsWith('a whole number'));
    expect(numbers.length).toBeGreaterThan(15);
    for (const row of numbers) {
      const name = row.names[0] ?? '';
      const [, min = '', max = ''] = /from (\d+)(?: \(.*?\))? to (\d+)/.exec(row.bounds) ?? [];
      const [byDefault = ''] = row.default.split(' ');
      // The engine's port keeps whether it was asked for, so compare without it.
      const plain = (env: Env) => ({ ...configOf(env), embedded: { port: configOf(env).embedded.port } });
      expect(plain({ [name]: byDefault })).toStrictEqual(plain({}));
      expect(problemsOf({ [name]: min })).toStrictEqual([]);
      expect(problemsOf({ [name]: max })).toStrictEqual([]);
      expect(problemsOf({ [name]: String(BigInt(max) + 1n) })).toHaveLength(1);
      if (min !== '0') expect(problemsOf({ [name]: String(BigInt(min) - 1n) })).toHaveLength(1);
    }
  });

  it('is rendered with one line per setting', () => {
    const lines = renderSettingsTable().split('\n');
    expect(lines).toHaveLength(settingsTable.length + 2);
    expect(lines).toContain(
      '| `CRAWLGATE_PORT` or `PORT` | 4000 | a whole number from 0 to 65535 | Port to listen on; 0 takes a free one. |',
    );
    for (const line of lines) expect(line.match(/(?<!\\)\|/g)).toHaveLength(5);
  });
});

function endpointOf(config: Config): string | null {
  return config.store.kind === 'dynamodb' ? config.store.endpoint : null;
}

function credentialsOf(env: Env) {
  const { store } = configOf(env);
  return store.kind === 'dynamodb' ? store.credentials : undefined;
}

describe('the largest body of callers that write', () => {
  const host = { CRAWLGATE_HOST: '0.0.0.0' };
  it('has room for the largest result, unless anybody off this machine may send it without a key', () => {
    const limitOf = (env: Env): number => configOf(env).limits.maxWriterBodyBytes;
    expect(limitOf({})).toBe(134_217_728);
    expect(limitOf({ ...host, CRAWLGATE_API_KEYS: `a:write:${'0'.repeat(64)}` })).toBe(134_217_728);
    expect(limitOf({ ...host, CRAWLGATE_AUTH: 'none' })).toBe(1_048_576);
    expect(limitOf({ ...host, CRAWLGATE_AUTH: 'none', CRAWLGATE_MAX_BODY_BYTES: '200000000' })).toBe(200_000_000);
  });
});
