// Where a long command stopped, kept in a file until it has come to its end.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';

/** The place of one command and what it works on. */
export interface ResumeFile<State> {
  /** What the last run left; null: nothing, or nothing that this version can read. */
  load(): Promise<State | null>;
  /** Replaces it at once, so that a kill leaves the old or the new one. */
  save(state: State): Promise<void>;
  /** The work is done. */
  remove(): Promise<void>;
}

/** Makes one at `path`; folders are made as needed. Rejects with Node's own errors. */
export function createResumeFile<State>(path: string, schema: z.ZodType<State>): ResumeFile<State> {
  // Two runs at once have a draft each.
  const next = `${path}.${randomBytes(6).toString('hex')}.next`;
  return {
    async load() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      return text === null ? null : (schema.safeParse(parse(text)).data ?? null);
    },
    async save(state) {
      await mkdir(dirname(path), { recursive: true });
      try {
        await writeFile(next, JSON.stringify(state), { mode: 0o600 });
        await rename(next, path);
      } catch (error) {
        await rm(next, { force: true });
        throw error;
      }
    },
    remove: () => rm(path, { force: true }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
