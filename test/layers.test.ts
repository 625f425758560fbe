// What may import what, and the other rules of src/ that no compiler checks. The table is the design's, as it was built.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/**
 * From the ground up. A file imports from lower floors only; folders on one floor know nothing of each other. Within a
 * folder it imports only from earlier rows. So nothing needs anything but what stands before it, in this table as in the
 * building. Type imports count like any other. `name/*` is every file of a subfolder.
 */
const building: readonly { readonly floor: number; readonly folder: string; readonly rows: readonly string[] }[] = [
  { floor: 0, folder: '', rows: ['errors'] },
  {
    floor: 1,
    folder: 'domain',
    rows: [
      'abort',
      'caller deferred exact-number fields follow gateway-state in-parallel instant packed-text request-id store-guard url-key',
      'crawl-result crawl4ai-names python-json feed result-key session write-many',
      'crawl4ai-input title-of merge-results packed-check read-many record-field result-size shape-marks',
      'crawl4ai-output stored-result-codec',
    ],
  },
  {
    floor: 1,
    folder: 'config',
    rows: [
      'api-key-line loopback',
      'kinds',
      'door-settings limit-settings sqlite-settings telemetry-settings',
      'settings',
      'doors limits names settings-table store',
      'telemetry',
    ],
  },
  { floor: 2, folder: '', rows: ['config'] },
  {
    floor: 3,
    folder: 'observability',
    rows: [
      'bounded-names events histogram printable process-figures tracing',
      'events-about history-hour metrics redact-urls',
      'error-record',
      'cloudwatch-data history log metric-families',
      'emf otel-tracing put-metric-data',
      'cloudwatch prometheus-text',
    ],
  },
  {
    floor: 4,
    folder: 'workers',
    rows: ['messages share topic', 'kept-answers member processes', 'hub', 'supervisor'],
  },
  {
    // Runs in a browser: types are all that it has of what is below it.
    floor: 4,
    folder: 'page',
    rows: [
      'address dom key queries texts words',
      'api difference documents filter-form hour pieces preview-frame render-markdown state-words',
      'answer-line errors kept plots suggestions',
      'panel text-select',
      'list panels/links panels/markdown panels/media panels/preview panels/source panels/versions search state',
      'tabs',
      'result',
      'main',
    ],
  },
  {
    floor: 4,
    folder: 'embedded',
    rows: [
      'engine-messages expiry-sweep json-depth port-holder',
      'engine-child guard level-store start-error',
      'engine-server',
      'engine-process',
    ],
  },
  {
    floor: 5,
    folder: 'samples',
    rows: [
      'blocks example-queries inline sample-result stable',
      'content/catalogue-table page',
      'content/failures content/files content/sites render-html',
      'collect content/docs content/journal content/museum content/museum-collection content/museum-exhibitions',
      'content/museum-languages content/shop render-markdown',
      'render-page',
      'sample-results sample-sessions',
    ],
  },
  {
    floor: 5,
    folder: 'dynamo',
    rows: [
      // The client, and what may go wrong with it.
      'backoff document-client feed-indexes store-error table timed-handler',
      'client describe embedded provision/policies provision/table-shape retry',
      // Making tables.
      'provision/control-plane provision/wishes',
      'provision provision/read-table',
      'provision/inputs provision/plan provision/template-terraform',
      'provision/apply provision/template-cloudformation',
      'provision/provision-table',
      'send-once reading/projection-expression',
      'reading/batch-get reading/follow-texts send-write',
      // Attributes, and what they say.
      'codec/attribute-json codec/attributes codec/packed-binary codec/part-ref',
      'codec/encode-value codec/expiries codec/feed-attributes codec/item-size codec/layout codec/packed-field writing/part-lives writing/unchanged',
      'codec/content-hash writing/decide-write codec/decode-value writing/pending-head reading/read-head reading/read-parts writing/update-input',
      'codec/decode-markdown reading/session-reader writing/write-parts',
      'codec/decode-field writing/write-session',
      'codec/decode-record',
      'codec/decode-failure codec/stored-record',
      'reading/attach-parts codec/decode-head codec/encode-failure codec/encode-record reading/read-record',
      // Where they lie, and who reads and writes them.
      'reading/batch-reader codec/layout-document codec/layout-encoding codec/layout-versioned',
      'feed/feed-position feed/versions',
      'feed/feed-cursor feed/feed-match writing/put-deps',
      'feed/feed-query feed/feed-scan writing/invalidate next-head writing/pack-success',
      'feed/feed-whole',
      'writing/attempt feed/feed-sources writing/revalidate',
      'writing/put-result',
      'writing/batch-writer feed/feed-reader backfill/lacking backfill/make-head backfill/pace',
      'backfill/backfill',
    ],
  },
  {
    floor: 5,
    folder: 'migration',
    rows: [
      'cache-paths route sqlite-error sqlite-messages',
      'content-files sqlite-connection sqlite-worker',
      'decode-row',
      'compare-values encode-row put-patiently read-contents row-record row-time sqlite-table',
      'copy-queue hybrid-reads row-pages sqlite-feed sqlite-reader sqlite-writer',
      'compare-rows hybrid-writes import-rows',
    ],
  },
  {
    floor: 5,
    folder: 'cache',
    rows: [
      'begin-write checked-call compaction failed-outcomes option-checks outage-breaker snapshot-format',
      'generations snapshot-restore waiting-room',
      'entries flights shared-batches',
      'circuit memory-tier snapshot',
    ],
  },
  {
    floor: 5,
    folder: 'graphql',
    rows: [
      'checks compilable document-cache error-policy field-names invalid-json',
      'limits/measure-document loaders persisted-documents refused-operations',
      'limits/bounded-parse prepared-data prepared-parts request-cost response-notes result-view scalars selected-fields',
      'services single-result tolerant-json',
      'connection context wanted-groups',
      'field-values limits/cost-plan operation-payloads',
      'generated known-operations limits/operation-check lookup',
      'lookup-plan',
      'prepared-lookups',
      'operation-engine',
      'limits/checked-execution plugins/*',
      'links-of-json media-of-json new-result write-answers',
      'resolvers/*',
      'schema yoga',
    ],
  },
  {
    floor: 6,
    folder: 'operations',
    rows: ['finding read-metrics', 'capacity check-connection check-permissions check-tables'],
  },
  {
    floor: 6,
    folder: 'http',
    rows: [
      'auth/api-keys auth/caller-rate auth/jwt connections content-encoding cors crc32-combine gateway-request',
      'host-policy inflate-segment',
      'json-accept lane-request probes refusal request-id request-target segments turns vary',
      'auth/authorize gateway-response graphiql-page gzip-member malformed page-files regular-answer room write-parts',
      'admission json-body wire',
      'graphql-route',
      'auth/guard-route hand-to-yoga metrics-route page-route',
      'direct-lane',
      'server',
    ],
  },
  {
    floor: 7,
    folder: 'gateway',
    rows: [
      'check-ready compact-stored door-files engine-notices find-table graphql-handler late-table load-samples',
      'metrics-topic shared-writes start-engine table-access whole-history whole-state',
      'doors open-dynamo reach-table stored-result-rules',
      'traced-requests watched-reads',
      'telemetry',
      'gateway-store',
      'dynamo-store sqlite-store',
      'hybrid-store',
      'open-store',
    ],
  },
  { floor: 8, folder: '', rows: ['gateway'] },
  {
    floor: 9,
    folder: 'cli',
    rows: [
      'command-output costs exit-codes number-option reloading start-lines start-problem text-table worker-notices',
      'page-sizes progress say-start serve-worker',
      'serve-workers',
      'serve',
      'command',
      'check-cache field-selection gateway-client input-lines open-cache open-store open-table provision/options resume-file ttl-days-option',
      'provision/print',
      'commands/*',
      'command-list',
      'program',
    ],
  },
  { floor: 9, folder: 'lambda', rows: ['http-answer http-event', 'event-handler'] },
  { floor: 10, folder: '', rows: ['lambda main'] },
];

