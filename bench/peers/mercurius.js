// mercurius on fastify with graphql-jit, over memory.
import fastify from 'fastify';
import mercurius from 'mercurius';
import { createMemoryResolvers } from './memory-resolvers.js';
import { typeDefs } from './schema.js';

const app = fastify();
app.register(mercurius, { schema: typeDefs, resolvers: createMemoryResolvers(), jit: 1 });
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
