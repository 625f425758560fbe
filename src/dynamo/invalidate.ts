// Removes everything stored for a URL: head, versions, and the parts that they name.
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { latestKey, versionKey } from '../domain/result-key.js';
import type { UrlKey } from '../domain/url-key.js';
import type { RemovedReceipt, WriteOutcome } from '../domain/write-many.js';
import { CrawlgateError } from '../errors.js';
import type { PutDeps } from './put-result.js';
import { sendWrite } from './send-write.js';
import type { Item } from './table.js';
import { unchanged } from './unchanged.js';
import { type ListVersions, removeVersion } from './versions.js';
import { removeParts } from './write-parts.js';
import { allRefs } from './write-session.js';

const maxRaces = 50;

/** Versions removed between two looks at what is left. */
const versionsPerPage = 100;

/** Invalidates one URL. Never rejects for DynamoDB's sake. */
export async function invalidateResult(
  deps: PutDeps & { readonly listVersions: ListVersions },
  url: UrlKey,
  signal: AbortSignal,
): Promise<WriteOutcome<RemovedReceipt>> {
  const key = latestKey(url);
  for (let race = 0; race < maxRaces; race += 1) {
    const [answer] = await deps.readHeads([key], signal);
    if (answer?.kind !== 'read') return failed(answer?.error ?? contention());
    const head = answer.item;
    if (head !== null) {
      const command = new DeleteItemCommand({
        TableName: deps.table.name,
        Key: deps.layout.headKey(key),
        ...unchanged(head, deps.table.keyAttributes[0] ?? '', 'both'),
        ReturnConsumedCapacity: 'TOTAL',
      });
      const deleted = await sendWrite(deps, 'DeleteItem', 1, signal, (options) => deps.client.send(command, options));
      if (deleted.kind === 'failed') return failed(deleted.error);
      if (deleted.kind === 'refused') continue;
      await removeParts(deps, deps, url, allRefs(head), signal);
    }
    const versions = deps.layout.name === 'versioned' ? await removeVersions() : 0;
    if (versions instanceof CrawlgateError) return failed(versions);
    return { kind: 'done', receipt: { removed: head !== null || versions > 0 } };
  }
  return failed(contention());

  async function removeVersions(): Promise<number | CrawlgateError> {
    let removed = 0;
    for (;;) {
      const page = { newestFirst: false, from: null, limit: versionsPerPage };
      const ids = await deps.listVersions(url, page, signal);
      if (ids instanceof CrawlgateError) return ids;
      if (ids.length === 0) return removed;
      const keys = ids.map((id) => versionKey(url, id));
      const heads = await deps.readHeads(keys, signal);
      for (const [index, id] of ids.entries()) {
        await removeVersion(deps, deps.table, url, id, signal);
        const head = heads[index];
        const item: Item | null = head?.kind === 'read' ? head.item : null;
        await removeParts(deps, deps, url, allRefs(item), signal);
        if (signal.aborted) return new CrawlgateError('DEADLINE_EXCEEDED', 'Not all versions were removed.', { url });
      }
      removed += ids.length;
    }
  }

  function failed(error: CrawlgateError): WriteOutcome<RemovedReceipt> {
    return { kind: 'failed', error };
  }

  function contention(): CrawlgateError {
    return new CrawlgateError('STORE_UNAVAILABLE', 'Other writers kept changing this URL.', { url });
  }
}
