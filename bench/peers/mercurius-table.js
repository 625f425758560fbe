// mercurius on fastify with graphql-jit, over DynamoDB with the same loader as yoga's.
import fastify from 'fastify';
import mercurius from 'mercurius';
import { typeDefs } from './schema.js';
import { createTableLoaders } from './table-loader.js';
import { tableResolvers } from './table-resolvers.js';

const createLoader = createTableLoaders();
const app = fastify();
app.register(mercurius, {
  schema: typeDefs,
  resolvers: /** @type {any} */ (tableResolvers),
  context: () => ({ results: createLoader() }),
  jit: 1,
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
