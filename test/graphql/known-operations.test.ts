// The short way through the pipeline: who gets onto it, and that what fails on the engine ends like any other operation.
import { type ExecutionResult, GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGatewaySchema } from '../../src/graphql/schema.js';
import { createGatewayYoga, type GatewayYoga } from '../../src/graphql/yoga.js';
import type { Events } from '../../src/observability/events.js';
import { createFixture } from './gateway-fixture.js';

const document = 'query Q { __typename }';
const request = { method: 'POST' } as unknown as Request;

type OperationEvent = Parameters<Events['operation']>[0];
type Asked = Parameters<GatewayYoga['known']['run']>[0];

/** What the lane does: the short way, else the whole one, which is learnt from. */
async function ask({ yoga, params }: { yoga: GatewayYoga; params: Asked['params'] }) {
  const asked = { params, request, initial: {} };
  const known = yoga.known.run(asked);
  if (known !== null) return { isKnown: true, result: await known };
  const result = (await yoga.getResultForParams({ params, request }, {})) as ExecutionResult;
  yoga.known.learn(params, result);
  return { isKnown: false, result };
}

function createYogaOf(
  services: ReturnType<typeof createFixture>['services'],
  documents: ReadonlyMap<string, string> | null = null,
) {
  const persisted =
    documents === null ? null : { allowOthers: false, documents: () => documents, ownTexts: new Set<string>() };
  return createGatewayYoga({ schema: createGatewaySchema(), services, maxBodyBytes: 1000, persisted });
}

describe('an operation is known once it was answered', () => {
  it('sent as text', async () => {
    const yoga = createYogaOf(createFixture().services);
    const params = () => ({ query: document });
    expect(await ask({ yoga, params: params() })).toMatchObject({ isKnown: false, result: { data: {} } });
    expect(await ask({ yoga, params: params() })).toMatchObject({ isKnown: true, result: { data: {} } });
  });

  it('named by the id of a persisted document', async () => {
    const yoga = createYogaOf(createFixture().services, new Map([['q', document]]));
    const params = () => ({ extensions: { persistedQuery: { version: 1, sha256Hash: 'q' } } });
    expect(await ask({ yoga, params: params() })).toMatchObject({ isKnown: false, result: { data: {} } });
    expect(await ask({ yoga, params: params() })).toMatchObject({ isKnown: true, result: { data: {} } });
  });
});

describe('an engine that fails', () => {
  it('ends the operation on both ways: told, masked, and told of once', async () => {
    const told: OperationEvent[] = [];
    let isBroken = false;
    const fixture = createFixture();
    const { limits, events } = fixture.services;
    const services = {
      ...fixture.services,
      events: { ...events, operation: (event: OperationEvent) => told.push(event) },
      // Asked by the checks before execution.
      limits: {
        ...limits,
        get maxCost(): number {
          if (isBroken) throw new Error('a bug');
          return limits.maxCost;
        },
      },
    };
    const yoga = createYogaOf(services);
    expect((await ask({ yoga, params: { query: document } })).isKnown).toBe(false);
    isBroken = true;
    for (const [query, isKnown] of [
      [document, true],
      ['{ __typename }', false],
    ] as const) {
      told.length = 0;
      const answer = await ask({ yoga, params: { query } });
      expect(answer.isKnown).toBe(isKnown);
      const [error] = answer.result.errors ?? [];
      expect(error).toBeInstanceOf(GraphQLError);
      expect(error).toMatchObject({ message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } });
      expect(told).toMatchObject([{ outcome: 'errors', codes: ['INTERNAL_SERVER_ERROR'] }]);
    }
    expect(fixture.unexpected.map(({ error }) => error)).toEqual([new Error('a bug'), new Error('a bug')]);
  });
});
