// A gateway over DynamoDB loads nothing of SQLite: no driver, no hash, none of our files.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const source = fileURLToPath(new URL('../../src', import.meta.url));

/** Everything that a file imports before it runs, files and packages. */
function loadedBy(entry: string): ReadonlySet<string> {
  const loaded = new Set<string>();
  const visit = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    const path = join(source, file);
    if (!file.endsWith('.ts') || !existsSync(path)) return;
    const text = readFileSync(path, 'utf8');
    for (const [, name = ''] of text.matchAll(/^(?:import|export)(?! type)[^;]*? from '([^']+)'/gms)) {
      visit(name.startsWith('.') ? relative(source, join(dirname(path), name)).replace(/\.js$/, '.ts') : name);
    }
  };
  visit(entry);
  return loaded;
}

it('is imported by no file that every start needs', () => {
  const loaded = new Set([...loadedBy('cli/serve.ts'), ...loadedBy('gateway.ts')]);
  expect(loaded).toContain('gateway/dynamo-store.ts');
  expect(loaded).toContain('graphql');
  expect([...loaded].filter((name) => /^migration\/|libsql|xxhash/.test(name))).toEqual([]);
  // The search finds what there is to find.
  expect(loadedBy('gateway/sqlite-store.ts')).toContain('migration/sqlite-reader.ts');
  expect(loadedBy('migration/sqlite-worker.ts')).toContain('libsql');
});
