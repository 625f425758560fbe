// `crawlgate key new`: a key that works, shown once.
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { parseApiKeyLine } from '../../src/config/api-key-line.js';
import { runCommand as run } from './commands.js';

it('prints a key and the line to keep, which is its digest', async () => {
  const { code, stdout } = await run(['key', 'new', '--name', 'dash-1', '--scope', 'read', '--json']);
  expect(code).toBe(0);
  const { key, line } = JSON.parse(stdout);
  expect(key).toMatch(/^cg_[\w-]{43}$/);
  const sha256 = createHash('sha256').update(key).digest('hex');
  expect(parseApiKeyLine(line)).toEqual({ name: 'dash-1', scope: 'read', sha256 });
  const again = await run(['key', 'new', '--name', 'dash-1', '--scope', 'read']);
  expect(again.stdout).toMatch(/^Key, shown this once: cg_/);
  expect(again.stdout).not.toContain(key);
});

it.each([
  [['--name', 'a:b', '--scope', 'read'], '--name: must be'],
  [['--name', 'a', '--scope', 'root'], '--scope: must be read, write or admin'],
  [['--scope', 'read'], '--name: is needed'],
  [['--name', 'a'], '--scope: must be'],
])('refuses %j', async (words, told) => {
  const { code, stdout, stderr } = await run(['key', 'new', ...words]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(told);
});
