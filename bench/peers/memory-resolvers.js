// Resolvers over the Map: nothing is awaited, so nothing of a peer's own speed is lost.
import { loadRecords } from './records.js';

export function createMemoryResolvers() {
  const records = loadRecords();
  return {
    Query: {
      /** @param {unknown} _parent @param {{ url: string }} args */
      crawlResult: (_parent, { url }) => records.get(url) ?? null,
      /** @param {unknown} _parent @param {{ urls: string[] }} args */
      crawlResults: (_parent, { urls }) => urls.map((url) => records.get(url) ?? null),
    },
  };
}
