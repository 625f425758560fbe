// Mutation.invalidateCrawlResults: removes all that is stored of some URLs.
import { toUrlKey } from '../../domain/url-key.js';
import { checkNotEmpty } from '../checks.js';
import type { MutationResolvers } from '../generated.js';
import { removedAnswer, writeEach, writersOf } from '../write-answers.js';

/** Removes each URL and answers it for itself. */
export const invalidateCrawlResults = ((_parent, { urls }, context) => {
  const { limits } = context.services;
  const { invalidate: write } = writersOf(context);
  checkNotEmpty('urls', urls);
  return writeEach(
    urls,
    { parse: (url) => toUrlKey(url, limits.maxUrlBytes), write, answer: removedAnswer },
    context.signal,
  );
}) satisfies MutationResolvers['invalidateCrawlResults'];
