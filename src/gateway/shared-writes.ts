// Has the memory of every worker know of every write before it is acknowledged, whichever worker it came to.
import type { BeginWrite, EndWrite } from '../cache/begin-write.js';
import { topic, type Workers } from '../workers/topic.js';

/** A write of the asking process; `id` is its own number for it. */
interface Begun {
  readonly id: number;
  readonly keys: readonly string[];
}

interface Ended extends Begun {
  readonly outdated: readonly string[];
}

const begun = topic<Begun, void>('write begun');
const ended = topic<Ended, void>('write ended');

/**
 * The memory of all other workers, as a memory tier tells it of writes. A worker that does not confirm to have heard of
 * a write is killed, and with it what it remembers: once `EndWrite` has resolved no worker answers what was before.
 */
export function createOtherMemories<Key extends string>(workers: Workers): BeginWrite<Key> {
  let lastId = 0;
  return async (keys) => {
    lastId += 1;
    const write: Begun = { id: lastId, keys: [...keys] };
    await workers.confirm(begun, write);
    return (outdated) => workers.confirm(ended, { ...write, outdated: [...outdated] });
  };
}

/** Has this process's memory know of what the others write. */
export function hearOfWrites<Key extends string>(workers: Workers, beginWrite: BeginWrite<Key>): void {
  const open = new Map<number, Map<number, Promise<EndWrite<Key>>>>();

  /** Noted before anything is awaited: the news that `from` has died may be the very next thing that is heard. */
  function begin({ id, keys }: Begun, from: number): Promise<EndWrite<Key>> {
    // Both processes have the same kind of keys.
    const end = beginWrite(new Set(keys as readonly Key[]));
    const writes = open.get(from) ?? new Map<number, Promise<EndWrite<Key>>>();
    open.set(from, writes.set(id, end));
    return end;
  }

  workers.answer(begun, async (write, from) => {
    await begin(write, from);
  });
  workers.answer(ended, async (write, from) => {
    // One that began before this worker was there: what was read since may be older than it.
    const begunHere = open.get(from)?.get(write.id) ?? begin(write, from);
    open.get(from)?.delete(write.id);
    const end = await begunHere;
    await end(new Set(write.outdated as readonly Key[]));
  });
  workers.onGone((from) => {
    const writes = open.get(from);
    open.delete(from);
    // Nobody knows whether the store did what it was asked: it must be read.
    for (const begunHere of writes?.values() ?? []) void begunHere.then((end) => end(new Set()));
  });
}
