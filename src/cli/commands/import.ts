// The command `import`: a Crawl4AI cache in SQLite into the table of results.
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Config } from '../../config.js';
import { waitForReal } from '../../dynamo/retry.js';
import { type ImportCounts, type ImportProblem, importRows, noImports } from '../../migration/import-rows.js';
import { countRows } from '../../migration/row-pages.js';
import { redactUrl } from '../../observability/redact-urls.js';
import type { CommandContext, CommandResult, Run } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { fromWords, openCache } from '../open-cache.js';
import { openStore } from '../open-store.js';
import { openResultsTable } from '../open-table.js';
import { createResumeFile } from '../resume-file.js';
import { ttlDaysOption } from '../ttl-days-option.js';

const options = z.object({
  from: z.string().min(1, 'must be a path').optional(),
  ttlDays: ttlDaysOption,
  force: z.boolean().optional(),
  partial: z.boolean().optional(),
  restart: z.boolean().optional(),
});

const counts = z.object({
  ...{ rows: z.number(), imported: z.number(), failures: z.number(), untimed: z.number() },
  ...{ kept: z.number(), broken: z.number(), refused: z.number() },
});

const resumeState = z.object({
  place: z.object({ rowid: z.number(), url: z.string() }),
  counts,
  /** Which table it was, as `OpenedTable` has it. */
  identity: z.string(),
  options: z.object({ force: z.boolean(), partial: z.boolean(), ttlDays: z.number() }),
});
type ResumeState = z.infer<typeof resumeState>;

/** Problems that `--json` lists; all are told on standard error. */
const maxProblems = 1000;

/** What `crawled_data` has no column for: the typed fields are null, `crawl4ai` does not hold them. */
const neverHad =
  'status_code, redirected_url, error_message, fit_html, pdf, mhtml, tables, ssl_certificate, network_requests, console_messages';

/** Hangs the options and the work on the command. */
export function define(command: Command, run: Run): void {
  command
    .option('--from <path>', fromWords)
    .option('--ttl-days <days>', 'days until what is imported expires, from now; 0 is for ever (DYNAMODB_TTL_DAYS, 30)')
    .option('--force', 'replace what is stored and older by rows that have a time of their own')
    .option(
      '--partial',
      'a row with a field that cannot be read (its text file is gone, its JSON is broken) is imported without that field; it is left out otherwise',
    )
    .option('--restart', 'begin anew instead of going on where an earlier run stopped')
    .addHelpText(
      'after',
      '\nSQLite is only read, while crawlers may write. What is stored in the table already is kept, so it may run again.' +
        '\nEnds with 1 where a row had a field that could not be read, or was refused; each is named.',
    )
    .action(run(options, importCache));
}

async function importCache(context: CommandContext, given: z.infer<typeof options>): Promise<CommandResult> {
  const config = context.config();
  await using cache = openCache(config, given.from);
  await using store = await openStore(config, context);
  const table = await openResultsTable(store.client, config, context);
  const file = createResumeFile(resumePath(config, cache.paths.database), resumeState);
  const ttlDays = given.ttlDays ?? config.dynamo.ttlDays;
  const now = {
    identity: table.identity,
    options: { force: given.force === true, partial: given.partial === true, ttlDays },
  };
  const earlier = given.restart === true ? null : earlierOf(await file.load(), now, context);

  using bar = await context.progress('rows', await countRows(cache.connection, cache.paths.database));
  const problems: ImportProblem[] = [];
  const startedAt = performance.now();
  let before = earlier?.counts ?? noImports;
  const done = await importRows(
    {
      ...{ connection: cache.connection, files: cache.files, paths: cache.paths, maxUrlBytes: table.maxUrlBytes },
      put: table.writers.put,
      wait: waitForReal,
    },
    {
      ...{
        from: earlier?.place ?? null,
        counts: before,
        signal: context.signal,
      },
      ...now.options,
      onAnew() {
        before = noImports;
        context.say('Beginning anew: the row at which the earlier run stopped is gone.');
      },
      async onBatch(so, place) {
        bar.update(so.rows);
        await file.save({ place, counts: so, ...now });
      },
      onProblem(problem) {
        context.say(`${redactUrl(problem.url)}: ${problem.message}`);
        if (problems.length < maxProblems) problems.push(problem);
      },
    },
  );
  if (context.signal.aborted) context.say(`Stopped after ${done.rows} rows: the same command goes on from there.`);
  else await file.remove();
  const seconds = (performance.now() - startedAt) / 1000;
  const perSecond = Math.round((done.rows - before.rows) / Math.max(seconds, 0.001));
  return {
    exitCode: done.broken + done.refused > 0 ? exitCodes.failed : exitCodes.ok,
    json: {
      ...{ from: cache.paths.database, table: config.tables.results, ...done, problems, rowsPerSecond: perSecond },
      neverHad: neverHad.split(', '),
    },
    lines: summary(cache.paths.database, config.tables.results, { ...done, partial: now.options.partial }, perSecond),
  };
}

/** Where to go on, which is told; null where the table or the options are others now. */
function earlierOf(
  found: ResumeState | null,
  now: Pick<ResumeState, 'identity' | 'options'>,
  { say }: Pick<CommandContext, 'say'>,
): ResumeState | null {
  if (found === null) return null;
  if (found.identity !== now.identity) {
    say('Beginning anew: the table is not the one of the earlier run.');
    return null;
  }
  const { force, partial, ttlDays } = found.options;
  if (force !== now.options.force || partial !== now.options.partial || ttlDays !== now.options.ttlDays) {
    say('Beginning anew: the earlier run had other options (--force, --partial or --ttl-days).');
    return null;
  }
  say(`Going on after ${found.counts.rows} rows; --restart begins anew.`);
  return found;
}

/** One cache and one table have one place. */
function resumePath(config: Config, database: string): string {
  const { store, tables, embedded } = config;
  const what = [store.description, tables.results, resolve(database)].join(' ');
  const id = createHash('sha256').update(what).digest('hex').slice(0, 12);
  return join(embedded.dataDir, `import-${id}.json`);
}

function summary(
  from: string,
  table: string,
  done: ImportCounts & { readonly partial: boolean },
  perSecond: number,
): readonly string[] {
  const when = (count: number, line: string): readonly string[] => (count > 0 ? [line] : []);
  const unread = 'a field that cannot be read (a text file that is gone, broken JSON), named above';
  const became = done.partial
    ? `${done.broken} rows have ${unread}; the rest of them was imported like any other row.`
    : `${done.broken} rows were left out, because they have ${unread}; --partial imports the rest of them.`;
  return [
    `${from} to ${table}: ${done.rows} rows, ${done.imported} imported, ${done.kept} kept as stored (${perSecond} rows a second).`,
    ...when(done.failures, `${done.failures} of the imported are crawls that had failed.`),
    ...when(done.untimed, `${done.untimed} of the imported have no time of their own: that of their files was taken.`),
    ...when(done.broken, became),
    ...when(done.refused, `${done.refused} rows were refused, for the reasons above.`),
    `This cache never had: ${neverHad}.`,
  ];
}
