// The log as a sink of events: one JSON object a line, or lines for people where somebody reads along.
import { createRequire } from 'node:module';
import { type Logger, pino } from 'pino';
import type { LogConfig } from '../config.js';
import { CrawlgateError } from '../errors.js';
import { type Clean, errorRecord, withoutSecrets } from './error-record.js';
import type { Events } from './events.js';
import { printable, printableLines } from './printable.js';

/** Where log lines go: `process.stdout` fits. */
export interface LogOutput {
  write(line: string): unknown;
}

/** What the log is made of. */
export interface LogDeps {
  readonly config: LogConfig;
  readonly output: LogOutput;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
  /** The place of this worker, on every line; null where the gateway has one process. */
  readonly worker?: number | null;
}

/** A failing store says the same many times a second: once in this many milliseconds is told, the rest is counted. */
const repeatMs = 10_000;

/** An operation that takes this many milliseconds is told at `info`; every other at `debug`. */
const slowMs = 1_000;

/** Errors that are the caller's own affair: an operation that has no others is told at `debug`. */
const callersCodes: ReadonlySet<string> = new Set([
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'TOO_MANY_URLS',
  'NOT_IN_MEMORY',
  'NOT_STORED',
  'SUPERSEDED',
  'RESULT_TOO_LARGE',
  'FORBIDDEN',
]);

/** Crawl4AI's own texts, so that what its operators search for is found here too. */
const lookupLines = {
  fresh: { tag: 'CACHE_HIT', message: 'Retrieved cached result for URL: {url}' },
  stale: { tag: 'CACHE_STALE', message: 'Retrieved stale cached result for URL: {url}' },
  store: { tag: 'CACHE_MISS', message: 'Retrieved result from DynamoDB for URL: {url}' },
  absent: { tag: 'CACHE_MISS', message: 'No cached result found for URL: {url}' },
  'not-in-memory': { tag: 'CACHE_MISS', message: 'Not in memory, which alone was asked, for URL: {url}' },
  failed: { tag: 'CACHE_ERROR', message: 'Lookup failed for URL: {url}' },
} as const;

const operationLines = {
  ok: 'Answered {operation}',
  errors: 'Answered {operation} with errors',
  refused: 'Refused an operation',
  abandoned: 'The caller of {operation} left before its end',
} as const;

/**
 * Makes the sink. Every line has the shape of Crawl4AI's logger: `message` with its placeholders, `tag` to filter by, and
 * `params`. What happens for every lookup, call or operation that went well is told at `debug`, so that `info` costs the
 * hot path nothing and a busy gateway's log stays readable; an error object is told once.
 */
