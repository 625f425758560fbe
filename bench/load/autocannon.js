// The same closed-loop load by autocannon, for machines without wrk. It costs more CPU than wrk: fast servers look slower.
// @ts-expect-error It has no types.
import autocannon from 'autocannon';

/** @param {import('./wrk.js').Load} load @returns {Promise<import('./wrk.js').LoadFigures>} */
export async function runAutocannon({
  url,
  bodies,
  connections,
  seconds,
  gzip = false,
  firstNumber = 0,
  authorization,
}) {
  let number = firstNumber;
  const [only] = bodies;
  const isTemplate = bodies.length === 1 && only.includes('%d');
  const nextBody = () => {
    number += 1;
    return isTemplate ? only.replaceAll('%d', String(number)) : bodies[number % bodies.length];
  };
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    timeout: 30,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(gzip ? { 'accept-encoding': 'gzip' } : {}),
      ...(authorization ? { authorization } : {}),
    },
    requests: [{ setupRequest: (/** @type {object} */ request) => ({ ...request, body: nextBody() }) }],
  });
  return {
    requests: result.requests.total,
    perSecond: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    errors: result.errors + result.timeouts + result.non2xx,
  };
}
