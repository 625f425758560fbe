// The command `provision`: makes or completes the tables of results and sessions, or prints how others may.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { Config } from '../../config.js';
import { createControl } from '../../dynamo/provision/control-plane.js';
import type { Left } from '../../dynamo/provision/plan.js';
import { type Provisioned, type ProvisionRequest, provisionTable } from '../../dynamo/provision/provision-table.js';
import { resultsShape, sessionsShape, type TableShape } from '../../dynamo/provision/table-shape.js';
import { type LayoutName, layoutOfKeys } from '../../dynamo/table.js';
import type { CommandContext, CommandResult, Run } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { openStore } from '../open-store.js';
import type { Progress } from '../progress.js';
import { type ProvisionOptions, provisionOptions, wishesOf } from '../provision/options.js';
import { printed } from '../provision/print.js';

/** Hangs the options and the work on the command. */
export function define(command: Command, run: Run): void {
  command
    .option(
      '--layout <layout>',
      'document or versioned: keys of a results table that is made (CRAWLGATE_LAYOUT, versioned)',
    )
    .option('--billing <mode>', 'on-demand (the default of a new table) or provisioned')
    .option('--read-units <number>', 'provisioned: read units a second, of the table and of each index')
    .option('--write-units <number>', 'provisioned: write units a second')
    .option('--sse <key>', 'aws-owned (the default of a new table), kms, or the id or ARN of a KMS key (no alias)')
    .option('--no-recovery', 'leave point-in-time recovery as it is')
    .option('--no-deletion-protection', 'leave deletion protection as it is')
    .option('--tag <key=value...>', 'tags of the tables, beside Application=crawl4ai; others are kept')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--print <what>', 'cloudformation, terraform (for a file .tf.json) or iam: print it, and do nothing')
    .option('--policy <who>', 'with --print iam one policy alone: reading, writing, operator or classic')
    .option('--account <id>', 'with --print iam the account of the tables, twelve digits', '*')
    .addHelpText(
      'after',
      '\nOn a table that is there, billing and encryption change only where the option is given. Keys never change,' +
        '\nnothing is deleted. Ends with 1 where something was left that somebody should see to.',
    )
    .action(run(provisionOptions, provision));
}

type Given = z.output<typeof provisionOptions>;

async function provision(context: CommandContext, options: Given): Promise<CommandResult> {
  const config = context.config();
  if (options.print !== undefined) return printed(config, options, options.print);
  await using store = await openStore(config, context);
  const control = createControl({ client: store.client, signal: context.signal });
  const wishes = wishesOf(options);
  const { dryRun } = options;
  const tables: Provisioned[] = [];
  for (const [name, shapeFor] of shapesOf(config, options)) {
    using bar = await context.progress(name, 1);
    tables.push(await provisionTable({ control, name, shapeFor, wishes, dryRun, ...shownBy(bar, context) }));
  }
  const hasProblem = tables.some(({ left }) => left.some(({ isProblem }) => isProblem));
  return {
    exitCode: hasProblem ? exitCodes.failed : exitCodes.ok,
    json: { dryRun, store: config.store.description, tables },
    lines: tables.flatMap((table) => linesOf(table, dryRun)),
  };
}

/** Milliseconds after which a wait is told in a line too: an index of a large table takes minutes. */
const patientMs = 2_000;

/** The changes of a table on a bar, with what is waited for; a long wait has a line as well. */
function shownBy(bar: Progress, { say }: CommandContext): Pick<ProvisionRequest, 'onStep' | 'onWait'> {
  let made = 0;
  let said = '';
  return {
    onStep(what, done, all) {
      made = done;
      bar.setTotal(all);
      bar.update(made, what);
    },
    onWait(line, ms) {
      bar.update(made, `${line}, ${Math.round(ms / 1000)} s`);
      if (line === said || ms <= patientMs) return;
      say(`${line} …`);
      said = line;
    },
  };
}

/** A results table that is there keeps its layout, unless one was asked for: then other keys are told. */
function shapesOf(
  config: Config,
  { layout }: ProvisionOptions,
): readonly (readonly [name: string, shapeFor: (keys: readonly string[] | null) => TableShape])[] {
  const { results, sessions } = config.tables;
  // CRAWLGATE_LAYOUT is for tables that are made; one that is there is read as it is.
  const usual: LayoutName = config.dynamo.layout ?? (config.store.kind === 'embedded' ? 'document' : 'versioned');
  return [
    [results, (keys) => resultsShape(results, layout ?? (keys === null ? null : layoutOfKeys(keys)) ?? usual)],
    [sessions, () => sessionsShape(sessions)],
  ];
}

function linesOf({ table, existed, changes, left }: Provisioned, dryRun: boolean): string[] {
  const head = changes.length === 0 && left.length === 0 ? `${table}: nothing to change` : `${table}:`;
  const verb = dryRun ? 'would ' : 'done: ';
  return [
    !existed && dryRun ? `${table}: is not there` : head,
    ...changes.map((change) => `  ${verb}${change}`),
    ...left.map(sayLeft),
  ];
}

function sayLeft({ what, why, isProblem }: Left): string {
  return `  ${isProblem ? 'NOT DONE' : 'left'}: ${what}: ${why}`;
}
