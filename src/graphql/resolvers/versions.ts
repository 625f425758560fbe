// CrawlResult.versions: earlier results of one URL, a page at a time.
import { plainWantFor, type Want } from '../../domain/read-many.js';
import { versionKey } from '../../domain/result-key.js';
import type { UrlKey } from '../../domain/url-key.js';
import { checkFirst } from '../checks.js';
import { type Connection, connectionOf, type ListedResult } from '../connection.js';
import type { GatewayContext } from '../context.js';
import type { CrawlResultResolvers } from '../generated.js';
import { viewOfOutcome } from '../lookup.js';
import { wantedOf } from '../wanted-groups.js';

/** Lists version ids, then reads their items in one tick. */
export const versions = (async ({ record }, args, context, info): Promise<Connection> => {
  const { services, signal } = context;
  const first = checkFirst(args.first);
  const want = plainWantFor(wantedOf(info).groups);
  const { url } = record;
  const page = await services.readVersions({
    url,
    first,
    after: args.after ?? null,
    before: record.order ?? record.createdAt,
    closest: args.closest ?? null,
    signal,
    follow: context.cost?.follow,
  });
  const listed = await Promise.all(page.entries.map((entry) => readVersion(url, entry, want, context)));
  return connectionOf(listed, { ...page, endCursor: page.entries.at(-1)?.cursor ?? null });
}) satisfies CrawlResultResolvers['versions'];

async function readVersion(
  url: UrlKey,
  entry: { readonly versionId: string; readonly cursor: string },
  want: Want,
  { loaders, services }: GatewayContext,
): Promise<ListedResult> {
  const outcome = await loaders.results.load({ key: versionKey(url, entry.versionId), want });
  return { cursor: entry.cursor, node: viewOfOutcome(outcome, want, url, services.now()) };
}
