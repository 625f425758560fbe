// Enforces the seams' contract where a tier calls the next one: it never rejects and answers all that was asked.
import type { ReadMany, ReadOutcome, ReadRequest } from '../domain/read-many.js';
import type { WriteMany, WriteOutcome, WriteRequest } from '../domain/write-many.js';
import { CrawlgateError } from '../errors.js';
import type { Events } from '../observability/events.js';

/** What hears of a broken contract, and the name of the tier that made the call. */
export interface Caller {
  readonly where: string;
  readonly events: Pick<Events, 'unexpectedError'>;
}

/** Reads through `next`. Never rejects; a key that `next` leaves out is failed and said once, as is a rejection. */
export async function checkedRead<Key, Value>(
  next: ReadMany<Key, Value>,
  request: ReadRequest<Key>,
  caller: Caller,
): Promise<ReadonlyMap<Key, ReadOutcome<Value>>> {
  let answers: ReadonlyMap<Key, ReadOutcome<Value>> = new Map();
  let broken: CrawlgateError | null = null;
  try {
    answers = await next(request);
  } catch (error) {
    broken = said(caller, error);
  }
  if (request.keys.every((key) => answers.has(key))) return answers;
  const left = request.keys.filter((key) => !answers.has(key));
  broken ??= said(caller, new TypeError(unanswered('keys', left.length, request.keys.length)));
  const failed: ReadOutcome<Value> = { kind: 'failed', error: broken };
  return new Map([...answers, ...left.map((key) => [key, failed] as const)]);
}

/** Writes through `next`. Never rejects; an input that `next` leaves out is failed and said once, as is a rejection. */
export async function checkedWrite<Input, Receipt>(
  next: WriteMany<Input, Receipt>,
  request: WriteRequest<Input>,
  caller: Caller,
): Promise<readonly WriteOutcome<Receipt>[]> {
  const asked = request.inputs.length;
  let answers: readonly WriteOutcome<Receipt>[] = [];
  let broken: CrawlgateError | null = null;
  try {
    answers = await next(request);
  } catch (error) {
    broken = said(caller, error);
  }
  if (answers.length === asked) return answers;
  // Which receipt belongs to which input is anybody's guess now, so none is handed on.
  const error = broken ?? said(caller, new TypeError(unanswered('inputs', asked - answers.length, asked)));
  return request.inputs.map(() => ({ kind: 'failed', error }));
}

function unanswered(what: string, missing: number, asked: number): string {
  return `an outcome was expected for each of ${asked} ${what}; ${missing} of them have none`;
}

function said({ where, events }: Caller, error: unknown): CrawlgateError {
  events.unexpectedError({ where, error });
  return new CrawlgateError('INTERNAL_SERVER_ERROR', 'Unexpected error.', {}, { cause: error });
}
