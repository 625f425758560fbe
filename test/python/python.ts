// Runs Python beside the tests: one process for many steps, answered in their order.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { JsonValue } from '../../src/domain/packed-text.js';

/** The interpreter that test/engines/conformance.mjs made; empty where there is none. */
export const python = process.env.TEST_PYTHON ?? '';

/** One thing for the crawler to do; see crawler.py. */
export interface Step {
  readonly do: 'put_maps' | 'put_json' | 'read_maps' | 'read_json' | 'read_raw' | 'dump' | 'accept';
  readonly url?: string;
  /** ISO 8601. */
  readonly at?: string;
  readonly given?: JsonValue;
  readonly value?: JsonValue;
  readonly nan?: boolean;
  readonly created?: boolean;
}

/** What the crawler made of an item, by its own model. */
export interface Accepted {
  readonly error: string | null;
  readonly value?: Readonly<Record<string, JsonValue>>;
}

/** What the crawler read. */
export interface PythonRead {
  readonly item: Readonly<Record<string, JsonValue>>;
  readonly asIs: Accepted;
  readonly plain: Accepted;
}

/** A script that does the steps of a line and answers with a line. Disposing ends it. */
export interface Script<Doable> extends AsyncDisposable {
  /** Does the steps, one after another. Rejects with what Python said where one raises. */
  run<Answers>(...steps: Doable[]): Promise<Answers>;
}

/** A running crawler. */
export type Crawler = Script<Step>;

/** Starts a crawler on a table. */
export function startCrawler(endpoint: string, table: string): Crawler {
  return startScript('crawler.py', [endpoint, table]);
}

/** Starts a script of this folder. It ends when its input does, so also with this process. */
export function startScript<Doable>(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Script<Doable> {
  const script = fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(python, ['-B', script, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const ended = once(child, 'close');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  // Said by the missing answer.
  child.stdin.on('error', () => {});
  return {
    async run<Answers>(...steps: Doable[]) {
      child.stdin.write(`${JSON.stringify(steps)}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`python ended: ${complaints}`);
      const answer = JSON.parse(value) as Answers | { readonly raised: string };
      if (typeof answer === 'object' && answer !== null && 'raised' in answer) throw new Error(answer.raised);
      return answer;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}
