// What a command is: from options and variables to one result; this file turns that into output and an exit code.
//
// How a command is added: a file `commands/<name>.ts` that exports `define`, and a line in `command-list.ts`.
// `define` gets commander's command to hang options, arguments or subcommands on, and `run`, which makes an action of
// a function: it gets what the process is and the options as a zod schema reads them, and answers a CommandResult.
// Commander's `--help` comes by itself, `--json` with the options. See `commands/provision.ts`.
import type { Command } from 'commander';
import type { z } from 'zod';
import { type Config, readConfig } from '../config.js';
import { allowManyListeners } from '../domain/abort.js';
import { EmbeddedStartError } from '../embedded/start-error.js';
import { CrawlgateError } from '../errors.js';
import type { TextOutput } from './command-output.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { type Progress, startProgress } from './progress.js';

/** What a command has of the process that it runs in. */
export interface ProcessFacts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly nodeVersion: string;
  /** Standard input, opened when it is asked for. */
  readonly input: () => NodeJS.ReadStream;
  /** The result goes here, and nothing else. */
  readonly output: TextOutput;
  /** Progress and problems go here. */
  readonly problems: TextOutput;
  /** Calls `stop` at the first signal to end, with the signal's name; the second ends the process. */
  readonly onSignal: (stop: (signal: string) => void) => void;
  /** Calls `reload` at each SIGHUP; to be called by what has files to read anew. */
  readonly onReload: (reload: () => void) => void;
  readonly setExitCode: (code: number) => void;
}

/** What a command has to work with. */
export interface CommandContext extends Pick<ProcessFacts, 'env' | 'version' | 'nodeVersion' | 'input' | 'output'> {
  /** Aborts at the first SIGINT or SIGTERM. What a command has begun it ends in order, then throws or returns. */
  readonly signal: AbortSignal;
  /** Whether the result goes out as JSON: nothing need be drawn for people. */
  readonly json: boolean;
  /** Reads the settings; `over` stands in for variables. Throws a UsageError with every problem. */
  config(over?: Readonly<Record<string, string | undefined>>): Config;
  /** A line to standard error while the command runs. */
  say(line: string): void;
  /** A bar on standard error where that is a terminal; elsewhere nothing. Dispose it at the end of what it counts. */
  progress(label: string, total: number): Promise<Progress>;
}

/** How a command ended. */
export interface CommandResult {
  readonly exitCode: ExitCode;
  /** For `--json`: one JSON value. */
  readonly json: unknown;
  /** The same for people. */
  readonly lines: readonly string[];
}

/** Called wrongly, or with settings it cannot work with: exit code 2, a line for each problem, nothing done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly problems: readonly string[];

  constructor(...problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** A command's work. Operands are what stands on the command line beside its options. */
export type CommandBody<Options> = (
  context: CommandContext,
  options: Options,
  operands: readonly string[],
) => Promise<CommandResult>;

/** Makes commander's action of a command's work. The schema names options as commander does: `--dry-run` is `dryRun`. */
export type Run = <Options>(
  schema: z.ZodType<Options>,
  body: CommandBody<Options>,
) => (...given: readonly unknown[]) => Promise<void>;

/** What a file of `commands/` exports. */
export interface CommandModule {
  define(command: Command, run: Run): void;
}

/** The way from an action to output and exit code. */
export function createRun(facts: ProcessFacts): Run {
  return (schema, body) =>
    async (...given) => {
      // Commander hands an action the operands one by one, undefined where one is left out, then options and command.
      const options = given.at(-2);
      const operands = given
        .slice(0, -2)
        .flat()
        .filter((operand) => operand !== undefined)
        .map(String);
      const stopping = new AbortController();
      // Every call of a command that works on a whole table listens to it.
      allowManyListeners(stopping.signal);
      let stoppedBy: string | null = null;
      facts.onSignal((name) => {
        stoppedBy = name;
        stopping.abort(new Error(`ended by ${name}`));
      });
      const json = isRecord(options) && options.json === true;
      const context = contextOf(facts, stopping.signal, json);
      const result = await resultOf(() => body(context, readOptions(schema, options), operands));
      if (stoppedBy !== null) {
        facts.problems.write(`Ended by ${stoppedBy}.\n`);
        facts.setExitCode(stoppedBy === 'SIGTERM' ? exitCodes.SIGTERM : exitCodes.SIGINT);
        return;
      }
      if (result.problems !== undefined) facts.problems.write(`${result.problems.join('\n')}\n`);
      if (json) facts.output.write(`${JSON.stringify(result.json, null, 2)}\n`);
      else for (const line of result.lines) facts.output.write(`${line}\n`);
      facts.setExitCode(result.exitCode);
    };
}

function contextOf(facts: ProcessFacts, signal: AbortSignal, json: boolean): CommandContext {
  const { env, version, nodeVersion, input, output, problems } = facts;
  let bar: Progress | undefined;
  return {
    env,
    version,
    nodeVersion,
    input,
    output,
    signal,
    json,
    config(over = {}) {
      const read = readConfig({ ...env, ...over }, { isTty: output.isTTY === true });
      if (!read.ok) throw new UsageError(...read.problems);
      return read.config;
    },
    say(line) {
      bar?.clear();
      problems.write(`${line}\n`);
    },
    async progress(label, total) {
      bar = await startProgress(problems, label, total);
      return bar;
    },
  };
}

function readOptions<Options>(schema: z.ZodType<Options>, options: unknown): Options {
  const read = schema.safeParse(options);
  if (read.success) return read.data;
  throw new UsageError(
    ...read.error.issues.map(({ path, message }) => {
      const name = String(path[0] ?? '').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return name === '' ? message : `--${name}: ${message}`;
    }),
  );
}

/** An error that has words for people is told in them; any other is a bug and keeps its stack. */
async function resultOf(
  body: () => Promise<CommandResult>,
): Promise<CommandResult & { readonly problems?: readonly string[] }> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof UsageError) return failure(exitCodes.usage, 'BAD_USAGE', error.problems);
    if (error instanceof EmbeddedStartError) return failure(exitCodes.usage, 'BAD_USAGE', [error.message]);
    if (error instanceof CrawlgateError) return failure(exitCodes.failed, error.code, [withReason(error)]);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return failure(exitCodes.failed, 'INTERNAL_ERROR', [text]);
  }
}

/** With what the SDK or the system said: clients of the gateway must not see that, whoever runs it needs it. */
function withReason(error: CrawlgateError): string {
  const why = error.cause instanceof Error ? error.cause.message : '';
  return why === '' || error.message.includes(why) ? error.message : `${error.message} ${why}`;
}

function failure(
  exitCode: ExitCode,
  code: string,
  problems: readonly string[],
): CommandResult & { readonly problems: readonly string[] } {
  return { exitCode, json: { error: { code, message: problems.join('\n') } }, lines: [], problems };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
