// Removes everything stored for a URL: head, versions, and the parts that they name.
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import type { AbortSignalLike } from '../../domain/abort.js';
import { latestKey, versionKey } from '../../domain/result-key.js';
import type { UrlKey } from '../../domain/url-key.js';
import type { RemovedReceipt, WriteOutcome } from '../../domain/write-many.js';
import { CrawlgateError } from '../../errors.js';
import type { PartRef } from '../codec/part-ref.js';
import { type ListVersions, removeVersion } from '../feed/versions.js';
import { sendWrite } from '../send-write.js';
import type { Item } from '../table.js';
import { isPending } from './pending-head.js';
import type { PutDeps } from './put-deps.js';
import { unchanged } from './unchanged.js';
import { removeParts } from './write-parts.js';
import { allRefs, isKept } from './write-session.js';

const maxRaces = 50;

/** Versions removed between two looks at what is left. */
const versionsPerPage = 100;

/** A version as it was listed. */
interface ListedVersion {
  readonly id: string;
  readonly item: Item;
}

/**
 * Invalidates one URL. Never rejects for DynamoDB's sake.
 *
 * Versions are listed, then the head is removed, then what was listed: a write whose version was listed can put no head
 * any more (see pending-head.ts), so that the parts are nobody's.
 */
export async function invalidateResult(
  deps: PutDeps & { readonly listVersions: ListVersions },
  url: UrlKey,
  signal: AbortSignalLike,
): Promise<WriteOutcome<RemovedReceipt>> {
  const key = latestKey(url);
  const refs = new Map<string, PartRef>();
  let isAnythingRemoved = false;
  for (let round = 0; round < maxRaces; round += 1) {
    const versions = deps.layout.name === 'versioned' ? await listed() : [];
    if (versions instanceof CrawlgateError) return failed(versions);
    const head = await removeHead();
    if (head instanceof CrawlgateError) return failed(head);
    for (const { id, item } of versions) {
      isAnythingRemoved = true;
      // One that was written over meanwhile belongs to a write that is not over.
      const answer = await removeVersion(deps, deps.table, url, id, item.write_id?.S ?? null, signal);
      if (answer instanceof CrawlgateError) return failed(answer);
      if (answer === 'removed') note(item);
      if (signal.aborted)
        return failed(new CrawlgateError('DEADLINE_EXCEEDED', 'Not everything was removed.', { url }));
    }
    // A version may have come between the list and the head.
    if (versions.length > 0 || isKept(head)) continue;
    await removeParts(deps, deps, url, refs.values(), signal);
    return { kind: 'done', receipt: { removed: isAnythingRemoved } };
  }
  return failed(contention());

  /** Removes the head that is there; null where none is. */
  async function removeHead(): Promise<Item | null | CrawlgateError> {
    // One whose removal was not answered: where it is gone and nothing else came, it was removed.
    let unanswered: Item | null = null;
    for (let race = 0; race < maxRaces; race += 1) {
      const [answer] = await deps.readHeads([key], signal);
      if (answer?.kind !== 'read') return answer?.error ?? contention();
      const head = answer.item;
      if (head === null) return unanswered === null ? null : removed(unanswered);
      const command = new DeleteItemCommand({
        TableName: deps.table.name,
        Key: deps.layout.headKey(key),
        ...unchanged(head, deps.table.keyAttributes[0] ?? '', 'both'),
        ReturnConsumedCapacity: 'TOTAL',
      });
      const deleted = await sendWrite(deps, 'DeleteItem', 1, signal, (options) => deps.client.send(command, options));
      if (deleted.kind === 'failed') return deleted.error;
      if (deleted.kind === 'written') return removed(head);
      unanswered = deleted.mayBeWritten ? head : null;
    }
    return contention();
  }

  function removed(head: Item): Item {
    isAnythingRemoved ||= !isPending(head);
    note(head);
    return head;
  }

  function note(item: Item): void {
    for (const ref of allRefs(item)) refs.set(`${ref.hash}#${ref.writeId}`, ref);
  }

  async function listed(): Promise<readonly ListedVersion[] | CrawlgateError> {
    const page = { newestFirst: false, from: null, limit: versionsPerPage, consistent: true };
    const ids = await deps.listVersions(url, page, { signal });
    if (ids instanceof CrawlgateError || ids.length === 0) return ids instanceof CrawlgateError ? ids : [];
    const answers = await deps.readHeads(
      ids.map((id) => versionKey(url, id)),
      signal,
    );
    const versions: ListedVersion[] = [];
    for (const [index, id] of ids.entries()) {
      const answer = answers[index];
      if (answer?.kind !== 'read') return answer?.error ?? contention();
      if (answer.item !== null) versions.push({ id, item: answer.item });
    }
    return versions;
  }

  function failed(error: CrawlgateError): WriteOutcome<RemovedReceipt> {
    return { kind: 'failed', error };
  }

  function contention(): CrawlgateError {
    return new CrawlgateError('STORE_UNAVAILABLE', 'Other writers kept changing this URL.', { url });
  }
}
