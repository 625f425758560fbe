// Query.crawlFeed: stored results, newest first, a page at a time.
import type { CrawlResult } from '../../domain/crawl-result.js';
import type { FeedEntry, FeedFilter } from '../../domain/feed.js';
import { includes } from '../../domain/fields.js';
import type { Want } from '../../domain/read-many.js';
import { latestKey } from '../../domain/result-key.js';
import { maxPartitionKeyBytes } from '../../domain/url-key.js';
import { badInput, checkFirst } from '../checks.js';
import { type Connection, connectionOf, type ListedResult, viewListed } from '../connection.js';
import type { GatewayContext } from '../context.js';
import type { CrawlFeedFilter, QueryResolvers } from '../generated.js';
import { viewOfOutcome, wantOfLookup } from '../lookup.js';
import { listedFields, viewOfEntry } from '../result-view.js';
import { wantedOf } from '../wanted-groups.js';

/** Lists keys, then reads their items in one tick; no item is read where the entries themselves say all that is asked. */
export const crawlFeed = (async (_parent, args, context, info): Promise<Connection> => {
  const { services, signal, notes } = context;
  const filter = filterOf(args.filter);
  const first = checkFirst(args.first);
  const wanted = wantedOf(info);
  const page = await services.readFeed({
    filter,
    first,
    after: args.after ?? null,
    signal,
    follow: context.cost?.follow,
  });
  if (page.scanned) notes.set('crawlFeed', { scanned: true });
  if ([...wanted.fields].every((name) => listedFields.has(name))) {
    const listed = page.entries.map((entry) => ({ cursor: entry.cursor, node: viewOfEntry(entry) }));
    return connectionOf(listed, page);
  }
  const want = wantOfLookup({ outcome: filter.success === true ? 'SUCCESS' : 'ANY' }, wanted.groups, services);
  const listed = await Promise.all(page.entries.map((entry) => readEntry(entry, filter, want, context)));
  return connectionOf(listed, page);
}) satisfies QueryResolvers['crawlFeed'];

async function readEntry(
  entry: FeedEntry,
  filter: FeedFilter,
  want: Want,
  { loaders, services }: GatewayContext,
): Promise<ListedResult> {
  const outcome = await loaders.results.load({ key: latestKey(entry.url), want });
  const isListed = (record: CrawlResult): boolean => record.createdAt === entry.createdAt;
  const holdsWanted = (record: CrawlResult): boolean => includes(record.groups, want.groups);
  const view = viewListed(viewOfOutcome(outcome, want, entry.url, services.now()), isListed, holdsWanted);
  // Written anew between the listing and the reading: it may no longer be what was asked for.
  const isWanted = filter.success === null || view?.record.success === filter.success;
  return { cursor: entry.cursor, node: isWanted ? view : null };
}

function filterOf(given: CrawlFeedFilter | null | undefined): FeedFilter {
  const url = given?.url ?? null;
  if (url === '' || (url !== null && (!url.isWellFormed() || Buffer.byteLength(url) > maxPartitionKeyBytes))) {
    throw badInput('filter.url', `filter.url is a URL or host of 1 to ${maxPartitionKeyBytes} bytes.`);
  }
  return {
    url,
    match: given?.match ?? 'EXACT',
    success: given?.success ?? null,
    statusCode: given?.statusCode ?? null,
    createdAfter: given?.createdAfter ?? null,
    createdBefore: given?.createdBefore ?? null,
  };
}
