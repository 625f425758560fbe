// Query.crawlResults: the newest stored results of many URLs, each answered for itself.
import { checkNotEmpty } from '../checks.js';
import type { QueryResolvers } from '../generated.js';
import { lookupsWith, wantOfLookup } from '../lookup.js';
import { wantedOf } from '../wanted-groups.js';

/** Looks each URL up, in the order asked. An entry that fails is rejected by itself, so its siblings stay. */
export const crawlResults = ((_parent, args, context, info) => {
  const { services } = context;
  checkNotEmpty('urls', args.urls);
  const want = wantOfLookup(args, wantedOf(info).groups, services);
  return args.urls.map(lookupsWith(want, context));
}) satisfies QueryResolvers['crawlResults'];