/** Files that may be longer than 250 lines, and why. */
const longFiles: ReadonlyMap<string, string> = new Map([
  ['graphql/generated', 'made by graphql-codegen, read by nobody'],
]);

const source = fileURLToPath(new URL('../src', import.meta.url));

interface Place {
  readonly floor: number;
  readonly folder: string;
  readonly row: number;
}

/** Names of all modules, relative to src, without `.ts`. Declaration files have no code. */
const modules: readonly string[] = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
  .map((entry) => relative(source, join(entry.parentPath, entry.name)).split(sep).join('/').replace(/\.ts$/, ''))
  .sort();

const texts: ReadonlyMap<string, string> = new Map(
  modules.map((module) => [module, readFileSync(join(source, `${module}.ts`), 'utf8')]),
);

/** Where each module stands; a pattern gives every module of its subfolder one place. */
const places: ReadonlyMap<string, Place> = new Map(
  building.flatMap(({ floor, folder, rows }) =>
    rows.flatMap((row, index) =>
      row.split(' ').flatMap((name) => {
        const path = folder === '' ? name : `${folder}/${name}`;
        const named = path.endsWith('/*') ? modules.filter((module) => dirOf(module) === path.slice(0, -2)) : [path];
        return named.map((module): [string, Place] => [module, { floor, folder, row: index }]);
      }),
    ),
  ),
);

