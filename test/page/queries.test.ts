// Every question that the page asks is one that the schema allows.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { pageDocuments } from '../../src/page/documents.js';
import { textChoice, textChoices, textOf } from '../../src/page/texts.js';

describe('a question of the page', () => {
  it.each(pageDocuments)('is valid: %s', async (query) => {
    const schema = buildSchema(await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8'));
    expect(validate(schema, parse(query))).toEqual([]);
  });

  it('is in the manifest that the build made, by its hash, and nothing else is', async () => {
    const manifest = await readFile(new URL('../../dist/page/documents.json', import.meta.url), 'utf8');
    const hashed = pageDocuments.map((text) => [createHash('sha256').update(text).digest('hex'), text]);
    expect(JSON.parse(manifest)).toEqual(Object.fromEntries(hashed));
  });
});

describe('a text of an answer', () => {
  it('is found where it was selected, JSON laid out, and null where nothing is stored', () => {
    expect(textOf(textChoice('rawMarkdown'), { markdown: { rawMarkdown: '# x' } })).toBe('# x');
    expect(textOf(textChoice('rawMarkdown'), { markdown: null })).toBeNull();
    expect(textOf(textChoice('html'), { html: '' })).toBe('');
    expect(textOf(textChoice('metadata'), { metadata: { title: 'x' } })).toBe('{\n  "title": "x"\n}');
    expect(textOf(textChoice('html'), null)).toBeNull();
  });

  it('of an id that there is not is the first', () => {
    expect(textChoice('nonsense')).toBe(textChoices[0]);
  });
});
