// The command `put`: results from a file, as Crawl4AI prints them, into a running gateway.
import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import type { Command } from 'commander';
import { z } from 'zod';
import { type CommandContext, type CommandResult, type Run, UsageError } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { createGatewayClient, type GatewayClient, type GraphqlAnswer, passingCodes } from '../gateway-client.js';
import { inChunks, inputLines } from '../input-lines.js';

const options = z.object({
  url: z.string().optional(),
  ttlDays: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a whole number of days')
    .transform(Number)
    .optional(),
});

/** Of one request; the bytes are an eighth of CRAWLGATE_MAX_BODY_BYTES where it is not set. */
const limits = {
  size: 100,
  maxWeight: 16 * 1024 * 1024,
  weigh: (document: unknown) => JSON.stringify(document).length,
};
/** A result that could not be stored, and may be the next time, is sent this often. */
const rounds = 3;

const mutation = `mutation Put($results: [JSON!]!, $ttlDays: Int) {
  cacheCrawl4aiResults(results: $results, ttlDays: $ttlDays) { url stored error { code message } storedBytes items } }`;

interface Stored {
  readonly url: string;
  readonly stored: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Hangs the argument and the work on the command. */
export function define(command: Command, run: Run): void {
  command
    .argument(
      '[file]',
      'a result, a list of results or one a line, as model_dump(mode="json") prints them; - or none: standard input',
    )
    .option('--ttl-days <days>', 'days until they expire; 0 means never (DYNAMODB_TTL_DAYS of the gateway)')
    .option('--url <url>', 'the gateway (CRAWLGATE_URL, or port 4000 of this machine); the key is CRAWLGATE_KEY')
    .addHelpText('after', '\nEnds with 1 unless every result is stored, or superseded by one that is newer.')
    .action(
      run(options, async (context, { url, ttlDays }, operands): Promise<CommandResult> => {
        const client = createGatewayClient(context, url);
        const answers: Stored[] = [];
        using progress = await context.progress('storing', 0);
        for await (const documents of inChunks(documentsOf(context, operands[0] ?? '-'), limits)) {
          answers.push(...(await store(client, documents, ttlDays)));
          progress.update(answers.length);
        }
        const stored = answers.filter((answer) => answer.stored).length;
        const left = answers.filter((answer) => !answer.stored);
        const isFine = left.every(({ error }) => error?.code === 'SUPERSEDED');
        const lines = left.map(({ url: of, error }) => `${of}: ${error?.code}: ${error?.message}`);
        return {
          exitCode: isFine ? exitCodes.ok : exitCodes.failed,
          json: answers,
          lines: [...lines, `${stored} of ${answers.length} stored`],
        };
      }),
    );
}

async function store(
  client: GatewayClient,
  documents: readonly unknown[],
  ttlDays?: number,
): Promise<readonly Stored[]> {
  const answers: Stored[] = [];
  let open: readonly { readonly document: unknown; readonly index: number }[] = documents.map((document, index) => ({
    document,
    index,
  }));
  for (let round = 0; round < rounds && open.length > 0; round += 1) {
    const ask = (some: typeof open): Promise<GraphqlAnswer> =>
      client.ask(mutation, { results: some.map(({ document }) => document), ttlDays });
    for await (const { some, answer } of client.askInParts(open, ask)) {
      const { data, errors } = answer;
      const list = Array.isArray(data?.cacheCrawl4aiResults) ? (data.cacheCrawl4aiResults as readonly Stored[]) : [];
      const whole = { code: errors?.[0]?.extensions?.code ?? 'UNKNOWN', message: errors?.[0]?.message ?? 'no answer' };
      for (const [place, { document, index }] of some.entries()) {
        answers[index] = list[place] ?? { url: urlOf(document), stored: false, error: whole };
      }
    }
    open = open.filter(({ index }) => passingCodes.has(answers[index]?.error?.code ?? ''));
  }
  return answers;
}

/** One document, a list, or a document a line, told apart by how the file begins. */
async function* documentsOf(context: CommandContext, file: string): AsyncGenerator<unknown> {
  if (file !== '-' && !/\.(jsonl|ndjson)$/.test(file)) {
    const text = await readFile(file, 'utf8').catch((error: Error) => {
      throw new UsageError(`${file} cannot be read: ${error.message}`);
    });
    yield* documentsOfText(text, file);
  } else if (file === '-') {
    yield* documentsOfText(await textOf(context.input()), 'standard input');
  } else {
    for await (const line of inputLines(context, file)) yield parse(line, file);
  }
}

function* documentsOfText(text: string, file: string): Generator<unknown> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const first = lines[0]?.trim() ?? '';
  // A document that is spread over lines begins with one that is no document.
  const isLines = lines.length > 1 && first.startsWith('{') && isJson(first);
  const values: unknown[] = isLines
    ? lines.map((line) => parse(line, file))
    : [text.trim() === '' ? [] : parse(text, file)].flat();
  yield* values;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function urlOf(document: unknown): string {
  const url = typeof document === 'object' && document !== null && 'url' in document ? document.url : '';
  return typeof url === 'string' ? url : '';
}
