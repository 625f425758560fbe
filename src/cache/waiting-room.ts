// Requests that wait for their keys at reads which they share with others, each free to leave on its own.
import { setMaxListeners } from 'node:events';
import type { Follow } from '../domain/follow.js';
import type { ReadOutcome } from '../domain/read-many.js';
import { deadlineExceeded } from './failed-outcomes.js';

/** One request: it waits until each of its keys has an outcome, or until its own signal. */
export interface Waiter<Key, Value> {
  /** Who follows its keys; it pays for those that it was the first to wait for. */
  readonly follow: Follow<Key> | undefined;
  /** Where it waits for each key that has no outcome yet. Kept by the rooms. */
  readonly pending: Map<Key, WaitingRoom<Key, Value>>;
  settle(key: Key, outcome: ReadOutcome<Value>): void;
  /** Call once all rooms are joined. Never rejects; at the signal what is pending becomes DEADLINE_EXCEEDED. */
  done(): Promise<ReadonlyMap<Key, ReadOutcome<Value>>>;
}

/** One key in a room. `since` orders the keys of several rooms by arrival. */
export interface Seat<Key, Value> {
  readonly since: number;
  readonly waiters: Set<Waiter<Key, Value>>;
}

/** One read, made or to be made, and who waits for which of its keys. A key without waiters has no seat. */
export interface WaitingRoom<Key, Value> {
  /** In order of arrival. */
  readonly seats: ReadonlyMap<Key, Seat<Key, Value>>;
  join(key: Key, waiter: Waiter<Key, Value>, since: number): void;
  leave(key: Key, waiter: Waiter<Key, Value>): void;
  /** Seats those of another room, where nobody waits for `key` yet. */
  seat(key: Key, seat: Seat<Key, Value>): void;
  /** Seats everyone who waits for `key` in `other` instead. */
  move(key: Key, other: WaitingRoom<Key, Value>): void;
  /** Hands out the outcomes; who got one waits here no more. */
  settle(outcomes: ReadonlyMap<Key, ReadOutcome<Value>>): void;
}

/** A request that will leave every room at `signal`. */
export function createWaiter<Key, Value>(signal: AbortSignal, follow?: Follow<Key>): Waiter<Key, Value> {
  const outcomes = new Map<Key, ReadOutcome<Value>>();
  const pending = new Map<Key, WaitingRoom<Key, Value>>();
  let finish = (): void => undefined;

  function leave(): void {
    const late = deadlineExceeded();
    for (const [key, room] of pending) {
      outcomes.set(key, late);
      room.leave(key, waiter);
    }
    pending.clear();
    finish();
  }

  const waiter: Waiter<Key, Value> = {
    follow,
    pending,
    settle(key, outcome) {
      if (!pending.delete(key)) return;
      outcomes.set(key, outcome);
      if (pending.size === 0) finish();
    },
    done: () =>
      new Promise((resolve) => {
        finish = () => {
          signal.removeEventListener('abort', leave);
          resolve(outcomes);
        };
        if (signal.aborted) leave();
        else if (pending.size === 0) finish();
        else {
          // One request may have any number of lookups under way; Node would warn of a leak at the eleventh.
          setMaxListeners(0, signal);
          signal.addEventListener('abort', leave, { once: true });
        }
      }),
  };
  return waiter;
}

/** An empty room. `onAbandoned` is called when the last waiter left before being answered. */
export function createWaitingRoom<Key, Value>(onAbandoned: () => void): WaitingRoom<Key, Value> {
  const seats = new Map<Key, Seat<Key, Value>>();
  const room: WaitingRoom<Key, Value> = {
    seats,
    join(key, waiter, since) {
      const seat = seats.get(key);
      if (seat === undefined) seats.set(key, { since, waiters: new Set<Waiter<Key, Value>>().add(waiter) });
      else seat.waiters.add(waiter);
      waiter.pending.set(key, room);
    },
    seat(key, seat) {
      seats.set(key, seat);
      for (const waiter of seat.waiters) waiter.pending.set(key, room);
    },
    leave(key, waiter) {
      const seat = seats.get(key);
      if (!seat?.waiters.delete(waiter) || seat.waiters.size > 0) return;
      seats.delete(key);
      if (seats.size === 0) onAbandoned();
    },
    move(key, other) {
      const seat = seats.get(key);
      if (seat === undefined) return;
      seats.delete(key);
      if (!other.seats.has(key)) other.seat(key, seat);
      else for (const waiter of seat.waiters) other.join(key, waiter, seat.since);
    },
    settle(outcomes) {
      for (const [key, outcome] of outcomes) {
        const seat = seats.get(key);
        if (seat === undefined) continue;
        seats.delete(key);
        for (const waiter of seat.waiters) waiter.settle(key, outcome);
      }
    },
  };
  return room;
}
