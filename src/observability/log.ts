// The log as a sink of events: one JSON object a line, or lines for people where somebody reads along.
import { createRequire } from 'node:module';
import { type Logger, pino } from 'pino';
import type { LogConfig } from '../config.js';
import { errorRecord } from './error-record.js';
import type { Events } from './events.js';
import { redactUrls } from './redact-urls.js';

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
}

/** A failing store says the same many times a second: once in this many milliseconds is told, the rest is counted. */
const repeatMs = 10_000;

/** Makes the sink. Lookups and calls that went well are told at `debug` at most; an error object is told once. */
export function createLog(deps: LogDeps): Events {
  const log = createLogger(deps);
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
    storeCall({ operation, keys, durationMs, readUnits, writeUnits, error }) {
      const facts = { operation, keys, durationMs: Math.round(durationMs * 10) / 10 };
      if (error === null) {
        log.debug({ ...facts, readUnits, writeUnits }, 'store answered');
        return;
      }
      // Nobody waits for it any more: that is no failure of the store.
      const isOver = error.code === 'DEADLINE_EXCEEDED';
      const more = isOver ? null : repeats(`${operation} ${error.code}`);
      if (more === null) log.debug({ ...facts, code: error.code }, 'store call failed');
      else log.warn({ ...facts, more, err: errorRecord(error) }, 'store call failed');
    },
    retried({ operation, keys, reason }) {
      log.debug({ operation, keys, reason }, 'asking again');
    },
    circuitChanged({ state, downMs }) {
      if (state === 'OPEN') log.error('DynamoDB is not answering: only what memory holds is answered until it is back');
      else log.warn({ downMs: Math.round(downMs) }, 'DynamoDB answers again');
    },
    unexpectedError({ where, error }) {
      if (typeof error === 'object' && error !== null) {
        if (told.has(error)) return;
        told.add(error);
      }
      log.error({ where, err: errorRecord(error) }, 'unexpected error');
    },
    notice({ level, message }) {
      log[level](redactUrls(message));
    },
  };
}

function createLogger({ config, output }: LogDeps): Logger {
  // What an operator's tools ask for: the level's name, a moment that people can read, no process id or host name.
  const options = {
    level: config.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
    // Errors come here as records already; pino's own serializer would take them for errors and lose their causes.
    serializers: { err: (record: unknown) => record },
  };
  if (!config.pretty) return pino(options, output);
  // Only where somebody reads along: it is as much to load as pino itself.
  const { prettyFactory }: typeof import('pino-pretty') = createRequire(import.meta.url)('pino-pretty');
  const format = prettyFactory({ colorize: true, ignore: 'time' });
  return pino(options, { write: (line: string) => output.write(format(JSON.parse(line))) });
}
