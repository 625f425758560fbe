// Notes on a stored success that its origin confirmed it: never its expiry, never a failure beside it.
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { AbortSignalLike } from '../../domain/abort.js';
import { type CrawlResult, liveRecords } from '../../domain/crawl-result.js';
import { groups, type HeadField } from '../../domain/fields.js';
import { formatInstant, instantOfMillis } from '../../domain/instant.js';
import { latestKey } from '../../domain/result-key.js';
import { nullMark } from '../../domain/shape-marks.js';
import type { Revalidation, StoredReceipt, WriteOutcome } from '../../domain/write-many.js';
import { CrawlgateError } from '../../errors.js';
import { packedName } from '../codec/attributes.js';
import { itemBytes } from '../codec/item-size.js';
import { type NextHead, type Prepared, putOver } from '../next-head.js';
import { sendWrite } from '../send-write.js';
import type { Item } from '../table.js';
import { isItemFull, isPacked, packSuccess } from './pack-success.js';
import type { PutDeps } from './put-deps.js';
import { unchanged } from './unchanged.js';
import { updateInput } from './update-input.js';
import { openSession } from './write-session.js';

const maxRaces = 20;

/** Bytes of one validator; HTTP servers refuse longer header lines by default. */
const maxValidatorBytes = 1024;

/** Revalidates one URL. Never rejects for DynamoDB's sake. */
export async function revalidateResult(
  deps: PutDeps,
  { url, etag, lastModified, headFingerprint }: Revalidation,
  signal: AbortSignalLike,
): Promise<WriteOutcome<StoredReceipt>> {
  const validators = { etag, last_modified: lastModified, head_fingerprint: headFingerprint };
  const given = Object.entries(validators).filter((entry): entry is [HeadField, string] => entry[1] !== null);
  for (const [name, value] of given) {
    if (!value.isWellFormed() || Buffer.byteLength(value) > maxValidatorBytes) {
      const message = `${name} must be well-formed text of at most ${maxValidatorBytes} bytes.`;
      return { kind: 'failed', error: new CrawlgateError('BAD_USER_INPUT', message, { argument: name }) };
    }
  }
  const key = latestKey(url);
  const keyAttribute = deps.table.keyAttributes[0] ?? '';
  const session = openSession(deps, url, signal);
  const writeId = deps.newWriteId();
  let isFull = false;
  for (let race = 0; race < maxRaces; race += 1) {
    const [answer] = await deps.readHeads([key], signal);
    if (answer?.kind !== 'read') return failed(answer?.error ?? contention());
    const head = answer.item;
    const success =
      head === null ? null : liveRecords(deps.layout.decode(key, head, groups.head).stored, deps.now()).success;
    if (head === null || success === null) {
      return failed(new CrawlgateError('NOT_STORED', 'No success is stored for this URL.', { url }));
    }
    const next = isFull ? await packed(head, success) : updated(head);
    if (next instanceof CrawlgateError) return failed(next);
    if (next === 'changed') continue;
    const written = await sendWrite(deps, next.operation, 1, signal, next.send);
    if (written.kind === 'written') {
      session.wrote(next.bytes);
      if (isFull) await session.settle(head, next.after, 'all');
      return { kind: 'done', receipt: session.receipt() };
    }
    if (written.kind === 'refused') continue;
    if (isFull || !isItemFull(written.error)) return failed(written.error);
    isFull = true;
  }
  return failed(contention());

  function updated(head: Item): NextHead {
    const set = changesOf(head);
    const command = new UpdateItemCommand(
      updateInput({
        table: deps.table,
        key: deps.layout.headKey(key),
        set,
        remove: given.map(([name]) => packedName(name)),
        condition: unchanged(head, keyAttribute, 'record'),
      }),
    );
    return {
      after: { ...head, ...set },
      bytes: itemBytes(set),
      operation: 'UpdateItem',
      send: (options) => deps.client.send(command, options),
    };
  }

  /** The whole item anew, its success packed: as it is it has no room for what is to be noted. */
  async function packed(head: Item, success: CrawlResult): Promise<Prepared> {
    const item = await packSuccess(deps, session, writeId, head, success, signal);
    if (!isPacked(item)) return item;
    delete item.ttl;
    for (const name of ['ttl', 'result_ttl', 'last_failure'] as const) {
      const value = head[name];
      if (value !== undefined) item[name] = value;
    }
    return putOver(deps, head, Object.assign(item, changesOf(item)));
  }

  function changesOf(item: Item): Item {
    const marks = item.shape_marks?.L ?? [];
    const left = marks.filter((mark) => !given.some(([name]) => mark.S === nullMark(name)));
    return {
      validated_at: { S: `${formatInstant(instantOfMillis(deps.now()), 'six').slice(0, -1)}+00:00` },
      ...Object.fromEntries(given.map(([name, value]) => [name, { S: value }])),
      ...(left.length === marks.length ? {} : { shape_marks: { L: left } }),
    };
  }

  function failed(error: CrawlgateError): WriteOutcome<StoredReceipt> {
    return { kind: 'failed', error };
  }

  function contention(): CrawlgateError {
    return new CrawlgateError('STORE_UNAVAILABLE', 'Other writers kept changing this URL.', { url });
  }
}
