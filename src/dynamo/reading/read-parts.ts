// Fetches the parts that heads name and puts each text together again.
import type { AbortSignalLike } from '../../domain/abort.js';
import type { Follow } from '../../domain/follow.js';
import type { PackedText } from '../../domain/packed-text.js';
import type { ResultKey } from '../../domain/result-key.js';
import type { UrlKey } from '../../domain/url-key.js';
import type { CrawlgateError } from '../../errors.js';
import type { Layout, PartNeed } from '../codec/layout.js';
import { fromBinary } from '../codec/packed-binary.js';
import { type Item, keyText, type Table } from '../table.js';
import type { BatchGet, ItemOutcome } from './batch-get.js';
import { followTexts } from './follow-texts.js';

/** One text to be fetched. */
export interface WantedPart extends PartNeed {
  readonly url: UrlKey;
  /** The result that it is a part of, for whoever follows that. */
  readonly owner?: ResultKey;
}

/** A text, the word that a part of it is not there, or why that is not known. */
export type PartOutcome =
  | { readonly kind: 'found'; readonly packed: PackedText }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly error: CrawlgateError };

/** Bytes of a part item besides its content, at most. */
const partOverheadBytes = 4096;

/** The attribute of a part item that holds its bytes. */
export const partData = 'data';

/** Where to read from. */
export interface PartsDeps {
  readonly batchGet: BatchGet;
  readonly table: Table;
  readonly layout: Layout;
}

/** Reads every part of every wanted text in as few calls as there are; answers in the order given. */
export async function readParts(
  deps: PartsDeps,
  wanted: readonly WantedPart[],
  consistent: boolean,
  signal: AbortSignalLike,
  follow?: Follow<ResultKey>,
): Promise<readonly PartOutcome[]> {
  const keys = new Map<
    string,
    { readonly key: Item; readonly bytes: number; readonly owner?: ResultKey | undefined }
  >();
  const namesOf = wanted.map((part) => {
    const names: string[] = [];
    for (let chunk = 0; chunk < part.ref.chunks; chunk += 1) {
      const key = deps.layout.partKey(part.url, part.ref, chunk);
      const name = keyText(deps.table, key) ?? '';
      names.push(name);
      keys.set(name, { key, bytes: part.ref.bytes / part.ref.chunks + partOverheadBytes, owner: part.owner });
    }
    return names;
  });
  const entries = [...keys.values()];
  const items = await deps.batchGet({
    table: deps.table,
    keys: entries.map((entry) => entry.key),
    projection: [partData],
    consistent,
    bytes: entries.map((entry) => entry.bytes),
    signal,
    follow: followTexts(follow, (text) => keys.get(text)?.owner),
  });
  return namesOf.map((names, index) => assemble(names, items, wanted[index]?.ref.bytes ?? 0));
}

function assemble(names: readonly string[], items: ReadonlyMap<string, ItemOutcome>, expected: number): PartOutcome {
  const chunks: Uint8Array[] = [];
  for (const name of names) {
    const outcome = items.get(name);
    if (outcome?.kind === 'failed') return outcome;
    const data = outcome?.kind === 'found' ? outcome.item[partData]?.B : undefined;
    if (data === undefined) return { kind: 'missing' };
    chunks.push(data);
  }
  const [first] = chunks;
  const bytes = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
  const packed = bytes.byteLength === expected ? fromBinary(bytes) : null;
  return packed === null ? { kind: 'missing' } : { kind: 'found', packed };
}
