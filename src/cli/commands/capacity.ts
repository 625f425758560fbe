// The command `capacity`: what tables and indexes consumed, from CloudWatch, as a table and a small plot.
import type { Command } from 'commander';
import { z } from 'zod';
import type { Config } from '../../config.js';
import { createControl } from '../../dynamo/provision/control-plane.js';
import { readTable } from '../../dynamo/provision/read-table.js';
import { CrawlgateError } from '../../errors.js';
import { type Capacity, type CapacitySubject, rangeOf, readCapacity } from '../../operations/capacity.js';
import { type CommandContext, type CommandResult, type Run, UsageError } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { numberOption } from '../number-option.js';
import { openStore } from '../open-store.js';
import { barLine, textTable } from '../text-table.js';

const price = numberOption(z.coerce.number('must be a price').min(0, 'must not be negative').optional());

const options = z.object({
  // Five-minute figures are kept for 63 days: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
  hours: numberOption(
    z.coerce
      .number('must be a whole number from 1 to 1512')
      .int('must be a whole number from 1 to 1512')
      .min(1, 'must be a whole number from 1 to 1512')
      .max(1512, 'must be a whole number from 1 to 1512'),
  ),
  readPrice: price,
  writePrice: price,
});

type Options = z.output<typeof options>;

/** Hangs the options and the work on the command. */
export function define(command: Command, run: Run): void {
  command
    .option('--hours <number>', 'how far back, 1 to 1512', '1')
    .option('--read-price <price>', 'price of a million read units on demand: what these would have cost')
    .option('--write-price <price>', 'the same for write units')
    .addHelpText(
      'after',
      '\nPeriods of 300 s. Metrics come a minute or two late. Ends with 1 where calls were throttled.',
    )
    .action(run(options, capacity));
}

async function capacity(context: CommandContext, given: Options): Promise<CommandResult> {
  const config = context.config();
  if (config.store.kind !== 'dynamodb' && config.store.kind !== 'hybrid') {
    const way =
      config.store.kind === 'sqlite'
        ? 'set CRAWLGATE_STORE=dynamodb (or hybrid) for this command'
        : 'name one, as with AWS_REGION or DYNAMODB_ENDPOINT';
    throw new UsageError(`CloudWatch knows tables of AWS only: ${way}`);
  }
  using bar = await context.progress('steps', 2);
  bar.update(0, 'tables and indexes');
  const subjects = await subjectsOf(config, context);
  bar.update(1, 'CloudWatch');
  const range = rangeOf(Date.now(), given.hours);
  const prices = { read: given.readPrice ?? null, write: given.writePrice ?? null };
  const { cloudwatch } = config.telemetry;
  const found = await readCapacity(cloudwatch, subjects, range, prices, context.signal);
  const isThrottled = found.some(({ throttleEvents }) => throttleEvents > 0);
  const [from, to] = [range.startMs, range.endMs].map((ms) => new Date(ms).toISOString());
  return {
    exitCode: isThrottled ? exitCodes.failed : exitCodes.ok,
    json: { from, to, periodSeconds: range.periodSeconds, capacity: found },
    lines: [`${from} to ${to}, units a second in periods of ${range.periodSeconds} s`, '', ...linesOf(found)],
  };
}

/** Both tables with their indexes; a sessions table that is not there consumes nothing. */
async function subjectsOf(config: Config, context: CommandContext): Promise<readonly CapacitySubject[]> {
  await using store = await openStore(config, context);
  const control = createControl({ client: store.client, signal: context.signal });
  const { results, sessions } = config.tables;
  const subjects: CapacitySubject[] = [];
  for (const name of [results, sessions]) {
    const table = await readTable(control, name);
    if (table === null && name === results) {
      const message = `There is no table ${name} (DYNAMODB_TABLE_CRAWL_RESULTS) in ${config.store.description}.`;
      throw new CrawlgateError('STORE_MISCONFIGURED', message, { operation: 'DescribeTable' });
    }
    if (table === null) continue;
    subjects.push({ table: name, index: null, provisioned: table.throughput });
    for (const { name: index, throughput } of table.indexes)
      subjects.push({ table: name, index, provisioned: throughput });
  }
  return subjects;
}

function linesOf(found: readonly Capacity[]): readonly string[] {
  const hasCost = found.some(({ onDemandCost }) => onDemandCost !== null);
  const head = ['', 'average', 'maximum', 'largest call', 'throttled', 'provisioned', 'used', 'at most', 'sum'];
  const rows = found.map((it) => [
    nameOf(it.table, it.index, it.direction),
    number(it.average),
    number(it.maximum),
    number(it.largestCall),
    String(it.throttleEvents),
    it.provisioned === null ? 'on demand' : number(it.provisioned),
    it.usedOnAverage === null ? '' : `${number(it.usedOnAverage)} %`,
    it.usedAtMost === null ? '' : `${number(it.usedAtMost)} %`,
    number(it.sum),
    ...(hasCost ? [it.onDemandCost === null ? '' : it.onDemandCost.toFixed(4)] : []),
  ]);
  const busy = found.filter(({ maximum }) => maximum > 0);
  const width = Math.max(0, ...busy.map(({ table, index, direction }) => nameOf(table, index, direction).length));
  return [
    ...textTable([hasCost ? [...head, 'on demand it costs'] : head, ...rows]),
    ...(busy.length === 0 ? [] : ['']),
    ...busy.map(
      ({ table, index, direction, periods, maximum }) =>
        `${nameOf(table, index, direction).padEnd(width)}  ${barLine(periods.map(({ perSecond }) => perSecond))}  ${number(maximum)}`,
    ),
  ];
}

function nameOf(table: string, index: string | null, direction: string): string {
  return `${table}${index === null ? '' : `/${index}`} ${direction}`;
}

/** Three digits are enough to compare. */
function number(value: number): string {
  return value === 0 ? '0' : value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
