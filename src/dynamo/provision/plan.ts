// Compares a table as it is with what it should be: the steps from one to the other, and what is left alone and why.
import type { FeedIndex } from '../feed-indexes.js';
import type { FoundIndex, FoundTable, Reading } from './read-table.js';
import { type TableShape, typeOfKey } from './table-shape.js';
import { type ProvisionedUnits, type TableWishes, ttlAttribute } from './wishes.js';

/** One change, one call. */
export type Step =
  | { readonly kind: 'create' }
  | { readonly kind: 'billing'; readonly billing: 'on-demand' | ProvisionedUnits }
  | { readonly kind: 'sse'; readonly key: string }
  | { readonly kind: 'deletionProtection' }
  | { readonly kind: 'index'; readonly index: FeedIndex }
  | { readonly kind: 'ttl' }
  | { readonly kind: 'recovery' }
  | { readonly kind: 'tags'; readonly tags: ReadonlyMap<string, string> };

/** Something not done. */
export interface Left {
  readonly what: string;
  readonly why: string;
  /** True where somebody should do something about it; false where the engine has no such thing. */
  readonly isProblem: boolean;
}

/** The way from what is to what should be. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly left: readonly Left[];
}

/** Plans. The same table and wishes always give the same plan; on a table that is complete it has no steps. */
export function planTable(shape: TableShape, wishes: TableWishes, found: FoundTable | null): Plan {
  if (found === null) {
    const steps: Step[] = [{ kind: 'create' }, { kind: 'ttl' }];
    if (wishes.recovery) steps.push({ kind: 'recovery' });
    return { steps, left: [] };
  }
  if (found.keys.join() !== shape.keys.join()) return { steps: [], left: [otherKeys(shape, found)] };

  const steps: Step[] = [];
  const left: Left[] = [];
  const unless = (problem: Left | null, step: Step): void => {
    if (problem === null) steps.push(step);
    else left.push(problem);
  };
  const { billing, sse } = wishes;
  if (billing !== null && !isBilled(found, billing)) steps.push({ kind: 'billing', billing });
  if (sse !== null && !isEncrypted(found.sse, sse)) steps.push({ kind: 'sse', key: sse });
  else if (sse === 'kms' && found.sse !== 'kms') left.push(otherKey(found.sse));
  if (wishes.deletionProtection) {
    const protection = known(found.deletionProtection, says.deletionProtection, left);
    if (protection?.value === false) steps.push({ kind: 'deletionProtection' });
  }
  for (const index of shape.indexes) {
    const there = found.indexes.find(({ name }) => name === index.name);
    if (there === undefined) unless(typeClash(index, found), { kind: 'index', index });
    else left.push(...indexProblem(index, there));
  }
  const ttl = known(found.ttl, says.ttl, left, whyUnsupported('ttl'));
  if (ttl !== null && ttl.value !== ttlAttribute) unless(otherTtl(ttl.value), { kind: 'ttl' });
  if (wishes.recovery) {
    const recovery = known(found.recovery, says.recovery, left);
    if (recovery !== null && !recovery.value.isOn) steps.push({ kind: 'recovery' });
  }
  const tags = known(found.tags, 'tags', left);
  const missing = new Map([...wishes.tags].filter(([key, value]) => tags?.value.get(key) !== value));
  if (tags !== null && missing.size > 0) steps.push({ kind: 'tags', tags: missing });
  return { steps, left };
}

const says = {
  deletionProtection: 'protect against deletion',
  ttl: `let items expire by ${ttlAttribute}`,
  recovery: 'turn on point-in-time recovery',
} as const;

/** A step in words. */
export function sayStep(step: Step, shape: TableShape, wishes: TableWishes): string {
  switch (step.kind) {
    case 'create':
      return sayCreate(shape, wishes, { ...wishes, sse: wishes.sse ?? 'aws-owned' });
    case 'billing':
      return `bill ${sayBilling(step.billing)}`;
    case 'sse':
      return `encrypt with ${saySse(step.key)}`;
    case 'index':
      return `add the index ${step.index.name} (${step.index.keys.join(', ')})`;
    case 'deletionProtection':
    case 'ttl':
    case 'recovery':
      return says[step.kind];
    case 'tags':
      return `tag ${sayTags(step.tags)}`;
    default:
      return step satisfies never;
  }
}

/** The same of a table that was made a moment ago, as it was found: engines take wishes in and drop them. */
export function sayCreated(shape: TableShape, wishes: TableWishes, found: FoundTable): string {
  const { sse, deletionProtection, tags } = found;
  return sayCreate(shape, wishes, {
    // AWS's own key is what a table has that says nothing, and so does one of an engine that encrypts nothing.
    sse: sse === 'aws-owned' ? null : sse,
    deletionProtection: deletionProtection.kind === 'known' && deletionProtection.value,
    tags: tags.kind === 'known' ? tags.value : new Map(),
  });
}

