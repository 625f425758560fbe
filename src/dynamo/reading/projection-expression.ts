// A projection as DynamoDB takes it: placeholders for every name, because many of ours are reserved words.
import type { Table } from '../table.js';

/** The members of a request that say which attributes are asked for. */
export interface ProjectionExpression {
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
}

/** Of the key's own attributes and those in `projection`; null: whole items. */
export function projectionExpression(table: Table, projection: readonly string[] | null): ProjectionExpression {
  if (projection === null) return {};
  const names = [...new Set([...table.keyAttributes, ...projection])];
  return {
    ProjectionExpression: names.map((_, index) => `#${index}`).join(','),
    ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#${index}`, name])),
  };
}
