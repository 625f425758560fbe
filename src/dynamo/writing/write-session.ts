// The parts of one write: put once, named again where they are stored already, removed when no head names them.
import type { AbortSignalLike } from '../../domain/abort.js';
import type { FieldName } from '../../domain/fields.js';
import type { UrlKey } from '../../domain/url-key.js';
import type { StoredReceipt } from '../../domain/write-many.js';
import type { CrawlgateError } from '../../errors.js';
import type { Layout } from '../codec/layout.js';
import type { PackedField } from '../codec/packed-field.js';
import { type PartRef, refToBinary } from '../codec/part-ref.js';
import type { WriteDeps } from '../send-write.js';
import type { Item, Table } from '../table.js';
import { failureRefOf, partExpiry, partsExpiry, refsOf, reusableParts } from './part-lives.js';
import { putParts, removeParts } from './write-parts.js';

/** How long a record is meant to live: epoch seconds of its end (null: never), and the days that it was given. */
export interface Life {
  readonly expiresAt: number | null;
  readonly ttlDays: number;
}

/** One write while it goes on. */
export interface WriteSession {
  /**
   * The item with references to parts that are there: those of the stored head again where they live long enough,
   * the others put now. A part is put at most once however often the head is tried.
   */
  place(
    item: Item,
    parts: ReadonlyMap<FieldName, PackedField>,
    head: Item | null,
    life: Life,
  ): Promise<Item | CrawlgateError>;
  /** Puts one text that only a failure beside a success names. */
  putRest(rest: PackedField, expiresAt: number | null): Promise<CrawlgateError | null>;
  /** Counts an item that was written. */
  wrote(bytes: number): void;
  receipt(): StoredReceipt;
  /**
   * `after` stands where `before` stood: what only `before` named is nobody's, nor is what was put and not named.
   * @param which `rests`: only what no version can name.
   */
  settle(before: Item | null, after: Item | null, which: 'all' | 'rests'): Promise<void>;
}

/** Opens the session of one write of `url`. */
export function openSession(
  deps: WriteDeps & { readonly table: Table; readonly layout: Layout },
  url: UrlKey,
  signal: AbortSignalLike,
): WriteSession {
  const put = new Map<string, { readonly ref: PartRef; readonly isRest: boolean }>();
  let bytes = 0;
  let items = 0;

  return {
    async place(item, parts, head, { expiresAt, ttlDays }) {
      if (parts.size === 0) return item;
      const reusable = reusableParts(head, expiresAt);
      const missing = [...parts.values()].filter(({ ref }) => !reusable.has(ref.hash));
      const ttl = partExpiry(expiresAt, ttlDays);
      const error = await putMissing(missing, ttl, false);
      if (error !== null) return error;
      const refs = Object.fromEntries(
        [...parts].map(([field, { ref }]) => [field, { B: refToBinary(reusable.get(ref.hash) ?? ref) }]),
      );
      const isReusing = missing.length < parts.size;
      const until = isReusing && head !== null ? earlier(partsExpiry(head), ttl) : ttl;
      return {
        ...item,
        parts: { M: refs },
        ...(until === null ? {} : { parts_ttl: { N: String(until) } }),
        // A version may name what is named again here.
        ...(isReusing && isKept(head) ? keptMark : {}),
      };
    },
    putRest: (rest, expiresAt) => putMissing([rest], partExpiry(expiresAt, 0), true),
    wrote(itemBytes) {
      bytes += itemBytes;
      items += 1;
    },
    receipt: () => ({ bytes, items }),
    async settle(before, after, which) {
      const named = new Set(allRefs(after).map(nameOf));
      const own = [...put.values()].filter(({ isRest }) => isRest || which === 'all').map(({ ref }) => ref);
      const orphans = new Map([...refsBefore(before, which), ...own].map((ref) => [nameOf(ref), ref]));
      for (const name of named) orphans.delete(name);
      await removeParts(deps, deps, url, orphans.values(), signal);
    },
  };

  async function putMissing(
    fields: readonly PackedField[],
    ttl: number | null,
    isRest: boolean,
  ): Promise<CrawlgateError | null> {
    const fresh: PackedField[] = [];
    for (const field of fields) {
      // Two fields that say the same are one part.
      if (put.has(nameOf(field.ref))) continue;
      put.set(nameOf(field.ref), { ref: field.ref, isRest });
      fresh.push(field);
    }
    const answer = await putParts(deps, deps, url, fresh, ttl, signal);
    if (answer.kind === 'failed') return answer.error;
    bytes += answer.bytes;
    items += answer.items;
    return null;
  }
}

/** On a head whose parts a version may name too: they go away by their ttl alone. */
export const keptMark: Item = { has_version: { BOOL: true } };

/** Whether a version may name the parts of a head. */
export function isKept(head: Item | null): boolean {
  return head?.has_version?.BOOL === true;
}

/** Every part that a head names, for its own record and for the failure beside it. */
export function allRefs(head: Item | null): readonly PartRef[] {
  if (head === null) return [];
  const failure = failureRefOf(head);
  return failure === null ? refsOf(head) : [...refsOf(head), failure];
}

function refsBefore(before: Item | null, which: 'all' | 'rests'): readonly PartRef[] {
  if (before === null) return [];
  if (which === 'all' && !isKept(before)) return allRefs(before);
  const failure = failureRefOf(before);
  return failure === null ? [] : [failure];
}

function nameOf(ref: PartRef): string {
  return `${ref.hash}#${ref.writeId}`;
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
