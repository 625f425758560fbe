// A typed client in one function: the document says which variables go in and what comes back.
import { setTimeout as wait } from 'node:timers/promises';
import type { TypedDocumentString } from './gql/graphql.js';

export interface GatewayError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  /** `limit` and `given`: of what there was too much, how much the gateway takes and how much came. */
  readonly extensions?: { readonly code?: string; readonly limit?: number; readonly given?: number };
}

export interface GatewayAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly GatewayError[];
}

/** Where the gateway is, and the key that it knows the caller by. */
export interface GatewayOptions {
  readonly url: string;
  readonly key?: string | undefined;
}

const tries = 5;

/**
 * Asks, and asks again where nothing answered or the gateway was overloaded: after 0.2 s at first, then up to twice as
 * long each time, or when its Retry-After says.
 */
export async function ask<Data, Variables>(
  { url, key }: GatewayOptions,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<GatewayAnswer<Data>> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (key !== undefined) headers.authorization = `Bearer ${key}`;
  const body = JSON.stringify({ query: document.toString(), variables });
  for (let attempt = 1; ; attempt += 1) {
    let pauseMs = Math.random() * 200 * 2 ** attempt;
    try {
      const response = await fetch(url, { method: 'POST', headers, body });
      if (response.status !== 429 && response.status < 500) return (await response.json()) as GatewayAnswer<Data>;
      pauseMs = Math.max(pauseMs, Number(response.headers.get('retry-after') ?? 0) * 1000);
      if (attempt === tries) throw new Error(`${url} answers HTTP ${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
    } catch (error) {
      if (attempt === tries) throw error;
    }
    await wait(pauseMs);
  }
}
