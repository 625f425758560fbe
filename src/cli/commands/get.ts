// The command `get`: what a running gateway has of URLs, from the command line or from standard input.
import type { Command } from 'commander';
import { z } from 'zod';
import { readSchemaText } from '../../graphql/schema.js';
import { type CommandContext, type CommandResult, type Run, UsageError } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { type FieldPaths, readFieldPaths, selectionOf, valueAt } from '../field-selection.js';
import {
  createGatewayClient,
  defaultMaxUrls,
  type GatewayClient,
  type GraphqlAnswer,
  type GraphqlError,
  passingCodes,
} from '../gateway-client.js';
import { inChunks, inputLines } from '../input-lines.js';

const options = z.object({
  url: z.string().optional(),
  fields: z.string().default('url,statusCode,title,createdAt'),
  outcome: z.enum(['ANY', 'SUCCESS'], 'must be ANY or SUCCESS').default('ANY'),
  maxAge: z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number of seconds')
    .transform(Number)
    .optional(),
});

/** A URL that could not be looked up, and may be the next time, is asked for this often. */
const rounds = 3;

interface Looked {
  readonly url: string;
  readonly outcome: 'found' | 'absent' | 'failed';
  readonly result: unknown;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Hangs the arguments and the work on the command. */
export function define(command: Command, run: Run): void {
  command
    .argument('[urls...]', 'URLs exactly as stored; - or none reads them from standard input, one a line')
    .option('--fields <names>', 'fields of CrawlResult with commas between them; links.internal goes into an object')
    .option('--outcome <outcome>', 'ANY, or SUCCESS for the last good result')
    .option('--max-age <seconds>', 'older results count as not stored')
    .option('--url <url>', 'the gateway (CRAWLGATE_URL, or port 4000 of this machine); the key is CRAWLGATE_KEY')
    .addHelpText(
      'after',
      '\nEnds with 1 unless every URL is found. One field alone is printed as it is, others as a line a URL.',
    )
    .action(
      run(options, async (context, { url, fields, outcome, maxAge }, operands): Promise<CommandResult> => {
        const paths = readFieldPaths(fields);
        const selection = selectionOf(paths, readSchemaText());
        const client = createGatewayClient(context, url);
        const query = `query Get($urls: [String!]!, $outcome: Outcome, $maxAge: Int) {
          crawlResults(urls: $urls, outcome: $outcome, maxAge: $maxAge) ${selection} }`;
        const looked: Looked[] = [];
        const limits = { size: defaultMaxUrls, maxWeight: Number.POSITIVE_INFINITY, weigh: () => 0 };
        const say = lineSayer(context, paths);
        let [done, missed] = [0, 0];
        using progress = await context.progress('looking up', operands.length);
        for await (const urls of inChunks(urlsOf(context, operands), limits)) {
          for (const entry of await lookUp(client, query, { outcome, maxAge }, urls)) {
            missed += entry.outcome === 'found' ? 0 : 1;
            if (context.json) looked.push(entry);
            else say(entry);
          }
          done += urls.length;
          progress.update(done);
        }
        return { exitCode: missed === 0 ? exitCodes.ok : exitCodes.failed, json: looked, lines: [] };
      }),
    );
}

async function* urlsOf(context: CommandContext, operands: readonly string[]): AsyncGenerator<string> {
  if (operands.length === 0 && context.input().isTTY === true) throw new UsageError('Name URLs, or pipe them in.');
  for (const operand of operands.length === 0 ? ['-'] : operands) {
    if (operand === '-') yield* inputLines(context, '-');
    else yield operand;
  }
}

async function lookUp(
  client: GatewayClient,
  query: string,
  options: Readonly<Record<string, unknown>>,
  urls: readonly string[],
): Promise<readonly Looked[]> {
  const found = new Map<string, Looked>();
  let open: readonly string[] = [...new Set(urls)];
  for (let round = 1; open.length > 0; round += 1) {
    const again: string[] = [];
    const ask = (some: readonly string[]): Promise<GraphqlAnswer> => client.ask(query, { ...options, urls: some });
    for await (const { some, answer } of client.askInParts(open, ask)) {
      const { data, errors = [] } = answer;
      const list = Array.isArray(data?.crawlResults) ? data.crawlResults : null;
      const byIndex = errorsByIndex(errors);
      for (const [index, url] of some.entries()) {
        const error = list === null ? (errors[0] ?? { message: 'no answer' }) : byIndex.get(index);
        const entry = lookedOf(url, list?.[index] ?? null, error);
        if (round < rounds && passingCodes.has(entry.error?.code ?? '')) again.push(url);
        found.set(url, entry);
      }
    }
    open = again;
  }
  return urls.flatMap((url) => found.get(url) ?? []);
}

/** Errors by the entry of the list that they are in. */
function errorsByIndex(errors: readonly GraphqlError[]): ReadonlyMap<number, GraphqlError> {
  return new Map(errors.flatMap((error) => (typeof error.path?.[1] === 'number' ? [[error.path[1], error]] : [])));
}

function lookedOf(url: string, result: unknown, error: GraphqlError | undefined): Looked {
  if (error !== undefined) {
    const { message, extensions } = error;
    return { url, outcome: 'failed', result, error: { code: extensions?.code ?? 'UNKNOWN', message } };
  }
  return { url, outcome: result === null ? 'absent' : 'found', result, error: null };
}

/** Lines to standard output, problems to standard error. */
function lineSayer(context: CommandContext, paths: FieldPaths): (entry: Looked) => void {
  const text = (value: unknown): string => {
    if (value === null || value === undefined) return paths.length === 1 ? '' : '-';
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  return ({ url, outcome, result, error }) => {
    if (error !== null) context.say(`${url}: ${error.code}: ${error.message}`);
    else if (outcome === 'absent') context.say(`${url}: not stored`);
    if (result === null) return;
    const values = paths.map((path) => text(valueAt(result, path)));
    const line = paths.length === 1 ? values : values.map((value) => value.replaceAll(/\s+/g, ' '));
    context.output.write(`${line.join('\t')}\n`);
  };
}
