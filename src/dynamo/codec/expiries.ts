// The expiry of an item with two records: the item lives as long as the longer-lived one, each is judged by its own.
import type { Item } from '../table.js';

/** `ttl` (the later of the two) and `result_ttl` (the own record's, where it differs). Null means never. */
export function expiryAttributes(own: number | null, later: number | null): Item {
  const ttl = own === null || later === null ? null : Math.max(own, later);
  return {
    ...(ttl === null ? {} : { ttl: { N: String(ttl) } }),
    ...(own === null || own === ttl ? {} : { result_ttl: { N: String(own) } }),
  };
}
