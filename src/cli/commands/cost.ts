// The command `cost`: what pages and lookups cost on DynamoDB on demand, from the sizes of real pages.
import type { Command } from 'commander';
import { z } from 'zod';
import type { CommandResult, Run } from '../command.js';
import { type CostInput, type Costs, costsOf } from '../costs.js';
import { exitCodes } from '../exit-codes.js';
import { pageSizes } from '../page-sizes.js';

const amount = (text: string): z.ZodType<number> =>
  z
    .string()
    .regex(/^\d{1,15}(\.\d{1,9})?$/, text)
    .transform(Number);
const share = amount('must be from 0 to 1').refine((value) => value <= 1, 'must be from 0 to 1');

const options = z.object({
  pages: amount('must be a number of pages').default(1_000_000),
  reads: amount('must be lookups a second').default(0),
  writes: amount('must be results a second').default(0),
  fields: z.enum(['head', 'markdown', 'html', 'whole'], 'must be head, markdown, html or whole').default('head'),
  hitRate: share.default(0),
  layout: z.enum(['document', 'versioned'], 'must be document or versioned').default('versioned'),
  readPrice: amount('must be a price').default(0.125),
  writePrice: amount('must be a price').default(0.625),
  storagePrice: amount('must be a price').default(0.25),
});

/** Hangs the options and the work on the command. */
export function define(command: Command, run: Run): void {
  command
    .option('--pages <n>', 'pages that are stored (1000000)')
    .option('--reads <n>', 'URLs looked up a second, on average (0)')
    .option('--writes <n>', 'results stored a second, on average (0)')
    .option('--fields <which>', 'what a lookup asks for: head, markdown, html or whole (head)')
    .option('--hit-rate <share>', 'share of lookups that memory answers, as the query stats says it (0)')
    .option('--layout <layout>', 'versioned or document (versioned)')
    .option('--read-price <usd>', 'a million read request units (0.125, us-east-1)')
    .option('--write-price <usd>', 'a million write request units (0.625, us-east-1)')
    .option('--storage-price <usd>', 'a GB for a month (0.25, us-east-1)')
    .action(
      run(options, async (_, given): Promise<CommandResult> => {
        const costs = costsOf(given, pageSizes[given.layout]);
        return { exitCode: exitCodes.ok, json: { given, ...costs }, lines: linesOf(given, costs) };
      }),
    );
}

function linesOf(given: CostInput, costs: Costs): readonly string[] {
  const { pages, reads, writes, fields } = given;
  const rows: readonly (readonly [string, string, number])[] = [
    ['storage', `${number(pages)} pages, ${number(costs.storedGb)} GB`, costs.monthly.storage],
    [
      'lookups',
      `${number(reads)} a second (${fields}), ${number(costs.readUnitsPerSecond)} read units a second`,
      costs.monthly.reads,
    ],
    [
      'writes',
      `${number(writes)} a second, ${number(costs.writeUnitsPerSecond)} write units a second`,
      costs.monthly.writes,
    ],
  ];
  return [
    ...rows.map(([name, what, usd]) => `${name.padEnd(8)} ${what.padEnd(58)} ${money(usd)} a month`),
    `${'in all'.padEnd(67)} ${money(costs.monthly.total)} a month`,
    `${'once'.padEnd(8)} ${`storing ${number(pages)} pages for the first time`.padEnd(58)} ${money(costs.firstWrite)}`,
  ];
}

function number(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 });
}

function money(usd: number): string {
  return usd.toLocaleString('en-US', { style: 'currency', currency: 'USD' }).padStart(12);
}
