// Judges an operation with its variables before it runs: may this caller, and is it within what one request may take.
import {
  type ExecutionArgs,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isInputObjectType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import type { OperationLimits } from '../../config/limits.js';
import { type Caller, mayDo } from '../../domain/caller.js';
import { CrawlgateError } from '../../errors.js';
import { type CostOf, costUnder, type OperationCost, planCost } from './cost-plan.js';

/** What keeps the operation from running; null where nothing does. */
export type CheckOperation = (args: ExecutionArgs, caller: Caller) => CrawlgateError | null;

/** What is known of an operation, once for all its requests: its node lives as long as its parsed document. */
interface Plan {
  readonly writes: boolean;
  readonly costOf: CostOf | null;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Variables that can hold lists and objects within each other. */
  readonly nested: readonly string[];
}

/** Makes the judge. A request whose operation was seen before costs it a look into a map and a few comparisons. */
export function createOperationCheck(
  limits: Pick<OperationLimits, 'maxCost' | 'maxUrls' | 'maxJsonDepth'>,
): CheckOperation {
  const plans = new WeakMap<OperationDefinitionNode, Plan>();
  return ({ schema, document, operationName, variableValues }, caller) => {
    const operation = getOperationAST(document, operationName);
    // Nothing will run; graphql-js says why.
    if (operation == null) return null;
    let plan = plans.get(operation);
    if (plan === undefined) {
      plan = planOf(
        operation,
        document.definitions.filter((one) => one.kind === 'FragmentDefinition'),
        schema,
      );
      plans.set(operation, plan);
    }
    if (plan.writes && !mayDo(caller, 'write')) {
      return new CrawlgateError('FORBIDDEN', 'Mutations take a key or token with the scope write.', { scope: 'write' });
    }
    const variables = variableValues ?? none;
    for (const name of plan.nested) {
      if (nestsDeeperThan(variables[name], limits.maxJsonDepth)) return tooDeep(name, limits.maxJsonDepth);
    }
    const cost =
      plan.costOf === null ? costUnder(schema, operation, plan.fragments, variables) : plan.costOf(variables);
    return cost === null ? null : tooMuch(cost, limits);
  };
}

const none: Readonly<Record<string, unknown>> = {};

function planOf(
  operation: OperationDefinitionNode,
  definitions: readonly FragmentDefinitionNode[],
  schema: GraphQLSchema,
): Plan {
  const fragments = Object.fromEntries(definitions.map((one) => [one.name.value, one]));
  const nested = (operation.variableDefinitions ?? []).flatMap(({ variable, type }) => {
    const named = getNamedType(typeFromAST(schema, type as never));
    return isInputObjectType(named) || named?.name === 'JSON' ? [variable.name.value] : [];
  });
  const costOf = planCost(operation, { fragments, variableValues: {} });
  return { writes: operation.operation === 'mutation', costOf, fragments, nested };
}

function tooMuch(
  { cost, urls }: OperationCost,
  { maxCost, maxUrls }: Pick<OperationLimits, 'maxCost' | 'maxUrls'>,
): CrawlgateError | null {
  if (urls > maxUrls) {
    const message = `The request names ${urls} URLs or results; at most ${maxUrls} fit one request.`;
    return new CrawlgateError('TOO_MANY_URLS', message, { limit: maxUrls, given: urls });
  }
  if (cost > maxCost) {
    const message = `The operation costs ${cost}; at most ${maxCost} is allowed. Ask for fewer results or large fields.`;
    return new CrawlgateError('TOO_COSTLY', message, { limit: maxCost, given: cost });
  }
  return null;
}

function tooDeep(variable: string, limit: number): CrawlgateError {
  return new CrawlgateError('TOO_DEEP', `The variable ${variable} nests deeper than ${limit} levels.`, { limit });
}

function nestsDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const one of Array.isArray(value) ? value : Object.values(value)) {
    if (nestsDeeperThan(one, levels - 1)) return true;
  }
  return false;
}
