// The id that one request has in logs and in its answer: the caller's own where it has a safe shape, else one of ours.
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { requestIdHeader } from '../domain/request-id.js';

/** Nothing that could break a log line or a header, and not endless: UUIDs, ULIDs, trace ids, AWS's `Root=1-…` pass. */
const safe = /^[A-Za-z0-9][A-Za-z0-9._:=+/-]{0,127}$/;

/** Makes a function that answers a request's id, which is from then on also what its header says. */
export function createRequestIds(): (request: IncomingMessage) => string {
  // A counter behind a word of the process: unique without asking for randomness at each request.
  const process = randomBytes(6).toString('hex');
  let count = 0;
  return ({ headers }) => {
    const given = headers[requestIdHeader];
    if (typeof given === 'string' && safe.test(given)) return given;
    count += 1;
    const id = `${process}-${count.toString(36)}`;
    headers[requestIdHeader] = id;
    return id;
  };
}
