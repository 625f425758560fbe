// README and the tables in docs/ say what the code says: the first query, every setting, every error code.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderSettingsTable } from '../src/config/settings-table.js';
import { startGateway } from './support/gateway.js';

const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8');

describe('the README', () => {
  it('has a first query that a shell runs as printed, and its answer', async () => {
    const section = /^## One query and its answer$(.*?)^## /ms.exec(await read('../README.md'))?.[1] ?? '';
    const command = /^ {4}curl .*?'$/ms.exec(section.replace(/```.*/s, '').trimEnd())?.[0] ?? '';
    const printed = JSON.parse(/```json\n(.*?)```/s.exec(section)?.[1] ?? '');
    await using started = await startGateway({ CRAWLGATE_SAMPLES: 'true' });
    const here = command.replace('127.0.0.1:4000', `127.0.0.1:${started.port}`);
    expect(here).not.toBe(command);
    const { stdout } = await promisify(execFile)('bash', ['-c', here]);
    expect(JSON.parse(stdout)).toEqual(printed);
  });
});

describe('docs/settings.md', () => {
  it('holds the table of settings as the code makes it', async () => {
    expect(await read('../docs/settings.md')).toContain(renderSettingsTable());
  });
});

describe('docs/errors.md', () => {
  it('explains every error code and no other', async () => {
    const facts = /interface ErrorFacts \{(.*?)^\}/ms.exec(await read('../src/errors.ts'))?.[1] ?? '';
    const codes = [...facts.matchAll(/^ {2}([A-Z_]+):/gm)].map((match) => match[1]);
    const explained = [...(await read('../docs/errors.md')).matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
    expect(codes.length).toBeGreaterThan(10);
    expect(explained).toEqual(codes);
  });
});
