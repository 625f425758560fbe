// A projection says what its table needs, each name once.
import { expect, test } from 'vitest';
import { projectionExpression } from '../../src/dynamo/reading/projection-expression.js';

const names = ['success', 'ttl'];

test('two tables of one name with other keys each get their own', () => {
  const document = { name: 'crawl', keyAttributes: ['url'] };
  const versioned = { name: 'crawl', keyAttributes: ['pk', 'sk'] };
  for (const table of [document, versioned, document]) {
    const { ProjectionExpression, ExpressionAttributeNames } = projectionExpression(table, names);
    expect(Object.values(ExpressionAttributeNames ?? {})).toEqual([...table.keyAttributes, ...names]);
    expect(ProjectionExpression).toBe(Object.keys(ExpressionAttributeNames ?? {}).join(','));
  }
});

test('a name is said once, and whole items need none', () => {
  const table = { name: 'crawl', keyAttributes: ['url'] };
  const { ExpressionAttributeNames } = projectionExpression(table, ['url', 'ttl', 'ttl']);
  expect(Object.values(ExpressionAttributeNames ?? {})).toEqual(['url', 'ttl']);
  expect(projectionExpression(table, null)).toEqual({});
});
