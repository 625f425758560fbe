// Writes a long body no faster than its reader takes it, and no more of it in one go than others can wait for.
import type { ServerResponse } from 'node:http';
import { createTurns } from './turns.js';

/** Bytes that are handed to the socket in one go. */
const burstBytes = 262_144;

/** Of all long answers of the process: their bursts take turns. */
const nextTurn = createTurns();

/**
 * Writes all parts and ends the answer; resolves early where the reader has gone. Parts are taken from `parts` only once
 * the reader has taken those before, so what is made on demand is not made ahead.
 */
export async function writeParts(
  response: ServerResponse,
  parts: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<void> {
  let burst = 0;
  await nextTurn();
  // Many small parts go out as one packet each burst; without the cork each would be a packet of its own.
  response.cork();
  for await (const part of parts) {
    if (response.destroyed) return;
    response.write(part);
    burst += part.length;
    if (burst < burstBytes) continue;
    burst = 0;
    response.uncork();
    if (response.writableNeedDrain) await drained(response);
    await nextTurn();
    response.cork();
  }
  response.end();
  response.uncork();
}

/** Resolves when there is room again, or when there is nobody left. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
    if (response.destroyed) done();
  });
}
