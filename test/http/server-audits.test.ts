// The audits of the GraphQL-over-HTTP specification, every one of them, against the running gateway.
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type StartedGateway, startGateway } from '../support/gateway.js';

let started: StartedGateway | undefined;

beforeAll(async () => {
  started = await startGateway();
});
afterAll(() => started?.[Symbol.asyncDispose]());

describe('GraphQL over HTTP', () => {
  for (const audit of serverAudits({ url: () => started?.url ?? '' })) {
    it(`${audit.name} (${audit.id})`, async () => {
      const result = await audit.fn();
      if (result.status !== 'ok') throw new Error(result.reason);
    });
  }
});
