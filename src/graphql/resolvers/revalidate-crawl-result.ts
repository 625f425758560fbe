// Mutation.revalidateCrawlResult: the origin confirmed what is stored.
import { toUrlKey } from '../../domain/url-key.js';
import type { MutationResolvers } from '../generated.js';
import { cachedAnswer, writeEach, writersOf } from '../write-answers.js';

/** Notes the confirmation and the validators that came with it. */
export const revalidateCrawlResult = (async (_parent, args, context) => {
  const { revalidate: write } = writersOf(context);
  const { maxUrlBytes } = context.services.limits;
  const [answer] = await writeEach(
    [args],
    {
      parse: ({ url, etag, lastModified, headFingerprint }) => ({
        url: toUrlKey(url, maxUrlBytes),
        etag: etag ?? null,
        lastModified: lastModified ?? null,
        headFingerprint: headFingerprint ?? null,
      }),
      write,
      answer: ({ url }, outcome) => cachedAnswer(url, outcome),
    },
    context.signal,
  );
  if (answer === undefined) throw new Error('one input has one answer');
  return answer;
}) satisfies MutationResolvers['revalidateCrawlResult'];
