// Requests that wait for their keys at reads which they share with others, each free to leave on its own.
import { type AbortSignalLike, allowManyListeners } from '../domain/abort.js';
import type { Follow } from '../domain/follow.js';
import type { ReadOutcome } from '../domain/read-many.js';
import { deadlineExceeded } from './failed-outcomes.js';

// Classes, because a lookup that memory cannot answer makes two waiters and a room: what they allocate is a good part of
// what it costs.

/** One request: it waits until each of its keys has an outcome, or until its own signal. */
export class Waiter<Key, Value> {
  /** Who follows its keys; it pays for those that it was the first to wait for. */
  readonly follow: Follow<Key> | undefined;
  readonly #signal: AbortSignalLike;
  readonly #outcomes = new Map<Key, ReadOutcome<Value>>();
  /** Where it waits, and where it has waited for what has an outcome by now. */
  readonly #seats: Seat<Key, Value>[] = [];
  #pending = 0;
  #finish: (() => void) | null = null;

  /** A request that will leave every room at `signal`. */
  constructor(signal: AbortSignalLike, follow?: Follow<Key>) {
    this.#signal = signal;
    this.follow = follow;
  }

  /** Call once all rooms are joined. Never rejects; at the signal what is pending becomes DEADLINE_EXCEEDED. */
  done(): Promise<Map<Key, ReadOutcome<Value>>> {
    const signal = this.#signal;
    if (signal.aborted) this.#leave();
    if (this.#pending === 0) return Promise.resolve(this.#outcomes);
    return new Promise((resolve) => {
      const leave = (): void => this.#leave();
      this.#finish = () => {
        signal.removeEventListener('abort', leave);
        resolve(this.#outcomes);
      };
      allowManyListeners(signal);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** Called by the seat that it takes. */
  sat(seat: Seat<Key, Value>): void {
    this.#seats.push(seat);
    this.#pending += 1;
  }

  /** Called by the seat at which it waits no more, because `other` has the same key. */
  reseated(seat: Seat<Key, Value>, other: Seat<Key, Value>): void {
    this.#seats[this.#seats.indexOf(seat)] = other;
  }

  /** Called by the seat at which it waited. */
  settle(key: Key, outcome: ReadOutcome<Value>): void {
    if (this.#outcomes.has(key)) return;
    this.#outcomes.set(key, outcome);
    this.#pending -= 1;
    if (this.#pending === 0) this.#finish?.();
  }

  #leave(): void {
    const late = deadlineExceeded();
    for (const seat of this.#seats) {
      if (this.#outcomes.has(seat.key)) continue;
      this.settle(seat.key, late);
      seat.leave(this);
    }
  }
}

/** One key in a room, and who waits for it there. A key without waiters has no seat. */
class Seat<Key, Value> {
  readonly key: Key;
  /** Orders the keys of several rooms by arrival. */
  readonly since: number;
  /** Who waited first. */
  first: Waiter<Key, Value>;
  /** Nearly always there are none. */
  #others: Set<Waiter<Key, Value>> | null = null;
  room: WaitingRoom<Key, Value>;

  constructor(key: Key, since: number, room: WaitingRoom<Key, Value>, first: Waiter<Key, Value>) {
    this.key = key;
    this.since = since;
    this.room = room;
    this.first = first;
    first.sat(this);
  }

  join(waiter: Waiter<Key, Value>): void {
    if (this.#has(waiter)) return;
    this.#add(waiter);
    waiter.sat(this);
  }

  leave(waiter: Waiter<Key, Value>): void {
    if (waiter !== this.first) {
      this.#others?.delete(waiter);
      return;
    }
    const [next] = this.#others ?? [];
    if (next === undefined) {
      this.room.empty(this);
      return;
    }
    this.first = next;
    this.#others?.delete(next);
  }

  /** Who waits here waits at `other` instead, for the same key. */
  mergeInto(other: Seat<Key, Value>): void {
    for (const waiter of this.#all()) {
      other.#add(waiter);
      waiter.reseated(this, other);
    }
  }

  settle(outcome: ReadOutcome<Value>): void {
    this.first.settle(this.key, outcome);
    if (this.#others !== null) for (const waiter of this.#others) waiter.settle(this.key, outcome);
  }

  #has(waiter: Waiter<Key, Value>): boolean {
    return waiter === this.first || this.#others?.has(waiter) === true;
  }

  #add(waiter: Waiter<Key, Value>): void {
    if (this.#has(waiter)) return;
    this.#others ??= new Set();
    this.#others.add(waiter);
  }

  #all(): readonly Waiter<Key, Value>[] {
    return [this.first, ...(this.#others ?? [])];
  }
}

/** One read, made or to be made, and who waits for which of its keys. */
export class WaitingRoom<Key, Value> {
  /** In order of arrival. */
  readonly seats: ReadonlyMap<Key, Seat<Key, Value>>;
  readonly #seats = new Map<Key, Seat<Key, Value>>();
  readonly #onAbandoned: () => void;

  /** An empty room. `onAbandoned` is called when the last waiter left before being answered. */
  constructor(onAbandoned: () => void) {
    this.seats = this.#seats;
    this.#onAbandoned = onAbandoned;
  }

  join(key: Key, waiter: Waiter<Key, Value>, since: number): void {
    const seat = this.#seats.get(key);
    if (seat === undefined) this.#seats.set(key, new Seat(key, since, this, waiter));
    else seat.join(waiter);
  }

  /** Seats everyone who waits for `key` in `other` instead. */
  move(key: Key, other: WaitingRoom<Key, Value>): void {
    const seat = this.#seats.get(key);
    if (seat === undefined) return;
    this.#seats.delete(key);
    const there = other.#seats.get(key);
    if (there === undefined) {
      seat.room = other;
      other.#seats.set(key, seat);
    } else seat.mergeInto(there);
  }

  /** Called by a seat whose last waiter left. */
  empty(seat: Seat<Key, Value>): void {
    if (this.#seats.get(seat.key) !== seat) return;
    this.#seats.delete(seat.key);
    if (this.#seats.size === 0) this.#onAbandoned();
  }

  /** Hands out the outcomes; who got one waits here no more. */
  settle(outcomes: ReadonlyMap<Key, ReadOutcome<Value>>): void {
    for (const [key, outcome] of outcomes) {
      const seat = this.#seats.get(key);
      if (seat === undefined) continue;
      this.#seats.delete(key);
      seat.settle(outcome);
    }
  }
}
