// One GraphQL layer behind two servers: the direct lane, and yoga by itself.
import { type IncomingHttpHeaders, request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { anyone } from '../../src/domain/caller.js';
import { createErrorPolicy } from '../../src/graphql/error-policy.js';
import { createGatewaySchema } from '../../src/graphql/schema.js';
import { createGatewayYoga } from '../../src/graphql/yoga.js';
import type { Admit } from '../../src/http/admission.js';
import { authorizeAnyone } from '../../src/http/auth/authorize.js';
import { createDirectLane } from '../../src/http/direct-lane.js';
import type { HandleGraphql } from '../../src/http/graphql-route.js';
import { handToYoga } from '../../src/http/hand-to-yoga.js';
import { createProbes } from '../../src/http/probes.js';
import { createRoom } from '../../src/http/room.js';
import { createHttpServer } from '../../src/http/server.js';
import { silentEvents } from '../../src/observability/events.js';
import { createFixture } from '../graphql/gateway-fixture.js';
import { noPage } from '../support/no-page.js';

/** Bytes of the largest request body. */
export const maxBodyBytes = 100_000;

/** Both servers, over one fixture. */
export interface LaneWorld extends AsyncDisposable {
  readonly fixture: ReturnType<typeof createFixture>;
  readonly lanePort: number;
  readonly yogaPort: number;
}

/** Starts both on free ports; everybody may do everything unless `admit` says otherwise. */
export async function startLaneWorld(
  options: Parameters<typeof createFixture>[0] = {},
  admit: Admit = () => ({ kind: 'entered', caller: anyone }),
): Promise<LaneWorld> {
  const fixture = createFixture(options);
  const { services } = fixture;
  const maskError = createErrorPolicy({ events: services.events });
  const yoga = createGatewayYoga({ schema: createGatewaySchema(), services, maxBodyBytes, maskError });
  const byYoga: HandleGraphql = (request, response, admitted) => handToYoga(yoga, request, response, admitted);
  const servers = [createDirectLane({ yoga, maskError }), byYoga].map((handleGraphql) =>
    createHttpServer({
      handleGraphql,
      authorize: authorizeAnyone,
      allowOrigin: null,
      admit,
      room: createRoom({ maxInFlight: 1000, maxBodiesBytes: 10_000_000 }),
      maxConnections: 1000,
      graphiqlPage: { respond: async () => ({ status: 200, headers: {}, body: Buffer.from('<!doctype html>') }) },
      maxBodyBytes,
      page: noPage,
      maxWriterBodyBytes: maxBodyBytes,
      headersTimeoutMs: 15_000,
      bodyTimeoutMs: 120_000,
      probes: createProbes({ checkReady: async () => null, now: () => 0, elapsed: () => 0 }),
      hostPolicy: () => true,
      events: silentEvents,
    }),
  );
  const [lane, plain] = await Promise.all(servers.map((server) => server.listen({ host: '127.0.0.1', port: 0 })));
  if (lane === undefined || plain === undefined) throw new Error('both listen');
  return {
    fixture,
    lanePort: lane.port,
    yogaPort: plain.port,
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server.close(1000)));
    },
  };
}

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A POST of JSON on a connection of its own. */
export function postRaw(
  port: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method: 'POST', path: '/graphql', agent: false };
    const sent = request({ ...options, headers: { 'content-type': 'application/json', ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The text of an answer, in whichever of the encodings it came. */
export function textOf({ headers, body }: RawAnswer): string {
  return (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
}
