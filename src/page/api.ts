// Asks the gateway, and nobody else: GraphQL and the hour's history, with the caller's key where keys are on.
import type { HistoryReport } from '../observability/history-hour.js';
import { forgetKey, readKey } from './key.js';

/** What one question cost, as the gateway says where it is asked to. */
export interface Cost {
  /** Calls of the store that carried a key of it. */
  readonly batches: number;
  readonly keys: number;
  /** Keys asked for again. */
  readonly retries: number;
  readonly readUnits: number;
}

/** One error of an answer. */
export interface ApiError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string };
  /** Seconds until asking again may help, where the gateway says so. */
  readonly retryAfter?: number;
}

/** An answer; `errors` may stand beside data. */
export interface Answer<Data> {
  readonly data: Data | null;
  readonly errors: readonly ApiError[];
  readonly cost: Cost | null;
  /** True where no index served the list and results were scanned. */
  readonly scanned: boolean;
}

/** The gateway wants a key, or a better one. */
export class KeyNeeded extends Error {}

/** The gateway answers, and refuses to answer this. */
export class Refused extends Error {
  readonly error: ApiError;

  constructor(error: ApiError) {
    super(error.message);
    this.error = error;
  }
}

/** Nothing came back: the gateway is not there. */
export class Unreachable extends Error {}

/** Asks one question. Rejects with KeyNeeded, Refused, Unreachable, or an AbortError where `signal` fired. */
export async function ask<Data>(query: string, variables: object = {}, signal?: AbortSignal): Promise<Answer<Data>> {
  const body = await request('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'x-crawlgate-cost': '1' },
    body: JSON.stringify({ query, variables }),
    ...(signal === undefined ? {} : { signal }),
  });
  const {
    data = null,
    errors = [],
    extensions = {},
  } = body as {
    data?: Data | null;
    errors?: readonly ApiError[];
    extensions?: { cost?: Cost; crawlFeed?: { scanned?: boolean } };
  };
  return { data, errors, cost: extensions.cost ?? null, scanned: extensions.crawlFeed?.scanned === true };
}

/** The last hour. Rejects as `ask` does. */
export async function askHistory(): Promise<HistoryReport> {
  return (await request('/page/history.json', {})) as HistoryReport;
}

async function request(path: string, options: RequestInit): Promise<unknown> {
  const key = readKey();
  const headers = { ...options.headers, ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
  let response: Response;
  try {
    response = await fetch(path, { ...options, headers, credentials: 'omit', redirect: 'error' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable('The gateway does not answer.', { cause: error });
  }
  if (response.status === 401) {
    forgetKey();
    throw new KeyNeeded(key === null ? '' : 'The gateway does not know this key.');
  }
  const body: unknown = await response.json().catch((error: unknown) => {
    throw new Unreachable('The gateway answered with something else than JSON.', { cause: error });
  });
  // A question of GraphQL that failed has data beside its errors, or at least the word null.
  if (!response.ok && !hasData(body)) throw new Refused(refusalOf(body, response));
  return body;
}

function hasData(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'data' in body;
}

function refusalOf(body: unknown, { status, headers }: Response): ApiError {
  const { errors } = (body ?? {}) as { errors?: readonly ApiError[] };
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return {
    ...(errors?.[0] ?? { message: `The gateway refuses this with status ${status}.` }),
    ...(seconds > 0 ? { retryAfter: seconds } : {}),
  };
}
