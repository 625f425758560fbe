// The command `backfill`: results that others wrote are given what the feed's indexes need.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Config } from '../../config.js';
import { type BackfillCounts, createBackfill, noCounts } from '../../dynamo/backfill/backfill.js';
import { createPace } from '../../dynamo/backfill/pace.js';
import { createListVersions } from '../../dynamo/feed/versions.js';
import { feedIndexes } from '../../dynamo/feed-indexes.js';
import { waitForReal } from '../../dynamo/retry.js';
import { redactUrl } from '../../observability/redact-urls.js';
import type { CommandContext, CommandResult, Run } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { numberOption } from '../number-option.js';
import { openStore } from '../open-store.js';
import { openResultsTable } from '../open-table.js';
import { createResumeFile } from '../resume-file.js';

const options = z.object({
  rate: numberOption(
    z.coerce.number('must be a whole number').int('must be a whole number').min(0, 'must be 0 or more'),
  ),
  restart: z.boolean().optional(),
});

const counts = z.object({
  scanned: z.number(),
  completed: z.number(),
  heads: z.number(),
  untimed: z.number(),
  failed: z.number(),
});

/** Keys are strings in both layouts. */
const resumeState = z.object({
  next: z.record(z.string(), z.object({ S: z.string() })),
  counts,
  /** Which table it was, as `OpenedTable` has it. */
  identity: z.string(),
});

/** Problems that `--json` lists; all are told on standard error. */
const maxProblems = 1000;

/** Hangs the options and the work on the command. */
export function define(command: Command, run: Run): void {
  command
    .option('--rate <units>', 'capacity units a second, read and write together; 0 is no limit', '200')
    .option('--restart', 'begin anew instead of going on where an earlier run stopped')
    .addHelpText(
      'after',
      '\nItems that are complete already are left alone: it may run as often as you like, beside gateways and crawlers.',
    )
    .action(run(options, (context, given) => backfill(context, given)));
}

async function backfill(context: CommandContext, given: z.infer<typeof options>): Promise<CommandResult> {
  const config = context.config();
  await using store = await openStore(config, context);
  const { client } = store;
  const elapsed = (): number => performance.now();
  const pace = createPace({ unitsPerSecond: given.rate, elapsed, wait: waitForReal });
  // The versions are there already.
  const opened = await openResultsTable(client, config, context, { events: pace.events, keepVersions: 0 });
  const { described, retry, events, identity } = opened;
  const { table, layout } = described;
  const calls = { client, retry, events, now: Date.now, table };
  const work = createBackfill({
    ...{ ...calls, layout, pace, read: opened.read, put: opened.writers.put, maxUrlBytes: opened.maxUrlBytes },
    listVersions: createListVersions(calls),
  });

  const file = createResumeFile(resumePath(config), resumeState);
  const left = given.restart === true ? null : await file.load();
  const earlier = left?.identity === identity ? left : null;
  if (left !== null && earlier === null) context.say('Beginning anew: the table is not the one of the earlier run.');
  if (earlier !== null) context.say(`Going on after ${earlier.counts.scanned} items; --restart begins anew.`);
  using bar = await context.progress('items', described.itemCount ?? 0);
  const problems: { readonly key: string; readonly code: string; readonly message: string }[] = [];
  const sayWhere = (): void => {
    if (context.signal.aborted) context.say('Stopped: the same command goes on from there.');
  };
  const done = await work({
    from: earlier?.next ?? null,
    counts: earlier?.counts ?? noCounts,
    signal: context.signal,
    async onPage(so, next) {
      bar.update(so.scanned);
      if (next === null) await file.remove();
      else await file.save({ next: stringsOf(next), counts: so, identity });
    },
    onFailed({ key, error }) {
      context.say(`${redactUrl(key)}: ${error.message}`);
      if (problems.length < maxProblems) problems.push({ key, code: error.code, message: error.message });
    },
  }).finally(sayWhere);
  const missing = feedIndexes.map(({ name }) => name).filter((name) => !described.indexes.has(name));
  return {
    exitCode: done.failed > 0 ? exitCodes.failed : exitCodes.ok,
    json: { table: table.name, layout, ...done, problems, missingIndexes: missing },
    lines: summary(table.name, done, missing),
  };
}

/** One table of one store has one place. */
function resumePath(config: Config): string {
  const { store, tables, embedded } = config;
  const id = createHash('sha256').update(`${store.description} ${tables.results}`).digest('hex').slice(0, 12);
  return join(embedded.dataDir, `backfill-${id}.json`);
}

function stringsOf(key: Readonly<Record<string, { S?: string | undefined }>>): z.infer<typeof resumeState>['next'] {
  return Object.fromEntries(Object.entries(key).map(([name, { S = '' }]) => [name, { S }]));
}

function summary(table: string, done: BackfillCounts, missing: readonly string[]): readonly string[] {
  return [
    `${table}: ${done.scanned} items looked at, ${done.completed} given what the indexes need, ${done.heads} heads made.`,
    ...(done.untimed > 0 ? [`${done.untimed} have no time: crawlFeed finds them by URL alone.`] : []),
    ...(done.failed > 0 ? [`${done.failed} were left as they are; each is named above.`] : []),
    ...(missing.length > 0
      ? [`The table has no index ${missing.join(', ')}: \`crawlgate provision\` makes it, crawlFeed scans until then.`]
      : []),
  ];
}
