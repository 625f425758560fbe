// The API's own scalars: DateTime keeps the microseconds that JavaScript's Date would drop; JSON is any JSON value.
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import { formatInstant, type Instant, parseInstant } from '../domain/instant.js';

// parseInstant also reads what Python writes; the API takes RFC 3339 alone, which always has an offset.
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** RFC 3339 text outside, microseconds since 1970 inside. */
export const dateTimeScalar = new GraphQLScalarType<Instant, string>({
  name: 'DateTime',
  description:
    'A moment as RFC 3339 text in UTC, with as many fraction digits (up to microseconds) as it has: `2026-05-01T12:30:00.123456Z`. Input may carry any offset, of the years 1685 to 2254.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => formatInstant(value as Instant),
  parseValue: (value) => instantOf(value),
  parseLiteral: (node) => instantOf(node.kind === Kind.STRING ? node.value : undefined, node),
});

/** Any JSON value, as GraphQL's own reading of a scalar has it; a key `__proto__` stays a key. */
export const jsonScalar = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value: object, list, text, number, true, false or null.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  parseValue: (value) => value,
  parseLiteral: jsonOf,
});

/**
 * As GraphQL reads any value; but a variable that was not given is no value of JSON: in an object its key is left out, in a
 * list it is null, as in GraphQL's own inputs (https://spec.graphql.org/October2021/#sec-Input-Objects.Input-Coercion).
 */
function jsonOf(node: ValueNode, variables?: Readonly<Record<string, unknown>> | null): unknown {
  if (node.kind === Kind.LIST) return node.values.map((each) => jsonOf(each, variables) ?? null);
  if (node.kind !== Kind.OBJECT) return valueFromASTUntyped(node, variables);
  const entries = node.fields.map(({ name, value }) => [name.value, jsonOf(value, variables)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** @param node Where it stands in the document; what is wrong with a variable is told with the variable's place. */
function instantOf(value: unknown, node?: ValueNode): Instant {
  const instant = typeof value === 'string' && rfc3339.test(value) ? parseInstant(value) : null;
  if (instant !== null) return instant;
  const message =
    'DateTime takes RFC 3339 text with an offset, such as 2026-05-01T12:30:00.123456Z, of the years 1685 to 2254.';
  throw new GraphQLError(message, { nodes: node ?? null });
}
