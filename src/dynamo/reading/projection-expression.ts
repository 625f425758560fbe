// A projection as DynamoDB takes it: placeholders for every name, because many of ours are reserved words.
import type { Table } from '../table.js';

/** The members of a request that say which attributes are asked for. */
export interface ProjectionExpression {
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
}

/** By the list of names, which is one for all calls that ask for the same, and the table: two of one name may have other keys. */
const known = new WeakMap<readonly string[], WeakMap<Table, ProjectionExpression>>();

/** Of the key's own attributes and those in `projection`; null: whole items. */
export function projectionExpression(table: Table, projection: readonly string[] | null): ProjectionExpression {
  if (projection === null) return {};
  const ofTables = known.get(projection) ?? new WeakMap<Table, ProjectionExpression>();
  known.set(projection, ofTables);
  const expression = ofTables.get(table) ?? make(table, projection);
  ofTables.set(table, expression);
  return expression;
}

function make(table: Table, projection: readonly string[]): ProjectionExpression {
  const names = [...new Set([...table.keyAttributes, ...projection])];
  return {
    ProjectionExpression: names.map((_, index) => `#${index}`).join(','),
    ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#${index}`, name])),
  };
}