export function createLog(deps: LogDeps): Events {
  const log = createLogger(deps);
  const clean = deps.config.fullUrls ? asTheyAre : withoutSecrets;
  const isDebug = log.isLevelEnabled('debug');
  const told = new WeakSet<object>();
  const failures = new Map<string, { since: number; more: number }>();

  /** How many times this failure was passed over since it was last told; null where it is to be passed over now. */
  function repeats(failure: string): number | null {
    const now = deps.elapsed();
    const last = failures.get(failure);
    if (last !== undefined && now - last.since < repeatMs) {
      last.more += 1;
      return null;
    }
    failures.set(failure, { since: now, more: 0 });
    return last?.more ?? 0;
  }

  return {
    lookup: () => undefined,
    lookedUp({ url, answer, durationMs, sizeBytes, requestId, error }) {
      if (!isDebug) return;
      const { tag, message } = lookupLines[answer];
      const params = {
        url: clean.url(url),
        response_time_ms: tenths(durationMs),
        ...(sizeBytes === null ? {} : { item_size_kb: tenths(sizeBytes / 1024) }),
        ...(error === null ? {} : { error_code: error.code }),
        ...(requestId === null ? {} : { request_id: requestId }),
      };
      log.debug({ tag, params }, message);
    },
    storeCall({ operation, keys, url = null, durationMs, readUnits, writeUnits, error }) {
      const facts = { operation, ...(url === null ? {} : { url: clean.url(url) }), keys };
      const took = { response_time_ms: tenths(durationMs) };
      if (error === null) {
        if (!isDebug) return;
        const params = { ...facts, ...took, read_units: readUnits, write_units: writeUnits };
        log.debug({ tag: 'DYNAMODB_CALL', params }, 'DynamoDB answered {operation}');
        return;
      }
      // Nobody waits for it any more: that is no failure of the store.
      const isOver = error.code === 'DEADLINE_EXCEEDED';
      const more = isOver ? null : repeats(`${operation} ${error.code}`);
      const message = `DynamoDB operation failed: {operation}${url === null ? '' : ' for URL: {url}'}`;
      const params = { ...facts, ...took, error_code: nameOf(error), error_message: clean.text(messageOf(error)) };
      const line = { tag: 'DYNAMODB_ERROR', params };
      if (more === null) log.debug(line, message);
      else log.warn({ ...line, params: { ...params, more }, err: errorRecord(error, clean) }, message);
    },
    retried({ operation, keys, reason }) {
      if (!isDebug) return;
      const params = { operation, keys, reason };
      log.debug({ tag: 'DYNAMODB_RETRY', params }, 'Asking again: {operation} for {keys} keys');
    },
    circuitChanged({ state, downMs }) {
      if (state === 'OPEN') {
        const message = 'DynamoDB is not answering: only what memory holds is answered until it is back';
        log.error({ tag: 'CIRCUIT_OPEN' }, message);
      } else log.warn({ tag: 'CIRCUIT_CLOSED', params: { down_ms: Math.round(downMs) } }, 'DynamoDB answers again');
    },
    operation({ name, type, outcome, durationMs, requestId, codes }) {
      // What was refused was, whatever the code, the caller's: unless there is a bug.
      const isOurs = (code: string): boolean =>
        outcome === 'refused' ? code === 'INTERNAL_SERVER_ERROR' : !callersCodes.has(code);
      const isNotable = durationMs >= slowMs || codes.some(isOurs);
      // In an outage every operation fails alike.
      const more = isNotable ? repeats(`operation ${codes.join()}`) : null;
      if (more === null && !isDebug) return;
      const params = {
        operation: name ?? 'anonymous',
        type,
        outcome,
        response_time_ms: tenths(durationMs),
        ...(requestId === null ? {} : { request_id: requestId }),
        ...(codes.length === 0 ? {} : { codes }),
        ...(more === null ? {} : { more }),
      };
      log[more === null ? 'debug' : 'info']({ tag: 'GRAPHQL', params }, operationLines[outcome]);
    },
    refusedRequest({ code, requestId, address }) {
      if (!isDebug) return;
      const params = { code, address, ...(requestId === null ? {} : { request_id: requestId }) };
      log.debug({ tag: 'REFUSED', params }, 'Refused a request: {code}');
    },
    unexpectedError({ where, error }) {
      if (typeof error === 'object' && error !== null) {
        if (told.has(error)) return;
        told.add(error);
      }
      const params = { where };
      log.error({ tag: 'UNEXPECTED_ERROR', params, err: errorRecord(error, clean) }, 'Unexpected error in {where}');
    },
    notice({ level, message }) {
      log[level]({ tag: 'GATEWAY' }, clean.text(message));
    },
  };
}

const asTheyAre: Clean = { text: (text) => text, url: (url) => url };

function createLogger({ config, output, worker = null }: LogDeps): Logger {
  // What an operator's tools ask for: the level's name, a moment that people can read, no process id or host name.
  const options = {
    level: config.level,
    base: worker === null ? null : { worker },
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
    // Errors come here as records already; pino's own serializer would take them for errors and lose their causes.
    serializers: { err: (record: unknown) => record },
  };
  if (!config.pretty) return pino(options, output);
  // Only where somebody reads along: it is as much to load as pino itself.
  const { prettyFactory }: typeof import('pino-pretty') = createRequire(import.meta.url)('pino-pretty');
  const ignore = 'time,tag,params';
  const format = prettyFactory({ colorize: true, ignore, messageFormat, messageKey: 'message' });
  return pino(options, { write: (line: string) => output.write(format(JSON.parse(line, shown))) });
}

/** No text of a caller or a page may move the cursor of who reads along. */
function shown(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? printableLines(value) : value;
}

/** For people: the message with its placeholders filled, and what else there is to know. */
function messageFormat(line: Record<string, unknown>): string {
  const params = new Map(Object.entries(line.params ?? {}));
  const text = String(line.message).replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = params.get(name);
    params.delete(name);
    return value === undefined ? placeholder : printable(String(value));
  });
  const rest = [...params].map(([name, value]) => `${name}=${printable(String(value))}`).join(' ');
  return rest === '' ? text : `${text} (${rest})`;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

/** DynamoDB's own name for what went wrong, which is what its documentation is searched for; else our code. */
function nameOf(error: CrawlgateError): string {
  const { cause } = error;
  return cause instanceof Error && !(cause instanceof CrawlgateError) && cause.name !== 'Error'
    ? cause.name
    : error.code;
}

function messageOf(error: CrawlgateError): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}
