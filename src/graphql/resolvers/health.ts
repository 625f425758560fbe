// Query.health: whether the store can be read right now, and the state of what stands before it.
import { groups } from '../../domain/fields.js';
import { instantOfMillis } from '../../domain/instant.js';
import { plainWantFor } from '../../domain/read-many.js';
import { healthKey } from '../../domain/result-key.js';
import type { QueryResolvers } from '../generated.js';

/** Reads the reserved key the way a lookup is read, so it needs no permission that lookups do not have. */
export const health = (async (_parent, _args, { loaders, services }) => {
  const startedAt = services.elapsed();
  const want = plainWantFor(groups.none, 'STRONG');
  const outcome = await loaders.results.load({ key: healthKey, want });
  const reachable = outcome.kind !== 'failed';
  const responseTimeMs = services.elapsed() - startedAt;
  const [memory, circuit] = await Promise.all([services.memoryState(), services.circuitState()]);
  const store = services.storeState();
  const problem = store.problem ?? null;
  const verdict = problem === null ? 'HEALTHY' : 'DEGRADED';
  return {
    status: reachable ? verdict : memory.entries > 0 ? 'DEGRADED' : 'UNHEALTHY',
    responseTimeMs,
    timestamp: instantOfMillis(services.now()),
    error: outcome.kind === 'failed' ? `${outcome.error.code}: ${outcome.error.message}` : problem,
    store: { ...store, reachable },
    memory,
    circuit,
  };
}) satisfies QueryResolvers['health'];
