// Query.crawlResult: the newest stored result of one URL.
import type { QueryResolvers } from '../generated.js';
import { lookupsWith, wantOfLookup } from '../lookup.js';
import { wantedOf } from '../wanted-groups.js';

/** Looks one URL up. */
export const crawlResult = ((_parent, args, context, info) =>
  lookupsWith(
    wantOfLookup(args, wantedOf(info).groups, context.services),
    context,
  )(args.url)) satisfies QueryResolvers['crawlResult'];
