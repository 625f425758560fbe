// graphql-yoga as its documentation starts it, over DynamoDB.
import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { typeDefs } from './schema.js';
import { createTableLoaders } from './table-loader.js';
import { tableResolvers } from './table-resolvers.js';

const createLoader = createTableLoaders();
const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers: tableResolvers }),
  context: () => ({ results: createLoader() }),
  logging: false,
});
createServer(yoga).listen(Number(process.env.PORT), '127.0.0.1');
