/* eslint-disable */
import * as types from './graphql.js';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query BatchLookup($urls: [String!]!) {\n    crawlResults(urls: $urls, outcome: SUCCESS) {\n      url\n      title\n      statusCode\n      createdAt\n      markdown { rawMarkdown }\n      cache { source status }\n    }\n  }\n": typeof types.BatchLookupDocument,
};
const documents: Documents = {
    "\n  query BatchLookup($urls: [String!]!) {\n    crawlResults(urls: $urls, outcome: SUCCESS) {\n      url\n      title\n      statusCode\n      createdAt\n      markdown { rawMarkdown }\n      cache { source status }\n    }\n  }\n": types.BatchLookupDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query BatchLookup($urls: [String!]!) {\n    crawlResults(urls: $urls, outcome: SUCCESS) {\n      url\n      title\n      statusCode\n      createdAt\n      markdown { rawMarkdown }\n      cache { source status }\n    }\n  }\n"): typeof import('./graphql.js').BatchLookupDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
