// Parses documents of bounded size; what is larger is refused before it is validated.
import { type DocumentNode, GraphQLError, type ParseOptions, parse, type Source } from 'graphql';
import type { OperationLimits } from '../../config/limits.js';
import { CrawlgateError } from '../../errors.js';
import { measureDocument } from './measure-document.js';

/** graphql-js's `parse`. */
export type ParseDocument = (source: string | Source, options?: ParseOptions) => DocumentNode;

type DocumentLimits = Pick<OperationLimits, 'maxTokens' | 'maxDepth' | 'maxFields' | 'maxAliases' | 'maxDirectives'>;

/** Makes the parser. It throws graphql-js's own errors, and for what is too large a GraphQLError around our coded one. */
export function createBoundedParse(limits: DocumentLimits): ParseDocument {
  return (source, options) => {
    const document = parseWithin(source, options, limits);
    const { depth, fields, aliases, directives } = measureDocument(document);
    if (depth > limits.maxDepth) throw refusal('TOO_DEEP', 'nests deeper than', limits.maxDepth, 'levels', depth);
    if (aliases > limits.maxAliases)
      throw refusal('TOO_MANY_ALIASES', 'has more than', limits.maxAliases, 'aliases', aliases);
    if (directives > limits.maxDirectives) {
      throw refusal('TOO_MANY_DIRECTIVES', 'has more than', limits.maxDirectives, 'directives', directives);
    }
    if (fields > limits.maxFields)
      throw refusal('TOO_MANY_FIELDS', 'selects more than', limits.maxFields, 'fields', fields);
    return document;
  };
}

function parseWithin(
  source: string | Source,
  options: ParseOptions | undefined,
  { maxTokens, maxDepth }: DocumentLimits,
): DocumentNode {
  try {
    return parse(source, { ...options, maxTokens });
  } catch (error) {
    // The parser calls itself for every level: a stack that is full is a document too deep, not a bug.
    if (error instanceof RangeError) throw refusal('TOO_DEEP', 'nests deeper than', maxDepth, 'levels', null);
    if (error instanceof GraphQLError && /^Syntax Error: Document contains more that? \d+ tokens/.test(error.message)) {
      throw refusal('TOO_MANY_TOKENS', 'has more than', maxTokens, 'tokens', null);
    }
    throw error;
  }
}

function refusal(
  code: 'TOO_DEEP' | 'TOO_MANY_ALIASES' | 'TOO_MANY_DIRECTIVES' | 'TOO_MANY_FIELDS' | 'TOO_MANY_TOKENS',
  what: string,
  limit: number,
  unit: string,
  given: number | null,
): GraphQLError {
  // Fragments within fragments can be more than a number holds.
  const facts = given === null || !Number.isSafeInteger(given) ? { limit } : { limit, given };
  const originalError = new CrawlgateError(code, `The document ${what} ${limit} ${unit}.`, facts);
  return new GraphQLError(originalError.message, { originalError });
}
