// What one request cost, for a caller that asks with `x-crawlgate-cost: 1`; it goes out as `extensions.cost`.
import type { Follow } from '../domain/follow.js';

/** Counts of one request; together those of all requests are what `stats` says. */
export interface RequestCost {
  readonly lookups: number;
  /** Answered from memory, fresh or as absent. */
  readonly memoryHits: number;
  readonly staleHits: number;
  /** Calls of DynamoDB that carried a key of this request, shared ones too. */
  readonly batches: number;
  /** Keys of this request in these calls, one for each item and each time it was asked for. */
  readonly keys: number;
  /** Keys asked for again. */
  readonly retries: number;
  /** Its keys' part of the calls' read units: DynamoDB tells one sum for a call, which its keys share evenly. */
  readonly readUnits: number;
}

/** Counts along. */
export interface CostMeter {
  readonly follow: Follow<string>;
  readonly read: () => RequestCost;
}

/** Makes one that has counted nothing. */
export function createCostMeter(): CostMeter {
  const cost = { lookups: 0, memoryHits: 0, staleHits: 0, batches: 0, keys: 0, retries: 0, readUnits: 0 };
  return {
    follow: {
      lookups(answer, fromMemory, keys) {
        cost.lookups += keys;
        if (answer === 'stale') cost.staleHits += keys;
        else if (fromMemory && answer !== 'failed') cost.memoryHits += keys;
      },
      sent(_operation, keys, all) {
        cost.batches += 1;
        cost.keys += keys.length;
        return ({ units }) => {
          cost.readUnits += keys.length === all ? units : (units * keys.length) / all;
        };
      },
      retried(keys) {
        cost.retries += keys.length;
      },
    },
    read: () => ({ ...cost }),
  };
}
