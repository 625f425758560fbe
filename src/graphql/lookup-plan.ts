// Which operations are nothing but lookups of small fields, and how their URLs and wants are found.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  type OperationDefinitionNode,
  print,
} from 'graphql';
import type { FieldName } from '../domain/fields.js';
import type { Want } from '../domain/read-many.js';
import { storedFields } from './field-names.js';
import { type LookupArguments, wantOfLookup } from './lookup.js';
import { selectedFields } from './selected-fields.js';
import type { GatewayServices } from './services.js';
import { wantedOf } from './wanted-groups.js';

/** One root field of such an operation. */
export interface PlannedLookup {
  readonly responseName: string;
  readonly isList: boolean;
  /** Stands for what is selected of each record. */
  readonly selection: object;
  /** Selected texts: a record that has one of them packed cannot be answered from parts. */
  readonly texts: readonly FieldName[];
}

/** An operation that is nothing but lookups. */
export interface LookupPlan {
  readonly lookups: readonly PlannedLookup[];
  /** Whether variables that can be read are what they are coerced to: they are all texts, or lists of texts. */
  readonly isPlain: boolean;
  /** What each lookup asks for, in the plan's order; null where the variables or arguments are not as they should be. */
  read(variables: Readonly<Record<string, unknown>>): readonly Asked[] | null;
}

/** What one lookup asks for. */
export interface Asked {
  readonly urls: readonly string[];
  readonly want: Want;
}

/** Fields that are the record's own and small; what they are told as depends on nothing else. */
const smallScalars: ReadonlySet<string> = new Set([
  '__typename',
  'url',
  'domain',
  'title',
  'success',
  'statusCode',
  'redirectedStatusCode',
  'createdAt',
  'updatedAt',
  'validatedAt',
  'expiresAt',
  'sizeBytes',
  'truncatedFields',
]);
const smallTexts: Readonly<Record<string, FieldName>> = {
  errorMessage: storedFields.errorMessage,
  redirectedUrl: storedFields.redirectedUrl,
  sessionId: storedFields.sessionId,
  etag: storedFields.etag,
  lastModified: storedFields.lastModified,
  headFingerprint: storedFields.headFingerprint,
};

/** The plan of an operation without directives and literal texts (`isCompilable`); null where it asks for more. */
export function planLookups(
  { schema, document }: { readonly schema: GraphQLSchema; readonly document: DocumentNode },
  operation: OperationDefinitionNode,
  services: GatewayServices,
): LookupPlan | null {
  const fragments = Object.fromEntries(document.definitions.filter(isFragment).map((one) => [one.name.value, one]));
  const info = { fragments, variableValues: {} };
  const nodes = operation.selectionSet.selections.filter((one): one is FieldNode => one.kind === 'Field');
  const names = new Set(nodes.map(responseNameOf));
  const fields = nodes.map((node) => schema.getQueryType()?.getFields()[node.name.value]);
  // One name for two fields would have to be merged; bounds of their own are counted apart.
  if (nodes.length !== operation.selectionSet.selections.length || names.size !== nodes.length) return null;
  if (nodes.length > 1 && !nodes.every(hasOneArgument)) return null;

  const lookups: PlannedLookup[] = [];
  const readers: ((variables: Readonly<Record<string, unknown>>) => Asked | null)[] = [];
  for (const [index, node] of nodes.entries()) {
    const field = fields[index];
    const argument = argumentOf[node.name.value];
    const selected = [...selectedFields([node], info).keys()];
    if (field === undefined || argument === undefined) return null;
    if (!selected.every((name) => smallScalars.has(name) || Object.hasOwn(smallTexts, name))) return null;
    const { groups } = wantedOf({ ...info, fieldNodes: [node], returnType: field.type });
    lookups.push({
      responseName: responseNameOf(node),
      isList: argument === 'urls',
      selection: {},
      texts: selected.flatMap((name) => (Object.hasOwn(smallTexts, name) ? (smallTexts[name] ?? []) : [])),
    });
    const read = readerOf(node, field, argument);
    const plainWant = hasOneArgument(node) ? wantOfLookup({}, groups, services) : null;
    readers.push((variables) => {
      const args = read(variables);
      return args === null ? null : { urls: args.urls, want: plainWant ?? wantOfLookup(args, groups, services) };
    });
  }

  const isPlain = (operation.variableDefinitions ?? []).every(
    ({ type, defaultValue }) => defaultValue === undefined && plainTypes.has(print(type)),
  );
  function readAll(given: Readonly<Record<string, unknown>>): readonly Asked[] | null {
    const variables = isPlain
      ? given
      : getVariableValues(schema, operation.variableDefinitions ?? [], given, { maxErrors: 1 }).coerced;
    if (variables === undefined) return null;
    const asked: Asked[] = [];
    for (const read of readers) {
      const one = read(variables);
      if (one === null || one.urls.length === 0 || one.urls.length > services.limits.maxUrls) return null;
      asked.push(one);
    }
    return asked;
  }

  return {
    lookups,
    isPlain,
    read(given) {
      try {
        return readAll(given);
      } catch {
        // Arguments that break a rule: the resolver says which.
        return null;
      }
    },
  };
}

const argumentOf: Readonly<Record<string, 'url' | 'urls'>> = { crawlResult: 'url', crawlResults: 'urls' };
/** Types whose values are what was given, if that is a text or a list of texts at all. */
const plainTypes: ReadonlySet<string> = new Set(['String!', '[String!]!']);

type ReadArguments = (
  variables: Readonly<Record<string, unknown>>,
) => (LookupArguments & { readonly urls: readonly string[] }) | null;

/** How the arguments are found. Whatever is not as expected is left to the engine, which says what is wrong with it. */
function readerOf(node: FieldNode, field: GraphQLField<unknown, unknown>, argument: 'url' | 'urls'): ReadArguments {
  const value = node.arguments?.[0]?.value;
  if (hasOneArgument(node) && value?.kind === 'Variable') {
    const name = value.name.value;
    return (variables) => {
      const urls = Object.hasOwn(variables, name) ? urlsOf(variables[name], argument) : null;
      return urls === null ? null : { urls };
    };
  }
  return (variables) => {
    const args = getArgumentValues(field, node, variables);
    const urls = urlsOf(args[argument], argument);
    return urls === null ? null : { ...args, urls };
  };
}

function urlsOf(value: unknown, argument: 'url' | 'urls'): readonly string[] | null {
  if (argument === 'url') return typeof value === 'string' ? [value] : null;
  return Array.isArray(value) && value.every(isText) ? value : null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function hasOneArgument(node: FieldNode): boolean {
  return node.arguments?.length === 1;
}

function responseNameOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}

function isFragment(definition: { readonly kind: string }): definition is FragmentDefinitionNode {
  return definition.kind === 'FragmentDefinition';
}
