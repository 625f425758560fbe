// The same question through both lanes of a whole gateway: the direct lane, and yoga's own adapter.
import { type Answer, call } from '../support/raw-http.js';

/** The lanes. */
export const lanes = ['direct lane', 'yoga'] as const;
export type Lane = (typeof lanes)[number];

/** What is asked, and with which headers. */
export interface Question {
  readonly port: number;
  readonly lane: Lane;
  readonly body: string | Buffer | object;
  readonly key?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Headers of a POST that goes this way. */
export function headersOf(lane: Lane, key?: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    // The one type of answer that the direct lane leaves to yoga.
    ...(lane === 'direct lane' ? {} : { accept: 'text/event-stream' }),
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
}

/** A POST to /graphql. The body of its answer is JSON whichever lane it went. */
export async function ask({ port, lane, body, key, headers = {} }: Question): Promise<Answer> {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const sent = { ...headersOf(lane, key), ...headers };
  const answer = await call({ port, method: 'POST', path: '/graphql', headers: sent, body: text });
  if (answer.headers['content-type'] !== 'text/event-stream') return answer;
  return { ...answer, body: /^data: (\{.*)$/m.exec(answer.body)?.[1] ?? '' };
}

/** Codes of an answer's errors, in order. */
export function codesOf({ body }: Pick<Answer, 'body'>): readonly unknown[] {
  const { errors = [] } = JSON.parse(body) as { errors?: readonly { extensions?: { code?: unknown } }[] };
  return errors.map(({ extensions }) => extensions?.code);
}
