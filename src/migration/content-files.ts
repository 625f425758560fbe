// The texts beside a Crawl4AI database: files named by the xxh64 of what they hold.
import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContentColumn, contentFolders } from './cache-paths.js';

/** A text, or why there is none. `gone`: no file of that name. */
export type Content =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'gone'; readonly what: string }
  | { readonly kind: 'malformed'; readonly what: string };

/** The files of one cache. */
export interface ContentFiles {
  /** The text that a column's value stands for; null where it is empty. Rejects where the disk fails. */
  read(column: ContentColumn, value: string): Promise<Content | null>;
  /** Milliseconds since 1970 when the file that a value names was written; null where it names none that is there. */
  time(column: ContentColumn, value: string): Promise<number | null>;
  /** Writes a text, once: what names it, `""` for an empty one. On disk when it resolves. */
  write(column: ContentColumn, text: string): Promise<string>;
}

/** A value that names a file; any other is the text itself, as databases before Crawl4AI 0.3.74 have it. */
export function isContentHash(value: string): boolean {
  return /^[0-9a-f]{16}$/.test(value);
}

/**
 * Files that hold nothing but the name of another are followed this far: Crawl4AI's migration, which some versions run
 * at every upgrade, stores the hashes that it finds in the columns as if they were texts.
 */
const maxSteps = 64;

/** The files in `folder`, which is `.crawl4ai`. */
export function createContentFiles(folder: string): ContentFiles {
  const pathOf = (column: ContentColumn, hash: string): string => join(folder, contentFolders[column], hash);
  let hash64: Promise<(text: string) => string> | undefined;

  return {
    async read(column, value) {
      if (value === '') return null;
      if (!isContentHash(value)) return { kind: 'text', text: value };
      let hash = value;
      for (let step = 0; step < maxSteps; step += 1) {
        const bytes = await bytesAt(pathOf(column, hash));
        if (bytes === null) {
          if (step > 0) return { kind: 'text', text: hash };
          return { kind: 'gone', what: `kept in a file that is gone, ${contentFolders[column]}/${hash}` };
        }
        if (!isUtf8(bytes)) {
          return { kind: 'malformed', what: `kept in a file that is no UTF-8, ${contentFolders[column]}/${hash}` };
        }
        const text = bytes.toString();
        if (!isContentHash(text) || text === hash) return { kind: 'text', text };
        hash = text;
      }
      return { kind: 'malformed', what: 'kept in files that name one another' };
    },

    async time(column, value) {
      if (!isContentHash(value)) return null;
      try {
        return (await stat(pathOf(column, value))).mtimeMs;
      } catch {
        return null;
      }
    },

    async write(column, text) {
      if (text === '') return '';
      hash64 ??= loadHash64().catch((error: unknown) => {
        hash64 = undefined;
        throw error;
      });
      const hash = (await hash64)(text);
      const path = pathOf(column, hash);
      const bytes = Buffer.from(text);
      // Crawl4AI writes in place: a file that a crash left short, or full of zeros, is put right.
      if ((await sizeAt(path)) === bytes.length && (await bytesAt(path))?.equals(bytes) === true) return hash;
      await mkdir(join(folder, contentFolders[column]), { recursive: true });
      const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
      try {
        await writeFile(draft, bytes, { flush: true });
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
      return hash;
    },
  };
}

/** `xxhash.xxh64(content.encode()).hexdigest()`: sixteen digits, zeros in front included. */
async function loadHash64(): Promise<(text: string) => string> {
  const { default: load } = await import('xxhash-wasm');
  const { h64ToString } = await load();
  return h64ToString;
}

async function bytesAt(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function sizeAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
