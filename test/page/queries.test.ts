// Every question that the page asks is one that the schema allows.
import { readFile } from 'node:fs/promises';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import {
  healthQuery,
  linksSelection,
  listQuery,
  mediaSelection,
  namesQuery,
  partQuery,
  resultQuery,
  storedQuery,
  versionPartQuery,
  versionsSelection,
} from '../../src/page/queries.js';
import { textChoice, textChoices, textOf } from '../../src/page/texts.js';

const selections = [linksSelection, mediaSelection, versionsSelection, 'html', 'markdown { rawMarkdown }'];

describe('a question of the page', () => {
  it.each([
    ...[healthQuery, listQuery, namesQuery, resultQuery, storedQuery],
    ...[...selections, ...textChoices.map(({ selection }) => selection)].map(partQuery),
    ...textChoices.map(({ selection }) => versionPartQuery(selection)),
  ])('is valid: %s', async (query) => {
    const schema = buildSchema(await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8'));
    expect(validate(schema, parse(query))).toEqual([]);
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
