// Notes on a stored success that its origin confirmed it: never its expiry, never a failure beside it.
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { liveRecords } from '../domain/crawl-result.js';
import { groups, type HeadField } from '../domain/fields.js';
import { formatInstant, instantOfMillis } from '../domain/instant.js';
import { latestKey } from '../domain/result-key.js';
import type { Revalidation, StoredReceipt, WriteOutcome } from '../domain/write-many.js';
import { CrawlgateError } from '../errors.js';
import { packedName } from './attributes.js';
import { itemBytes } from './item-size.js';
import type { PutDeps } from './put-deps.js';
import { sendWrite } from './send-write.js';
import type { Item } from './table.js';
import { unchanged } from './unchanged.js';
import { updateInput } from './update-input.js';

const maxRaces = 20;

/** Bytes of one validator; HTTP servers refuse longer header lines by default. */
const maxValidatorBytes = 1024;

/** Revalidates one URL. Never rejects for DynamoDB's sake. */
export async function revalidateResult(
  deps: PutDeps,
  { url, etag, lastModified, headFingerprint }: Revalidation,
  signal: AbortSignal,
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
  for (let race = 0; race < maxRaces; race += 1) {
    const [answer] = await deps.readHeads([key], signal);
    if (answer?.kind !== 'read') return { kind: 'failed', error: answer?.error ?? contention() };
    const head = answer.item;
    const success =
      head === null ? null : liveRecords(deps.layout.decode(key, head, groups.head).stored, deps.now()).success;
    if (head === null || success === null) {
      return { kind: 'failed', error: new CrawlgateError('NOT_STORED', 'No success is stored for this URL.', { url }) };
    }
    const marks = (head.shape_marks?.L ?? []).filter((mark) => !given.some(([name]) => mark.S === `null:${name}`));
    const set: Item = {
      validated_at: { S: `${formatInstant(instantOfMillis(deps.now()), 'six').slice(0, -1)}+00:00` },
      ...Object.fromEntries(given.map(([name, value]) => [name, { S: value }])),
      ...(marks.length === (head.shape_marks?.L ?? []).length ? {} : { shape_marks: { L: marks } }),
    };
    const command = new UpdateItemCommand(
      updateInput({
        table: deps.table,
        key: deps.layout.headKey(key),
        set,
        remove: given.map(([name]) => packedName(name)),
        condition: unchanged(head, deps.table.keyAttributes[0] ?? '', 'record'),
      }),
    );
    const written = await sendWrite(deps, 'UpdateItem', 1, signal, (options) => deps.client.send(command, options));
    if (written.kind === 'written') return { kind: 'done', receipt: { bytes: itemBytes(set), items: 1 } };
    if (written.kind === 'failed') return { kind: 'failed', error: written.error };
  }
  return { kind: 'failed', error: contention() };

  function contention(): CrawlgateError {
    return new CrawlgateError('STORE_UNAVAILABLE', 'Other writers kept changing this URL.', { url });
  }
}
