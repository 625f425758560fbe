// From `--fields title,links.internal` to the selection of a query, by the schema that the gateway has.
import { buildSchema, type GraphQLObjectType, getNamedType, isObjectType, isRequiredArgument } from 'graphql';
import { UsageError } from './command.js';

/** Fields of CrawlResult as paths, a dot between steps: each once, in the order given. */
export type FieldPaths = readonly (readonly string[])[];

/** Reads a list such as `url,title,markdown.rawMarkdown`. */
export function readFieldPaths(text: string): FieldPaths {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new UsageError('--fields: names with commas between them, such as url,title');
  return [...new Set(names)].map((name) => name.split('.'));
}

/**
 * The selection of those fields; a path that ends at an object takes all of it.
 * @throws UsageError for each path that the schema does not have, in one error.
 */
export function selectionOf(paths: FieldPaths, schemaText: string): string {
  const type = buildSchema(schemaText).getType('CrawlResult');
  if (!isObjectType(type)) throw new Error('the schema has CrawlResult');
  const problems = paths.map((path) => problemOf(type, path)).filter((problem) => problem !== null);
  if (problems.length > 0) throw new UsageError(...problems);
  return select(type, paths);
}

/** The value at a path of an answered result; a list is looked into entry by entry. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined || value === null || value === undefined) return value ?? null;
  if (Array.isArray(value)) return value.map((entry) => valueAt(entry, path));
  return valueAt(Object(value)[name], rest);
}

function problemOf(type: GraphQLObjectType, path: readonly string[]): string | null {
  const [name = '', ...rest] = path;
  const field = type.getFields()[name];
  if (field === undefined) {
    const known = Object.keys(type.getFields()).filter((known) => known !== 'versions');
    return `--fields: ${type.name} has no ${JSON.stringify(name)}; it has ${known.join(', ')}`;
  }
  const inner = getNamedType(field.type);
  if (isObjectType(inner) && rest.length === 0 && leadsBack(inner)) {
    return `--fields: ${name} needs a path into it, such as ${name}.edges.node.createdAt`;
  }
  if (rest.length === 0) return null;
  return isObjectType(inner) ? problemOf(inner, rest) : `--fields: ${name} has no fields of its own`;
}

function select(type: GraphQLObjectType, paths: FieldPaths): string {
  const names = new Map<string, (readonly string[])[]>();
  for (const [name = '', ...rest] of paths) names.set(name, [...(names.get(name) ?? []), rest]);
  const fields = [...names].map(([name, rests]) => {
    const inner = getNamedType(type.getFields()[name]?.type);
    if (!isObjectType(inner)) return name;
    return `${name} ${rests.some((rest) => rest.length === 0) ? selectAll(inner) : select(inner, rests)}`;
  });
  return `{ ${fields.join(' ')} }`;
}

function selectAll(type: GraphQLObjectType): string {
  const fields = Object.values(type.getFields()).filter(({ args }) => !args.some(isRequiredArgument));
  const texts = fields.map(({ name, type: inner }) => {
    const named = getNamedType(inner);
    return isObjectType(named) ? `${name} ${selectAll(named)}` : name;
  });
  return `{ ${texts.join(' ')} }`;
}

/** A page of results holds results, which have pages: all of it has no end. */
function leadsBack(type: GraphQLObjectType): boolean {
  return 'edges' in type.getFields();
}
