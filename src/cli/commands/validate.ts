// The command `validate`: a Crawl4AI cache in SQLite beside the table of results, field by field.
import type { Command } from 'commander';
import { z } from 'zod';
import { waitForReal } from '../../dynamo/retry.js';
import { type CompareCounts, compareRows, type Finding } from '../../migration/compare-rows.js';
import { countRows, rowPages, sampledRows } from '../../migration/row-pages.js';
import { redactUrl, redactUrls } from '../../observability/redact-urls.js';
import type { CommandContext, CommandResult, Run } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { numberOption } from '../number-option.js';
import { fromWords, openCache } from '../open-cache.js';
import { openStore } from '../open-store.js';
import { openResultsTable } from '../open-table.js';
import { ttlDaysOption } from '../ttl-days-option.js';

const options = z.object({
  from: z.string().min(1, 'must be a path').optional(),
  sample: numberOption(
    z.coerce.number('must be a whole number').int('must be a whole number').min(1, 'must be 1 or more').optional(),
  ),
  repair: z.boolean().optional(),
  ttlDays: ttlDaysOption,
});

/** Findings that `--json` lists; all are told on standard error. */
const maxFindings = 1000;

/** Hangs the options and the work on the command. */
export function define(command: Command, run: Run): void {
  command
    .option('--from <path>', fromWords)
    .option('--sample <rows>', 'compare so many rows, drawn at random, instead of every one')
    .option('--repair', 'put into the table what is missing there, or older, or of the same time and different')
    .option('--ttl-days <days>', 'with --repair: days until what is put expires, 0 is for ever (DYNAMODB_TTL_DAYS, 30)')
    .addHelpText('after', '\nEnds with 1 where something is missing or different, but what is newer in the table.')
    .action(run(options, validate));
}

async function validate(context: CommandContext, given: z.infer<typeof options>): Promise<CommandResult> {
  const config = context.config();
  await using cache = openCache(config, given.from);
  await using store = await openStore(config, context);
  const table = await openResultsTable(store.client, config, context);
  const { connection, files, paths } = cache;
  const all = await countRows(connection, paths.database);
  using bar = await context.progress('rows', Math.min(all, given.sample ?? all));
  const findings: Finding[] = [];
  const repair = given.repair === true;
  const done = await compareRows(
    { files, paths, read: table.read, put: table.writers.put, maxUrlBytes: table.maxUrlBytes, wait: waitForReal },
    {
      ...{ repair, ttlDays: given.ttlDays ?? config.dynamo.ttlDays, signal: context.signal },
      pages:
        given.sample === undefined
          ? rowPages(connection, paths.database, null, context.signal)
          : sampledRows(connection, paths.database, given.sample, context.signal),
      onCounts: ({ rows }) => bar.update(rows),
      onFinding(finding) {
        for (const line of linesOf(finding)) context.say(line);
        if (findings.length < maxFindings) findings.push(finding);
      },
    },
  );
  const left = done.missing + done.different - done.newer - done.repaired;
  return {
    exitCode: left + done.broken > 0 ? exitCodes.failed : exitCodes.ok,
    json: { from: paths.database, table: config.tables.results, ...done, findings },
    lines: summary(paths.database, config.tables.results, done, repair),
  };
}

/** The URL and whether it succeeded, then each field with both values. */
function linesOf({ url, kind, success, differences, note }: Finding): readonly string[] {
  const why = note === null ? '' : ` (${note})`;
  return [
    `${redactUrl(url)}, ${success ? 'a success' : 'a failure'}: ${kind}${why}`,
    ...differences.map(({ field, sqlite, dynamodb }) =>
      redactUrls(`  ${field}: SQLite ${sqlite}, DynamoDB ${dynamodb}`),
    ),
  ];
}

function summary(from: string, table: string, done: CompareCounts, repair: boolean): readonly string[] {
  const when = (count: number, line: string): readonly string[] => (count > 0 ? [line] : []);
  return [
    `${from} and ${table}: ${done.rows} rows, ${done.equal} equal, ${done.missing} missing, ${done.different} different.`,
    ...when(done.newer, `${done.newer} of the different are newer in the table.`),
    ...when(done.broken, `${done.broken} cannot be compared: their files, JSON or URLs are broken.`),
    ...(repair ? [`${done.repaired} were repaired.`] : []),
  ];
}
