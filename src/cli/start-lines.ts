// What is said once the gateway answers: where it listens, what it stands on, what to try.
import type { Config } from '../config.js';
import type { EngineFacts } from '../gateway/start-engine.js';
import type { ListenAddress } from '../http/server.js';

/** What the lines tell of. */
export interface StartFacts {
  readonly version: string;
  /** As `process.version` has it. */
  readonly nodeVersion: string;
  readonly config: Config;
  readonly address: ListenAddress;
  readonly engine: EngineFacts | null;
  /** As found; null where the store was not reached yet. */
  readonly layout: string | null;
}

/** The lines, for a person to read and as they are for a log. */
export function startLines(facts: StartFacts): readonly string[] {
  const { config, engine } = facts;
  const root = `http://${urlHost(facts.address.host)}:${facts.address.port}/`;
  const url = `${root}graphql`;
  return [
    `Crawlgate ${facts.version} listens: ${config.profile.page ? `${root} for people, ` : ''}GraphQL${config.profile.graphiql ? ' and GraphiQL' : ''} at ${url}`,
    storeLine(facts),
    ...(engine === null ? [] : engineLines(engine, config.embedded.port)),
    ...(config.auth.required ? [`Callers need a key or token: ${callersLine(config.auth)}`] : []),
    // Where nothing but persisted documents is run, no query of ours would be.
    ...(config.persisted?.mode === 'only' ? [] : [`Try: ${tryLine(url, engine !== null, config.auth.required)}`]),
    ...(!config.auth.required && !config.listen.isLoopback
      ? ['Anybody who can reach this address can read and write: CRAWLGATE_AUTH is none.']
      : []),
    ...nodeLines(facts.nodeVersion),
  ];
}

function storeLine({ config, layout }: StartFacts): string {
  const { description, decidedBy } = config.store;
  const why = decidedBy === 'default' ? 'no variable names another store' : `because ${decidedBy} is set`;
  if (config.store.kind === 'sqlite') return `Store: ${description} (${why}), read only`;
  const kind = layout === null ? 'not reached yet' : `${layout} layout`;
  return `Store: ${description} (${why}), table ${config.tables.results} (${kind})`;
}

function engineLines({ endpoint, folder, portTaken }: EngineFacts, port: number): string[] {
  const instead = portTaken === null ? '' : `; port ${portTaken} is taken`;
  return [
    `Data: ${folder ?? 'in memory, gone when the gateway ends'}`,
    `Other programs on this machine reach the same tables with DYNAMODB_ENDPOINT=${endpoint}${
      portTaken === null && port !== 0 ? '' : ` (this time${instead})`
    }`,
  ];
}

/** How many keys, and whose tokens; no key's name. */
function callersLine({ keys, keysFile, jwt }: Config['auth']): string {
  return [
    ...(keys.length > 0 ? [`${keys.length} of CRAWLGATE_API_KEYS`] : []),
    ...(keysFile === null ? [] : [`those of ${keysFile}`]),
    ...(jwt === null ? [] : [`tokens of ${jwt.issuer}`]),
  ].join(', ');
}

/** Over an embedded table something newest is nearly always there; another table may be too large to list unasked. */
function tryLine(url: string, isEmbedded: boolean, needsKey: boolean): string {
  const query = isEmbedded
    ? '{ crawlFeed(first: 3) { edges { node { url title statusCode } } } }'
    : '{ health { status responseTimeMs store { kind table layout } } }';
  const key = needsKey ? " -H 'authorization: Bearer …'" : '';
  return `curl -s ${url}${key} -H 'content-type: application/json' -d '${JSON.stringify({ query })}'`;
}

function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** https://github.com/nodejs/release#release-schedule */
function nodeLines(version: string): string[] {
  if (!version.startsWith('v20.')) return [];
  return ['Node 20 is past its end of life (2026-04-30) and gets no security fixes: use Node 22 or 24.'];
}