function dirOf(module: string): string {
  return posix.dirname(module);
}

/** Modules of src that a module imports, for types or values, at once or later. */
function importsOf(module: string): readonly string[] {
  const matches = (texts.get(module) ?? '').matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)\.js'/g);
  return [...matches].map(([, target = '']) => posix.normalize(posix.join(dirOf(module), target)));
}

/** What is wrong with an import; null where it goes down. */
function judge(from: string, to: string): string | null {
  const upper = places.get(from);
  const lower = places.get(to);
  if (upper === undefined || lower === undefined) return null;
  if (upper.floor > lower.floor) return null;
  if (upper.folder === lower.folder && upper.floor === lower.floor && lower.row < upper.row) return null;
  return `${from} (floor ${upper.floor}, row ${upper.row}) imports ${to} (floor ${lower.floor}, row ${lower.row})`;
}

describe('the layers', () => {
  it('have a place for every file, and no place for a file that is not there', () => {
    const homeless = modules.filter((module) => !places.has(module));
    expect(homeless, 'give these a row in `building`').toEqual([]);
    const gone = [...places.keys()].filter((module) => !texts.has(module));
    expect(gone, 'take these out of `building`').toEqual([]);
  });

  it('are imported downwards only', () => {
    const wrong = modules.flatMap((from) => importsOf(from).map((to) => judge(from, to)));
    expect(wrong.filter((line) => line !== null)).toEqual([]);
  });

  it.each([
    ['graphql/loaders', 'dynamo/reading/batch-get'],
    ['cache/memory-tier', 'graphql/loaders'],
    ['dynamo/reading/batch-reader', 'cache/entries'],
    ['dynamo/reading/batch-get', 'dynamo/reading/batch-reader'],
    ['dynamo/reading/batch-get', 'dynamo/send-write'],
    ['domain/url-key', 'config'],
    ['domain/fields', 'config/kinds'],
    ['errors', 'domain/url-key'],
    ['gateway', 'cli/serve'],
  ])('would not let %s import %s', (from, to) => {
    expect(judge(from, to)).not.toBeNull();
  });
});

describe('every file of src', () => {
  it('begins with a comment that says what it is for', () => {
    const silent = [...texts].filter(([, text]) => !/^(#!.*\n)?(\/\/ \S|\/\*\* ?\S)/.test(text));
    expect(silent.map(([module]) => module).filter((module) => module !== 'graphql/generated')).toEqual([]);
  });

  it('is at most 250 lines long, unless it is said why not', () => {
    const long = [...texts].filter(([, text]) => text.split('\n').length - 1 > 250).map(([module]) => module);
    expect(long.filter((module) => !longFiles.has(module))).toEqual([]);
    expect([...longFiles.keys()].filter((module) => !long.includes(module))).toEqual([]);
  });

  it('exports names of its own: nothing by default, nothing of another file', () => {
    const pattern = /^\s*export\s+(default\b|\*|(type\s+)?\{[^}]*\}\s*from\b)/m;
    expect([...texts].filter(([, text]) => pattern.test(text)).map(([module]) => module)).toEqual([]);
  });

  it('leaves the environment to the two entries', () => {
    const reading = [...texts].filter(([, text]) => /\bprocess\s*\.\s*env\b|\benv\b.*'node:process'/.test(text));
    expect(reading.map(([module]) => module)).toEqual(['lambda', 'main']);
  });

  it('imports files by the names that they have when built', () => {
    const pattern = /(?:\bfrom|\bimport)\s*\(?\s*'\.[^']*(?<!\.js|\.json)'/;
    expect([...texts].filter(([, text]) => pattern.test(text)).map(([module]) => module)).toEqual([]);
  });
});
