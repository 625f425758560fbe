// The README says what the code says: every setting, every error code.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { renderSettingsTable } from '../src/config/settings-table.js';

const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8');

describe('the README', () => {
  it('holds the table of settings as the code makes it', async () => {
    expect(await read('../README.md')).toContain(renderSettingsTable().trim());
  });

  it('explains every error code and no other', async () => {
    const facts = /interface ErrorFacts \{(.*?)^\}/ms.exec(await read('../src/errors.ts'))?.[1] ?? '';
    const codes = [...facts.matchAll(/^ {2}([A-Z_]+):/gm)].map((match) => match[1]);
    const section = /^## Errors$(.*?)^## /ms.exec(await read('../README.md'))?.[1] ?? '';
    const explained = [...section.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
    expect(codes.length).toBeGreaterThan(10);
    expect(explained).toEqual(codes);
  });
});
