// The command `put`: results from a file, as Crawl4AI prints them, into a running gateway.
import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import type { Command } from 'commander';
import { z } from 'zod';
import { CrawlgateError } from '../../errors.js';
import { type CommandContext, type CommandResult, type Run, UsageError } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { createGatewayClient, type GatewayClient, type GraphqlAnswer, passingCodes } from '../gateway-client.js';
import { inChunks, type NumberedLine, numberedLines } from '../input-lines.js';

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
  weigh: ({ document }: Placed) => JSON.stringify(document).length,
};
/** A result that could not be stored, and may be the next time, is sent this often. */
const rounds = 3;

const mutation = `mutation Put($results: [JSON!]!, $ttlDays: Int) {
  cacheCrawl4aiResults(results: $results, ttlDays: $ttlDays) { url stored error { code message } storedBytes items } }`;

/** A result as it came in. */
interface Placed {
  readonly document: unknown;
  /** Where it stands, for one that has no URL to be named by: `#3` of a list, `line 3` of lines. */
  readonly place: string;
}

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
        const lines: string[] = [];
        using progress = await context.progress('storing', 0);
        const summary = (): string => `${answers.filter(({ stored }) => stored).length} of ${answers.length} stored`;
        try {
          for await (const some of inChunks(documentsOf(context, operands[0] ?? '-'), limits)) {
            const answered = await store(client, some, ttlDays);
            answers.push(...answered);
            for (const [index, { url: of, stored, error }] of answered.entries()) {
              if (!stored) lines.push(`${of === '' ? some[index]?.place : of}: ${error?.code}: ${error?.message}`);
            }
            progress.update(answers.length);
          }
        } catch (error) {
          throw answers.length === 0 ? error : saying(`Before that: ${summary()}.`, error);
        }
        const isFine = answers.every((answer) => answer.stored || answer.error?.code === 'SUPERSEDED');
        return {
          exitCode: isFine ? exitCodes.ok : exitCodes.failed,
          json: answers,
          lines: [...lines, summary()],
        };
      }),
    );
}

/** The same failure, and what was done before it: that stays so. */
function saying(before: string, error: unknown): unknown {
  if (error instanceof UsageError) return new UsageError(...error.problems, before);
  if (!(error instanceof CrawlgateError)) return error;
  return new CrawlgateError(error.code, `${error.message}. ${before}`, error.facts, { cause: error.cause });
}

async function store(
  client: GatewayClient,
  documents: readonly Placed[],
  ttlDays?: number,
): Promise<readonly Stored[]> {
  const answers: Stored[] = [];
  let open: readonly { readonly document: unknown; readonly index: number }[] = documents.map(
    ({ document }, index) => ({
      document,
      index,
    }),
  );
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
async function* documentsOf(context: CommandContext, file: string): AsyncGenerator<Placed> {
  if (file !== '-' && !/\.(jsonl|ndjson)$/.test(file)) {
    const text = await readFile(file, 'utf8').catch((error: Error) => {
      throw new UsageError(`${file} cannot be read: ${error.message}`);
    });
    yield* documentsOfText(text, file);
  } else if (file === '-') {
    yield* documentsOfText(await textOf(context.input()), 'standard input');
  } else {
    for await (const line of numberedLines(context, file)) yield documentOfLine(line, file);
  }
}

function documentsOfText(text: string, file: string): readonly Placed[] {
  const lines = text
    .split('\n')
    .map((line, index): NumberedLine => ({ text: line.trim(), number: index + 1 }))
    .filter((line) => line.text !== '');
  const first = lines[0]?.text ?? '';
  // A document that is spread over lines begins with one that is no document.
  const isLines = lines.length > 1 && first.startsWith('{') && isJson(first);
  if (isLines) return lines.map((line) => documentOfLine(line, file));
  const values: readonly unknown[] = first === '' ? [] : [parse(text, file)].flat();
  return values.map((document, index) => ({ document, place: `#${index + 1}` }));
}

function documentOfLine({ text, number }: NumberedLine, file: string): Placed {
  const place = `line ${number}`;
  return { document: parse(text, `${file}, ${place},`), place };
}

/** `what` is what the message calls the text. */
function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${what} is not JSON: ${error instanceof Error ? error.message : error}`);
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
