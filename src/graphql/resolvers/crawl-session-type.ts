// CrawlSession: the stored session, its expiry as a moment.
import { instantOfEpoch } from '../field-values.js';
import type { CrawlSessionResolvers } from '../generated.js';

/** Resolvers of the fields of CrawlSession that are not stored as they are given. */
export const crawlSessionType = {
  expiresAt: ({ expiresAt }) => instantOfEpoch(expiresAt),
} satisfies CrawlSessionResolvers;
