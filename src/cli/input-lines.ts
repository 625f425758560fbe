// Lists that come in from a file or from standard input, a line at a time: nothing is read ahead of what is used.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type CommandContext, UsageError } from './command.js';

/** A line, and which it is in its file: the first is 1. */
export interface NumberedLine {
  readonly text: string;
  readonly number: number;
}

/** The lines of a file, `-` for standard input; empty ones are left out. */
export async function* inputLines(context: CommandContext, file: string): AsyncGenerator<string> {
  for await (const { text } of numberedLines(context, file)) yield text;
}

/** The same with their numbers, which count the empty ones too. */
export async function* numberedLines(context: CommandContext, file: string): AsyncGenerator<NumberedLine> {
  const input = file === '-' ? context.input() : createReadStream(file);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  try {
    for await (const line of lines) {
      context.signal.throwIfAborted();
      number += 1;
      if (line.trim() !== '') yield { text: line.trim(), number };
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new UsageError(`${file} cannot be read: ${error.message}`);
    throw error;
  } finally {
    lines.close();
    input.destroy();
  }
}

/** Lists of at most `size` entries whose weights sum up to at most `maxWeight`, unless one alone weighs more. */
export async function* inChunks<Entry>(
  entries: AsyncIterable<Entry>,
  limits: { readonly size: number; readonly maxWeight: number; readonly weigh: (entry: Entry) => number },
): AsyncGenerator<readonly Entry[]> {
  let chunk: Entry[] = [];
  let weight = 0;
  for await (const entry of entries) {
    const added = limits.weigh(entry);
    if (chunk.length > 0 && (chunk.length >= limits.size || weight + added > limits.maxWeight)) {
      yield chunk;
      chunk = [];
      weight = 0;
    }
    chunk.push(entry);
    weight += added;
  }
  if (chunk.length > 0) yield chunk;
}
