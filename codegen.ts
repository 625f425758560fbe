// How src/graphql/generated.ts is made from schema.graphql: resolver types over our own domain types.
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'src/graphql/generated.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        useTypeImports: true,
        strictScalars: true,
        defaultScalarType: 'unknown',
        immutableTypes: true,
        enumsAsTypes: true,
        emitLegacyCommonJSImports: false,
        // An entry of a list may be a promise of null, as crawlResults' entries are.
        maybeValue: 'T extends Promise<infer Value> ? Promise<Value | null> : T | null',
        inputMaybeValue: 'T | null | undefined',
        contextType: './context.js#GatewayContext',
        scalars: {
          ID: 'string',
          DateTime: '../domain/instant.js#Instant',
          JSON: '../domain/packed-text.js#JsonValue',
        },
        // An alias each: a mapper with the same name as its GraphQL type does not compile (TS2440).
        mappers: {
          CrawlResult: './result-view.js#ResultView',
          Markdown: './result-view.js#ResultView as MarkdownOf',
          CrawlFailure: '../domain/crawl-result.js#CrawlResult as DomainCrawlResult',
          CrawlSession: '../domain/session.js#Session',
        },
      },
    },
  },
};

export default config;
