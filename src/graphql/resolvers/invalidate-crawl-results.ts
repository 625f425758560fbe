// Mutation.invalidateCrawlResults: removes all that is stored of some URLs.
import { toUrlKey } from '../../domain/url-key.js';
import { checkNotEmpty } from '../checks.js';
import type { MutationResolvers } from '../generated.js';
import { removedAnswer, writeEach } from '../write-answers.js';

/** Removes each URL and answers it for itself. */
export const invalidateCrawlResults = ((_parent, { urls }, context) => {
  const { limits, writers } = context.services;
  checkNotEmpty('urls', urls);
  return writeEach(
    urls,
    { parse: (url) => toUrlKey(url, limits.maxUrlBytes), write: writers.invalidate, answer: removedAnswer },
    context.signal,
  );
}) satisfies MutationResolvers['invalidateCrawlResults'];
