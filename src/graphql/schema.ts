// The executable schema: the text of schema.graphql and a resolver for every field that needs one.
import { readFileSync } from 'node:fs';
import type { GraphQLSchema } from 'graphql';
import { createSchema } from 'graphql-yoga';
import type { GatewayContext } from './context.js';
import type { Resolvers } from './generated.js';
import { cacheCrawlResults } from './resolvers/cache-crawl-results.js';
import { cacheCrawl4aiResults } from './resolvers/cache-crawl4ai-results.js';
import { crawlFailure } from './resolvers/crawl-failure.js';
import { crawlFeed } from './resolvers/crawl-feed.js';
import { crawlResult } from './resolvers/crawl-result.js';
import { crawlResultType } from './resolvers/crawl-result-type.js';
import { crawlResults } from './resolvers/crawl-results.js';
import { crawlSession } from './resolvers/crawl-session.js';
import { crawlSessionType } from './resolvers/crawl-session-type.js';
import { health } from './resolvers/health.js';
import { invalidateCrawlResults } from './resolvers/invalidate-crawl-results.js';
import { markdown } from './resolvers/markdown.js';
import { revalidateCrawlResult } from './resolvers/revalidate-crawl-result.js';
import { stats } from './resolvers/stats.js';
import { versions } from './resolvers/versions.js';
import { dateTimeScalar, jsonScalar } from './scalars.js';

/** Reads schema.graphql and joins it with the resolvers. */
export function createGatewaySchema(): GraphQLSchema {
  return createSchema<GatewayContext>({ typeDefs: readSchemaText(), resolvers });
}

/** The text of schema.graphql, which lies at the package's root beside both src/ and dist/. */
export function readSchemaText(): string {
  return readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
}

const resolvers: Resolvers = {
  DateTime: dateTimeScalar,
  JSON: jsonScalar,
  Query: { crawlResult, crawlResults, crawlFeed, crawlSession, health, stats },
  Mutation: { cacheCrawlResults, cacheCrawl4aiResults, revalidateCrawlResult, invalidateCrawlResults },
  CrawlResult: { ...crawlResultType, versions },
  CrawlFailure: crawlFailure,
  CrawlSession: crawlSessionType,
  Markdown: markdown,
};
