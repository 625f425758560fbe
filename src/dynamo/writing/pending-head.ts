// A head that says nothing: where versions are kept it stands where nothing stood, so that a write has something to replace.
//
// A version names parts before any head does, and whoever invalidates the URL removes versions with their parts. It
// removes or finds gone the head first, so that no write on its way can put one that names them: its head is not the one
// that it has read any more. That nothing is there, though, can be true again. So no write replaces nothing.
import type { ResultKey } from '../../domain/result-key.js';
import type { Layout } from '../codec/layout.js';
import type { Item } from '../table.js';

const pendingType = 'crawl_pending';

/** Seconds after which nothing is left of a write that never came to its end. */
const lifeSeconds = 86_400;

/** The item; `writeId` tells it from every other. */
export function pendingHead(layout: Layout, key: ResultKey, writeId: string, nowMs: number): Item {
  return {
    ...layout.headKey(key),
    entity_type: { S: pendingType },
    write_id: { S: writeId },
    ttl: { N: String(Math.floor(nowMs / 1000) + lifeSeconds) },
  };
}

/** Whether an item is one. To readers it is nothing. */
export function isPending(item: Item): boolean {
  return item.entity_type?.S === pendingType;
}
