// Mutation.cacheCrawlResults: stores results given as typed input.
import { checkNotEmpty, checkTtlDays } from '../checks.js';
import type { MutationResolvers } from '../generated.js';
import { newResultOfInput } from '../new-result.js';
import { cachedAnswer, writeEach } from '../write-answers.js';

/** Stores each result and answers it for itself. */
export const cacheCrawlResults = ((_parent, { results, ttlDays }, context) => {
  const { services, signal } = context;
  checkNotEmpty('results', results);
  const days = checkTtlDays(ttlDays, services.ttlDays);
  return writeEach(
    results,
    {
      parse: (input) => newResultOfInput(input, days, services),
      write: services.writers.put,
      answer: ({ url }, outcome) => cachedAnswer(url, outcome),
    },
    signal,
  );
}) satisfies MutationResolvers['cacheCrawlResults'];
