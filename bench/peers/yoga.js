// graphql-yoga as its documentation starts it, over memory.
import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { createMemoryResolvers } from './memory-resolvers.js';
import { typeDefs } from './schema.js';

const yoga = createYoga({ schema: createSchema({ typeDefs, resolvers: createMemoryResolvers() }), logging: false });
createServer(yoga).listen(Number(process.env.PORT), '127.0.0.1');
