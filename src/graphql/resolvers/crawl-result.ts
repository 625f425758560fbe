// Query.crawlResult: the newest stored result of one URL.
import type { QueryResolvers } from '../generated.js';
import { lookUp, wantOfLookup } from '../lookup.js';
import { wantedOf } from '../wanted-groups.js';

/** Looks one URL up. */
export const crawlResult = ((_parent, args, context, info) =>
  lookUp(
    args.url,
    wantOfLookup(args, wantedOf(info).groups, context.services),
    context,
  )) satisfies QueryResolvers['crawlResult'];
