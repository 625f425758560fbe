// How long parts live, and which stored ones a new head may name again.
import { type PartRef, refFromBinary } from '../codec/part-ref.js';
import type { Item } from '../table.js';

/** Seconds of one day. */
const daySeconds = 86_400;

/** Seconds by which a part outlives every head that names it: a reader may hold a head for a while. */
const graceSeconds = 2 * daySeconds;

/** Epoch seconds until which new parts live for a head that expires at `expiresAt`: grace and one more period of life. */
export function partExpiry(expiresAt: number | null, ttlDays: number): number | null {
  return expiresAt === null ? null : expiresAt + graceSeconds + ttlDays * daySeconds;
}

/** The parts that a stored head names, by content hash, where they live long enough for a head until `expiresAt`. */
export function reusableParts(head: Item | null, expiresAt: number | null): ReadonlyMap<string, PartRef> {
  const until = head === null ? null : partsExpiry(head);
  const isLongEnough = until === null || (expiresAt !== null && until >= expiresAt + graceSeconds);
  const refs = isLongEnough && head !== null ? refsOf(head) : [];
  return new Map(refs.map((ref) => [ref.hash, ref]));
}

/** The earliest expiry among the parts of a head; null means never. */
export function partsExpiry(head: Item): number | null {
  return head.parts_ttl?.N === undefined ? null : Number(head.parts_ttl.N);
}

/** The parts that a head's own record names. */
export function refsOf(head: Item): readonly PartRef[] {
  return Object.values(head.parts?.M ?? {}).flatMap((value) => {
    const ref = value.B === undefined ? null : refFromBinary(value.B);
    return ref === null ? [] : [ref];
  });
}

/** The part that holds the rest of the failure beside a success. */
export function failureRefOf(head: Item): PartRef | null {
  const rest = head.last_failure?.M?.rest?.B;
  return rest === undefined ? null : refFromBinary(rest);
}
