// Puts a saved memory back, or says why not and keeps the file out of the way.
import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import type { Events } from '../observability/events.js';
import { entriesOf, inspect } from './snapshot-format.js';

/** What of memory is saved and restored. */
export interface SnapshotMemory<Key extends string, Value> {
  /** Keys of found answers, the least recently used first. */
  keys(): readonly Key[];
  peek(key: Key): { readonly value: Value; readonly readAt: number } | undefined;
  /** Takes an answer back, never to be fresh; not where the key has one by now. */
  restore(key: Key, value: Value, readAt: number): void;
  /** Another number after every change. */
  changes(): number;
}

/** How values become bytes. */
export interface SnapshotCodec<Value> {
  /** Says with which the bytes can be decoded: a file of another format is not restored. */
  readonly format: string;
  readonly encode: (value: Value) => readonly Buffer[];
  /** Throws where the bytes are none that `encode` made. */
  readonly decode: (bytes: Buffer) => Value;
}

/** What restoring needs. */
export interface RestoreDeps<Key extends string, Value> {
  readonly path: string;
  readonly codec: SnapshotCodec<Value>;
  readonly memory: SnapshotMemory<Key, Value>;
  /** Milliseconds that it may take. */
  readonly limitMs: number;
  readonly events: Pick<Events, 'notice'>;
}

/**
 * Restores what the file holds, but for the keys that were written after it was saved. Answers the file, open for noting
 * what is written from now on; null where there is none, or none of use: that one is kept beside, under another name,
 * because nothing would be noted in it any more. Does not reject.
 */
export async function restoreSnapshot<Key extends string, Value>(
  deps: RestoreDeps<Key, Value>,
): Promise<FileHandle | null> {
  const { path, events } = deps;
  try {
    const file = await open(path, 'r+').catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    if (file === null) return null;
    try {
      const restored = await restoreFrom(file, deps);
      events.notice({
        level: 'info',
        message: `Restored ${restored} results from ${path}; they stand in while DynamoDB does not answer.`,
      });
    } finally {
      await file.close();
    }
    return await open(path, 'a');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const aside = `${path}.damaged`;
    const isAside = await putAside(path, aside).catch(() => false);
    const where = isAside ? `It is kept as ${aside}.` : 'It could not be renamed.';
    events.notice({ level: 'warn', message: `The memory snapshot ${path} is not used: ${why}. ${where}` });
    return null;
  }
}

/** Whether it was: whatever is no file, a folder with all that is in it, is not ours to move. */
async function putAside(path: string, aside: string): Promise<boolean> {
  if (!(await stat(path)).isFile()) return false;
  await rename(path, aside);
  return true;
}

/** Answers how many entries came back. Rejects where the file is damaged or it takes too long. */
async function restoreFrom<Key extends string, Value>(
  file: FileHandle,
  { codec, memory, limitMs }: RestoreDeps<Key, Value>,
): Promise<number> {
  const signal = AbortSignal.timeout(limitMs);
  const found = await inspect(file, codec.format, signal);
  if (found.kind === 'damaged') throw new RangeError(found.why);
  let restored = 0;
  for await (const { key, readAt, value } of entriesOf(file, codec.format, signal)) {
    if (found.written.has(key)) continue;
    memory.restore(key as Key, codec.decode(value), readAt);
    restored += 1;
  }
  // What was appended and never finished would stand before what is appended next.
  await file.truncate(found.end);
  return restored;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
