// Keeps memory on disk, so that a gateway restarted during an outage answers: saves it, restores it, notes what is written.
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Events } from '../observability/events.js';
import type { SetTimer } from './shared-batches.js';
import { endRecord, entryRecord, firstLine, writtenRecord } from './snapshot-format.js';
import { restoreSnapshot, type SnapshotCodec, type SnapshotMemory } from './snapshot-restore.js';

/** What the snapshot needs. */
export interface SnapshotDeps<Value> {
  readonly path: string;
  readonly codec: SnapshotCodec<Value>;
  readonly setTimer: SetTimer;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
  readonly events: Pick<Events, 'notice'>;
  /** Milliseconds from one saving to the next; 60,000 unless told. */
  readonly everyMs?: number;
  /** Milliseconds that restoring, or saving at the end, may take at most; 10,000 unless told. */
  readonly limitMs?: number;
}

/** The snapshot of one gateway. No other may have the same file. */
export interface Snapshot<Key extends string, Value> extends AsyncDisposable {
  /** Restores what the file holds and saves from now on. Does not reject. */
  open(memory: SnapshotMemory<Key, Value>): Promise<void>;
  /**
   * To be called when memory has forgotten `keys`, because they were written. The writes may be acknowledged once this
   * has resolved, which it always does: what the file holds of them is not restored any more.
   */
  written(keys: Iterable<Key>): Promise<void>;
}

/** Saving takes at most this share of the time. */
const savingShare = 0.05;
/** Bytes gathered before they are written, and before others have their turn. */
const gatheredBytes = 256 * 1024;

/** A snapshot that is not open yet. Nothing touches the disk before `open`. */
export function createSnapshot<Key extends string, Value>(deps: SnapshotDeps<Value>): Snapshot<Key, Value> {
  const { path, codec, setTimer, elapsed, events, everyMs = 60_000, limitMs = 10_000 } = deps;
  const temporary = `${path}.tmp`;
  let memory: SnapshotMemory<Key, Value> | null = null;
  /** The file as it would be restored, open for noting what is written; null where there is none. */
  let file: FileHandle | null = null;
  /** Keys written since the saving that is under way began; null where none is. */
  let sinceSaving: Set<Key> | null = null;
  let saving: Promise<void> | null = null;
  let savedChanges = -1;
  let turn: Promise<unknown> = Promise.resolve();
  let unnoted: Key[] = [];
  let noting: Promise<void> | null = null;
  let cancelTimer: (() => void) | null = null;
  let opening: Promise<void> = Promise.resolve();
  let isClosed = false;

  /** One thing at a time is done to the file. */
  function inTurn<Done>(work: () => Promise<Done>): Promise<Done> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  function warn(what: string, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    events.notice({ level: 'warn', message: `The memory snapshot ${path} ${what}: ${why}.` });
  }

  /** Notes all keys that were handed in until its turn comes, together. */
  async function note(): Promise<void> {
    noting = null;
    const keys = unnoted;
    unnoted = [];
    if (file === null) return;
    try {
      await file.appendFile(Buffer.concat(keys.flatMap(writtenRecord)));
      // Or a machine that loses power would restore what was written over before.
      await file.datasync();
    } catch (error) {
      warn('was removed, because it could not be kept up to date', error);
      await abandon();
    }
  }

  async function abandon(): Promise<void> {
    await file?.close().catch(() => undefined);
    file = null;
    await rm(path, { force: true }).catch((error: unknown) => warn('could not be removed', error));
  }

  function save(from: SnapshotMemory<Key, Value>, signal: AbortSignal): Promise<void> {
    saving ??= trySave(from, signal).finally(() => {
      saving = null;
      sinceSaving = null;
    });
    return saving;
  }

  async function trySave(from: SnapshotMemory<Key, Value>, signal: AbortSignal): Promise<void> {
    const changes = from.changes();
    const keys = from.keys();
    // An empty memory has nothing to say; what is on disk may still be of use.
    if (changes === savedChanges || keys.length === 0) return;
    sinceSaving = new Set();
    let target: FileHandle | null = null;
    try {
      await mkdir(dirname(path), { recursive: true });
      await rm(temporary, { force: true });
      target = await open(temporary, 'wx', 0o600);
      await writeEntries(target, from, keys, signal);
      await replace(target, sinceSaving);
      savedChanges = changes;
    } catch (error) {
      if (target !== file) await target?.close().catch(() => undefined);
      await rm(temporary, { force: true }).catch(() => undefined);
      warn('was not saved', error);
    }
  }

  async function writeEntries(
    target: FileHandle,
    from: SnapshotMemory<Key, Value>,
    keys: readonly Key[],
    signal: AbortSignal,
  ): Promise<void> {
    let gathered: Buffer[] = [firstLine(codec.format)];
    let bytes = 0;
    for (const key of keys) {
      const entry = from.peek(key);
      if (entry === undefined) continue;
      const record = entryRecord(key, entry.readAt, codec.encode(entry.value));
      gathered.push(...record);
      bytes += record.reduce((sum, piece) => sum + piece.length, 0);
      if (bytes < gatheredBytes) continue;
      signal.throwIfAborted();
      await target.appendFile(Buffer.concat(gathered));
      gathered = [];
      bytes = 0;
    }
    gathered.push(...endRecord());
    await target.appendFile(Buffer.concat(gathered));
  }

  function replace(target: FileHandle, writtenMeanwhile: ReadonlySet<Key>): Promise<void> {
    return inTurn(async () => {
      await target.appendFile(Buffer.concat([...writtenMeanwhile].flatMap(writtenRecord)));
      await target.datasync();
      await rename(temporary, path);
      // What is written from now on is noted in the new file; the handle goes where the name went.
      await file?.close().catch(() => undefined);
      file = target;
      sinceSaving = null;
    });
  }

  function schedule(from: SnapshotMemory<Key, Value>, ms: number): void {
    if (isClosed) return;
    cancelTimer = setTimer(() => {
      const startedAt = elapsed();
      void save(from, new AbortController().signal).then(() =>
        schedule(from, Math.max(everyMs, (elapsed() - startedAt) / savingShare)),
      );
    }, ms);
  }

  async function restore(opened: SnapshotMemory<Key, Value>): Promise<void> {
    memory = opened;
    file = await restoreSnapshot({ path, codec, memory: opened, limitMs, events });
    savedChanges = opened.changes();
    schedule(opened, everyMs);
  }

  return {
    open(opened) {
      opening = restore(opened);
      return opening;
    },

    written(keys) {
      for (const key of keys) {
        unnoted.push(key);
        sinceSaving?.add(key);
      }
      noting ??= inTurn(note);
      return noting;
    },

    async [Symbol.asyncDispose]() {
      if (isClosed) return;
      isClosed = true;
      // What is restored in part must not be saved as if it were all.
      await opening;
      cancelTimer?.();
      // A saving that is under way may have begun long ago: what came since is saved once more.
      await saving;
      if (memory !== null) await save(memory, AbortSignal.timeout(limitMs));
      await inTurn(async () => {
        await file?.close().catch(() => undefined);
        file = null;
      });
    },
  };
}

/** For a gateway that keeps none. */
export function noSnapshot<Key extends string, Value>(): Snapshot<Key, Value> {
  return {
    open: () => Promise.resolve(),
    written: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
