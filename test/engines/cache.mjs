// Where what is fetched for the engines is kept between runs: made whole under another name first, or not at all.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../.engines/', import.meta.url));

/** The folder `<name>-<hash of recipe>`, filled by `make(folder)` where it is not there. */
export async function cached(name, recipe, make) {
  const folder = join(root, `${name}-${createHash('sha256').update(recipe).digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    await make(draft);
    await rename(draft, folder).catch((error) => {
      // Another run was faster.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}
