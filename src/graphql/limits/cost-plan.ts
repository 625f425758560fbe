// What an operation costs before it runs: what it reads and writes, as a sum whose factors may be variables.
import {
  type FieldNode,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';
import { type FieldGroups, largeFieldsOf } from '../../domain/fields.js';
import { maxPage, usualPage } from '../checks.js';
import { dependsOnVariables, type SelectionInfo, selectedFields } from '../selected-fields.js';
import { groupsOfSelection } from '../wanted-groups.js';

/** What one operation takes. */
export interface OperationCost {
  /** In the units of CRAWLGATE_MAX_COST. */
  readonly cost: number;
  /** URLs, or results to store, that the operation names. */
  readonly urls: number;
}

/** The cost under some variables, as the request has them: not coerced. */
export type CostOf = (variables: Readonly<Record<string, unknown>>) => OperationCost;

// A head is half a read unit, a large text of an average page some four more: see "Measured" in the README.
const perResult = 1;
const perLargeField = 10;
/** A whole result costs no more: of its 25 large fields a page has a few. CRAWLGATE_MAX_URLS of them fit CRAWLGATE_MAX_COST. */
const perWholeResult = 50;
const perWrite = 10;
/** A page of the feed or of versions is up to eight queries before its first result. */
const perPage = 10;
/** The answer to a full introspection is a hundred kilobytes. */
const perIntrospection = 100;

/** A number that is known, or comes with a request: the length of a list, or the size of a page. */
type Factor = number | { readonly variable: string; readonly is: 'length' | 'page'; readonly unset: number };
/** One summand: so much for each of the product of the factors. */
interface Term extends OperationCost {
  readonly factors: readonly Factor[];
}

/** Plans the cost of an operation, once; null where a directive makes it depend on variables in another way. */
export function planCost(operation: OperationDefinitionNode, info: SelectionInfo): CostOf | null {
  if (dependsOnVariables([operation], info)) return null;
  return sumOf(termsOf(operation, info));
}

/** The cost of an operation whose selections depend on variables; null for variables that do not fit: nothing will run. */
export function costUnder(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: SelectionInfo['fragments'],
  variables: Readonly<Record<string, unknown>>,
): OperationCost | null {
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1 });
  if (coerced === undefined) return null;
  return sumOf(termsOf(operation, { fragments, variableValues: coerced }))(coerced);
}

function sumOf(terms: readonly Term[]): CostOf {
  const fixed = terms.filter(({ factors }) => factors.every((factor) => typeof factor === 'number'));
  const open = terms.filter((term) => !fixed.includes(term));
  const known = total(fixed, {});
  if (open.length === 0) return () => known;
  return (variables) => {
    const { cost, urls } = total(open, variables);
    return { cost: known.cost + cost, urls: known.urls + urls };
  };
}

function total(terms: readonly Term[], variables: Readonly<Record<string, unknown>>): OperationCost {
  let cost = 0;
  let urls = 0;
  for (const term of terms) {
    let times = 1;
    for (const factor of term.factors) times *= typeof factor === 'number' ? factor : factorUnder(factor, variables);
    cost += term.cost * times;
    urls += term.urls * times;
  }
  return { cost, urls };
}

function factorUnder(
  { variable, is, unset }: Exclude<Factor, number>,
  variables: Readonly<Record<string, unknown>>,
): number {
  const value = variables[variable];
  if (value == null) return value === undefined ? unset : is === 'length' ? 0 : usualPage;
  if (is === 'page') return pageSize(typeof value === 'number' ? value : Number.NaN);
  // What is no list where one is due is taken for a list of one.
  return Array.isArray(value) ? value.length : 1;
}

/** What is out of bounds is refused by the resolver; until then it is taken for a whole page. */
function pageSize(first: number): number {
  return first >= 0 && first <= maxPage ? first : maxPage;
}

function termsOf(operation: OperationDefinitionNode, info: SelectionInfo): readonly Term[] {
  const terms: Term[] = [];
  for (const [name, nodes] of selectedFields([operation], info)) {
    // Each alias of a root field is a call of its own.
    for (const node of nodes) terms.push(...termsOfRoot(name, node, operation, info));
  }
  return terms;
}

function termsOfRoot(
  name: string,
  node: FieldNode,
  operation: OperationDefinitionNode,
  info: SelectionInfo,
): readonly Term[] {
  const list = (argument: string): Factor => factorOf(node, argument, 'length', operation);
  switch (name) {
    case 'crawlResult':
      return resultTerms([node], [], 1, operation, info);
    case 'crawlResults':
      return resultTerms([node], [list('urls')], 1, operation, info);
    case 'crawlFeed':
      return pageTerms(node, [], operation, info);
    case 'cacheCrawlResults':
    case 'cacheCrawl4aiResults':
      return [{ factors: [list('results')], cost: perWrite, urls: 1 }];
    case 'invalidateCrawlResults':
      return [{ factors: [list('urls')], cost: perWrite, urls: 1 }];
    case 'revalidateCrawlResult':
      return [{ factors: [], cost: perWrite, urls: 1 }];
    case '__schema':
    case '__type':
      return [{ factors: [], cost: perIntrospection, urls: 0 }];
    default:
      return [{ factors: [], cost: perResult, urls: 0 }];
  }
}

/** Results that `nodes` are asked of, and the versions below each. */
function resultTerms(
  nodes: readonly FieldNode[],
  factors: readonly Factor[],
  urls: number,
  operation: OperationDefinitionNode,
  info: SelectionInfo,
): readonly Term[] {
  const wanted: FieldGroups = groupsOfSelection(nodes, info);
  const cost = Math.min(perResult + perLargeField * largeFieldsOf(wanted).length, perWholeResult);
  const versions = selectedFields(nodes, info).get('versions') ?? [];
  return [{ factors, cost, urls }, ...versions.flatMap((node) => pageTerms(node, factors, operation, info))];
}

function pageTerms(
  node: FieldNode,
  factors: readonly Factor[],
  operation: OperationDefinitionNode,
  info: SelectionInfo,
): readonly Term[] {
  const edges = selectedFields([node], info).get('edges') ?? [];
  const results = selectedFields(edges, info).get('node') ?? [];
  const inside = [...factors, factorOf(node, 'first', 'page', operation)];
  return [{ factors, cost: perPage, urls: 0 }, ...resultTerms(results, inside, 0, operation, info)];
}

function factorOf(
  node: FieldNode,
  argument: string,
  is: 'length' | 'page',
  operation: OperationDefinitionNode,
): Factor {
  const value = node.arguments?.find(({ name }) => name.value === argument)?.value;
  if (value?.kind !== 'Variable') return literalFactor(value, is);
  const variable = value.name.value;
  const definition = operation.variableDefinitions?.find((one) => one.variable.name.value === variable);
  return { variable, is, unset: literalFactor(definition?.defaultValue, is) };
}

function literalFactor(value: ValueNode | undefined, is: 'length' | 'page'): number {
  if (is === 'page') {
    if (value === undefined || value.kind === 'NullValue') return usualPage;
    return pageSize(value.kind === 'IntValue' ? Number(value.value) : Number.NaN);
  }
  if (value === undefined || value.kind === 'NullValue') return 0;
  return value.kind === 'ListValue' ? value.values.length : 1;
}
