// The snapshot's bytes: a first line that names the format, then records, each with its length and checksum.
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** One record: an entry of memory, the end of the entries, or a key that was written after them. */
export type SnapshotRecord =
  | { readonly kind: 'entry'; readonly key: string; readonly readAt: number; readonly value: Buffer }
  | { readonly kind: 'end' }
  | { readonly kind: 'written'; readonly key: string };

/** What a file is found to be. `end`: bytes up to the last whole record; what is behind was never finished. */
export type Inspection =
  | { readonly kind: 'sound'; readonly entries: number; readonly written: ReadonlySet<string>; readonly end: number }
  | { readonly kind: 'damaged'; readonly why: string };

const kinds = { entry: 1, end: 2, written: 3 } as const;
/** Length and CRC-32 of what follows, and the CRC-32 of these two: a wrong length must not pass for a broken end. */
const frameBytes = 12;
/** Kind, moment of reading, length of the key. */
const headBytes = 13;
const chunkBytes = 1024 * 1024;

/** The first line. */
export function firstLine(format: string): Buffer {
  return Buffer.from(`crawlgate-memory 1 ${format}\n`);
}

/** An entry, in pieces. `value` is not copied. */
export function entryRecord(key: string, readAt: number, value: readonly Buffer[]): readonly Buffer[] {
  return framed([head('entry', key, readAt), ...value]);
}

/** The end of the entries. */
export function endRecord(): readonly Buffer[] {
  return framed([head('end', '', 0)]);
}

/** A key that was written. */
export function writtenRecord(key: string): readonly Buffer[] {
  return framed([head('written', key, 0)]);
}

/** Reads a file from its beginning to its end without keeping any entry. */
export async function inspect(file: FileHandle, format: string, signal: AbortSignal): Promise<Inspection> {
  const first = firstLine(format);
  const { size } = await file.stat();
  const start = Buffer.alloc(Math.min(first.length, size));
  await file.read(start, 0, start.length, 0);
  if (!start.equals(first)) return { kind: 'damaged', why: 'it is no snapshot of this version of Crawlgate' };
  const written = new Set<string>();
  let entries = 0;
  let hasEnd = false;
  let end = first.length;
  try {
    for await (const { record, next } of recordsOf(file, first.length, signal)) {
      if (record.kind === 'written') written.add(record.key);
      else if (hasEnd) return { kind: 'damaged', why: `there are entries behind the end, at byte ${end}` };
      else if (record.kind === 'entry') entries += 1;
      else hasEnd = true;
      end = next;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { kind: 'damaged', why: error.message };
  }
  if (!hasEnd) return { kind: 'damaged', why: `it breaks off at byte ${end}` };
  return { kind: 'sound', entries, written, end };
}

/** Reads the entries of a file that was found sound. */
export async function* entriesOf(
  file: FileHandle,
  format: string,
  signal: AbortSignal,
): AsyncGenerator<Extract<SnapshotRecord, { kind: 'entry' }>> {
  for await (const { record } of recordsOf(file, firstLine(format).length, signal)) {
    if (record.kind !== 'entry') return;
    yield record;
  }
}

/** Every whole record, and where the next begins. @throws RangeError where one is not what was written. */
async function* recordsOf(
  file: FileHandle,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<{ record: SnapshotRecord; next: number }> {
  const { size } = await file.stat();
  let held: Buffer = Buffer.alloc(0);
  let heldAt = from;
  async function take(at: number, length: number): Promise<Buffer> {
    if (at + length > heldAt + held.length) {
      signal.throwIfAborted();
      const wanted = Math.min(size - at, Math.max(length, chunkBytes));
      // A new buffer each time: entries are views into it.
      const chunk = Buffer.allocUnsafe(wanted);
      const { bytesRead } = await file.read(chunk, 0, wanted, at);
      if (bytesRead < wanted) throw new RangeError(`it became shorter while it was read, at byte ${at}`);
      held = chunk;
      heldAt = at;
    }
    return held.subarray(at - heldAt, at - heldAt + length);
  }

  let at = from;
  while (at + frameBytes <= size) {
    const frame = await take(at, frameBytes);
    if (crc32(frame.subarray(0, 8)) !== frame.readUInt32LE(8)) throw new RangeError(`it is torn at byte ${at}`);
    const length = frame.readUInt32LE(0);
    const crc = frame.readUInt32LE(4);
    const next = at + frameBytes + length;
    // Broken off while it was appended: whoever waited for it never heard that it was done.
    if (next > size) return;
    const body = await take(at + frameBytes, length);
    if (crc32(body) !== crc) throw new RangeError(`its checksum does not fit at byte ${at}`);
    yield { record: parse(body, at), next };
    at = next;
  }
}

function parse(body: Buffer, at: number): SnapshotRecord {
  if (body.length < headBytes) throw new RangeError(`it has a record of ${body.length} bytes at byte ${at}`);
  const valueAt = headBytes + body.readUInt32LE(9);
  const key = body.toString('utf8', headBytes, valueAt);
  switch (body.readUInt8(0)) {
    case kinds.entry:
      // Copied out of the chunk: one small entry that stays in memory must not hold on to a megabyte.
      return { kind: 'entry', key, readAt: body.readDoubleLE(1), value: Buffer.from(body.subarray(valueAt)) };
    case kinds.end:
      return { kind: 'end' };
    case kinds.written:
      return { kind: 'written', key };
    default:
      throw new RangeError(`it has a record of no kind that is known at byte ${at}`);
  }
}

function head(kind: SnapshotRecord['kind'], key: string, readAt: number): Buffer {
  const name = Buffer.from(key);
  const bytes = Buffer.alloc(headBytes);
  bytes.writeUInt8(kinds[kind], 0);
  bytes.writeDoubleLE(readAt, 1);
  bytes.writeUInt32LE(name.length, 9);
  return Buffer.concat([bytes, name]);
}

function framed(pieces: readonly Buffer[]): readonly Buffer[] {
  const frame = Buffer.alloc(frameBytes);
  frame.writeUInt32LE(
    pieces.reduce((sum, piece) => sum + piece.length, 0),
    0,
  );
  frame.writeUInt32LE(
    pieces.reduce((crc, piece) => crc32(piece, crc), 0),
    4,
  );
  frame.writeUInt32LE(crc32(frame.subarray(0, 8)), 8);
  return [frame, ...pieces];
}
