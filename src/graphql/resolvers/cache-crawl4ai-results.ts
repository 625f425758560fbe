// Mutation.cacheCrawl4aiResults: stores results as Crawl4AI's model_dump() prints them.
import { checkNotEmpty, checkTtlDays } from '../checks.js';
import type { MutationResolvers } from '../generated.js';
import { newResultOfDocument } from '../new-result.js';
import { objectOf, textOf } from '../tolerant-json.js';
import { cachedAnswer, writeEach } from '../write-answers.js';

/** Stores each document and answers it for itself. */
export const cacheCrawl4aiResults = ((_parent, { results, ttlDays }, context) => {
  const { services, signal } = context;
  checkNotEmpty('results', results);
  const days = checkTtlDays(ttlDays, services.ttlDays);
  return writeEach(
    results,
    {
      parse: (doc) => newResultOfDocument(doc, days, services),
      write: services.writers.put,
      answer: (doc, outcome) => cachedAnswer(textOf(objectOf(doc)?.url) ?? '', outcome),
    },
    signal,
  );
}) satisfies MutationResolvers['cacheCrawl4aiResults'];
