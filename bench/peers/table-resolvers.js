// Resolvers over a request's loader.

/** @typedef {{ results: import('dataloader')<string, import('./records.js').PeerRecord | null> }} LoaderContext */

export const tableResolvers = {
  Query: {
    /** @param {unknown} _parent @param {{ url: string }} args @param {LoaderContext} context */
    crawlResult: (_parent, { url }, { results }) => results.load(url),
    /** @param {unknown} _parent @param {{ urls: string[] }} args @param {LoaderContext} context */
    crawlResults: (_parent, { urls }, { results }) => results.loadMany(urls),
  },
};
