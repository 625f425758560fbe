// An issuer of JWTs whose JWKS is had over HTTP.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export const issuer = 'https://id.example.com/';
export const audience = 'crawlgate';

export type Claims = Readonly<Record<string, unknown>>;

/** Signs tokens for the reader `dash`, ten minutes long, unless the claims say otherwise. Disposing closes its door. */
export interface Issuer extends AsyncDisposable {
  readonly url: string;
  readonly asked: () => number;
  /** The status that it answers from now on; 200 at first. */
  readonly answerWith: (status: number) => void;
  sign(claims: Claims, changed?: { alg?: string; kid?: string; key?: CryptoKey | Uint8Array }): Promise<string>;
}

/** Starts one, with a key of its own. */
export async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] });
  let asked = 0;
  let answered = 200;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(answered, { 'content-type': 'application/json' }).end(keys);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/jwks`,
    asked: () => asked,
    answerWith(status) {
      answered = status;
    },
    sign: (claims, { alg = 'ES256', kid = 'k1', key = privateKey } = {}) =>
      new SignJWT({ iss: issuer, aud: audience, sub: 'dash', scope: 'read', exp: now() + 600, ...claims })
        .setProtectedHeader({ alg, kid })
        .sign(key),
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Seconds since 1970. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}
