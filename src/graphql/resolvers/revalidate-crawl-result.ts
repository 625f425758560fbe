// Mutation.revalidateCrawlResult: the origin confirmed what is stored.
import { toUrlKey } from '../../domain/url-key.js';
import type { MutationResolvers } from '../generated.js';
import { cachedAnswer, writeEach } from '../write-answers.js';

/** Notes the confirmation and the validators that came with it. */
export const revalidateCrawlResult = (async (_parent, args, context) => {
  const { writers, limits } = context.services;
  const [answer] = await writeEach(
    [args],
    {
      parse: ({ url, etag, lastModified, headFingerprint }) => ({
        url: toUrlKey(url, limits.maxUrlBytes),
        etag: etag ?? null,
        lastModified: lastModified ?? null,
        headFingerprint: headFingerprint ?? null,
      }),
      write: writers.revalidate,
      answer: ({ url }, outcome) => cachedAnswer(url, outcome),
    },
    context.signal,
  );
  if (answer === undefined) throw new Error('one input has one answer');
  return answer;
}) satisfies MutationResolvers['revalidateCrawlResult'];
