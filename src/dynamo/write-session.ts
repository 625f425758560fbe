// The parts of one write: put once, named again where they are stored already, removed when no head names them.
import type { FieldName } from '../domain/fields.js';
import type { UrlKey } from '../domain/url-key.js';
import type { StoredReceipt } from '../domain/write-many.js';
import type { CrawlgateError } from '../errors.js';
import type { Layout } from './layout.js';
import type { PackedField } from './packed-field.js';
import { failureRefOf, partExpiry, partsExpiry, refsOf, reusableParts } from './part-lives.js';
import { type PartRef, refToBinary } from './part-ref.js';
import type { WriteDeps } from './send-write.js';
import type { Item, Table } from './table.js';
import { putParts, removeParts } from './write-parts.js';

/** One write while it goes on. */
export interface WriteSession {
  /**
   * The item with references to parts that are there: those of the stored head again where they live long enough,
   * the others put now. A part is put at most once however often the head is tried.
   */
  place(item: Item, parts: ReadonlyMap<FieldName, PackedField>, head: Item | null): Promise<Item | CrawlgateError>;
  /** Puts one text that only a failure names. */
  putRest(rest: PackedField, expiresAt: number | null): Promise<CrawlgateError | null>;
  /** Counts an item that was written. */
  wrote(bytes: number): void;
  receipt(): StoredReceipt;
  /** `after` stands where `before` stood: what only `before` named is nobody's, nor is what was put and not named. */
  settle(before: Item | null, after: Item | null): Promise<void>;
}

/** Opens the session of one write of `url`. */
export function openSession(
  deps: WriteDeps & { readonly table: Table; readonly layout: Layout },
  write: { readonly url: UrlKey; readonly ttlDays: number; readonly expiresAt: number | null },
  signal: AbortSignal,
): WriteSession {
  const put = new Map<string, PartRef>();
  let bytes = 0;
  let items = 0;

  return {
    async place(item, parts, head) {
      if (parts.size === 0) return item;
      const reusable = reusableParts(head, write.expiresAt);
      const missing = [...parts.values()].filter(({ ref }) => !reusable.has(ref.hash));
      const ttl = partExpiry(write.expiresAt, write.ttlDays);
      const error = await putMissing(missing, ttl);
      if (error !== null) return error;
      const refs = Object.fromEntries(
        [...parts].map(([field, { ref }]) => [field, { B: refToBinary(reusable.get(ref.hash) ?? ref) }]),
      );
      const isReusing = missing.length < parts.size;
      const until = isReusing && head !== null ? earlier(partsExpiry(head), ttl) : ttl;
      return { ...item, parts: { M: refs }, ...(until === null ? {} : { parts_ttl: { N: String(until) } }) };
    },
    putRest: (rest, expiresAt) => putMissing([rest], partExpiry(expiresAt, 0)),
    wrote(itemBytes) {
      bytes += itemBytes;
      items += 1;
    },
    receipt: () => ({ bytes, items }),
    async settle(before, after) {
      const named = new Set(allRefs(after).map(nameOf));
      const orphans = new Map([...allRefs(before), ...put.values()].map((ref) => [nameOf(ref), ref]));
      for (const name of named) orphans.delete(name);
      await removeParts(deps, deps, write.url, orphans.values(), signal);
    },
  };

  async function putMissing(fields: readonly PackedField[], ttl: number | null): Promise<CrawlgateError | null> {
    const fresh = fields.filter(({ ref }) => !put.has(nameOf(ref)));
    for (const { ref } of fresh) put.set(nameOf(ref), ref);
    const answer = await putParts(deps, deps, write.url, fresh, ttl, signal);
    if (answer.kind === 'failed') return answer.error;
    bytes += answer.bytes;
    items += answer.items;
    return null;
  }
}

/** Every part that a head names, for its own record and for the failure beside it. */
export function allRefs(head: Item | null): readonly PartRef[] {
  if (head === null) return [];
  const failure = failureRefOf(head);
  return failure === null ? refsOf(head) : [...refsOf(head), failure];
}

function nameOf(ref: PartRef): string {
  return `${ref.hash}#${ref.writeId}`;
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