function sayCreate(
  shape: TableShape,
  { billing }: TableWishes,
  { sse, deletionProtection, tags }: Pick<TableWishes, 'sse' | 'deletionProtection' | 'tags'>,
): string {
  const indexes = shape.indexes.map(({ name }) => name).join(', ');
  const keys = `create, keyed by ${shape.keys.join(' and ')}, ${sayBilling(billing ?? 'on-demand')}`;
  const more = [
    ...(sse === null ? [] : [`encrypted with ${saySse(sse)}`]),
    ...(deletionProtection ? ['protected against deletion'] : []),
    ...(tags.size === 0 ? [] : [`tagged ${sayTags(tags)}`]),
  ].join(', ');
  return `${keys}${indexes === '' ? '' : `, indexes ${indexes}`}${more === '' ? '' : `; ${more}`}`;
}

function sayTags(tags: ReadonlyMap<string, string>): string {
  return [...tags].map(([key, value]) => `${key}=${value}`).join(', ');
}

function sayBilling(billing: 'on-demand' | ProvisionedUnits): string {
  return billing === 'on-demand' ? billing : `provisioned with ${billing.read} read and ${billing.write} write units`;
}

function saySse(key: string): string {
  if (key === 'aws-owned') return "AWS's own key";
  return key === 'kms' ? 'the KMS key that AWS manages' : `the KMS key ${key}`;
}

function otherKeys(shape: TableShape, found: FoundTable): Left {
  const isOtherLayout = shape.holds === 'results' && ['url', 'pk,sk'].includes(found.keys.join());
  return {
    what: 'the whole table',
    why:
      `it is keyed by ${found.keys.join(' and ')}, not by ${shape.keys.join(' and ')}, and keys cannot be changed` +
      (isOtherLayout
        ? `: it has the ${found.keys.length === 1 ? 'document' : 'versioned'} layout; ask for that one, or name another table`
        : '; name another table'),
    isProblem: true,
  };
}

function isBilled({ throughput, indexes }: FoundTable, billing: 'on-demand' | ProvisionedUnits): boolean {
  if (billing === 'on-demand') return throughput === null;
  return [throughput, ...indexes.map((index) => index.throughput)].every(
    (units) => units?.read === billing.read && units.write === billing.write,
  );
}

/** A key is given by id or ARN and told by ARN. */
function isEncrypted(found: string, wanted: string): boolean {
  if (wanted === 'aws-owned' || found === 'aws-owned') return found === wanted;
  // Which of an account's keys is the one that AWS manages, DescribeTable does not say.
  return wanted === 'kms' || found === wanted || found.endsWith(`/${wanted}`);
}

/** `--sse kms` is content with a key of the account's own, and says which it is. */
function otherKey(found: string): Left {
  const why =
    `the table has the KMS key ${found} and keeps it: whether AWS manages that one is not told; ` +
    'another changes it where it is named by id or ARN, aws-owned takes it away';
  return { what: `encrypt with ${saySse('kms')}`, why, isProblem: false };
}

function typeClash(index: FeedIndex, found: FoundTable): Left | null {
  const clash = index.keys.find((key) => (found.types.get(key) ?? typeOfKey(key)) !== typeOfKey(key));
  if (clash === undefined) return null;
  return {
    what: `the index ${index.name}`,
    why: `another index of the table has ${clash} as a key of type ${found.types.get(clash)}, not ${typeOfKey(clash)}`,
    isProblem: true,
  };
}

function indexProblem(index: FeedIndex, there: FoundIndex): readonly Left[] {
  const what = `the index ${index.name}`;
  const mend = 'An index cannot be changed: delete it and provision again.';
  if (there.keys.join() !== index.keys.join()) {
    return [{ what, why: `it is keyed by ${there.keys.join(' and ')}. ${mend}`, isProblem: true }];
  }
  const lacking = index.included.filter((name) => there.included !== null && !there.included.has(name));
  if (lacking.length === 0) return [];
  return [{ what, why: `it does not hold ${lacking.join(' and ')}. ${mend}`, isProblem: true }];
}

function otherTtl(attribute: string | null): Left | null {
  if (attribute === null) return null;
  return {
    what: says.ttl,
    why: `items expire by ${attribute}; turn that off first, an hour must lie between two changes`,
    isProblem: true,
  };
}

function known<Value>(
  reading: Reading<Value>,
  what: string,
  left: Left[],
  unsupported = noSuchThing,
): { readonly value: Value } | null {
  if (reading.kind === 'known') return reading;
  const isProblem = reading.kind === 'forbidden';
  left.push({ what, why: isProblem ? 'reading how it is was refused' : unsupported, isProblem });
  return null;
}

const noSuchThing = 'this engine has no such thing';

/** Why a step is left where the engine does not have its operation. */
export function whyUnsupported(kind: Step['kind']): string {
  if (kind !== 'ttl') return noSuchThing;
  return 'this engine has no such setting; the embedded one removes by itself what has expired';
}
