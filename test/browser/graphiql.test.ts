// The GraphiQL page in a real browser, served by the smallest server that can: the page's own tests need no gateway.
import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { createGraphiqlPage } from '../../src/http/graphiql-page.js';
import { describeGraphiql } from './graphiql-suite.js';

describeGraphiql('GraphiQL from a small server', {
  start: startSmallServer,
  query: '{ crawlResult(url: "https://lighthouse.example/") { title } }',
  answer: '"title": "The lamp room"',
  exampleTab: 'LampRoom',
  documented: { field: 'crawlResult', description: 'The newest stored result of one URL.' },
  screenshot: process.env.GRAPHIQL_SCREENSHOT,
});

async function startSmallServer(): Promise<{ url: string; close: () => Promise<void> }> {
  const yoga = createYoga({
    graphiql: false,
    logging: false,
    schema: createSchema({
      typeDefs: /* GraphQL */ `
        type Query {
          "The newest stored result of one URL."
          crawlResult(url: String!): CrawlResult
        }
        "One stored page."
        type CrawlResult {
          url: String!
          title: String
        }
      `,
      resolvers: {
        Query: { crawlResult: (_: unknown, { url }: { url: string }) => ({ url, title: 'The lamp room' }) },
      },
    }),
  });
  const page = createGraphiqlPage({
    endpoint: '/graphql',
    title: 'Crawlgate',
    examples: [
      { title: 'One page', query: 'query LampRoom { crawlResult(url: "https://lighthouse.example/") { title } }' },
      {
        title: 'Another',
        query: 'query Keeper($url: String!) { crawlResult(url: $url) { url } }',
        variables: { url: 'https://lighthouse.example/keeper' },
      },
    ],
  });
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.headers.accept?.includes('text/html') === true) {
      page.respond(request.headers).then(
        ({ status, headers, body }) => response.writeHead(status, headers).end(body),
        (error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))),
      );
      return;
    }
    void yoga(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the test server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/graphql`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
