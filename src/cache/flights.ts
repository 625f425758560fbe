// Reads on their way to the store; lookups of the same key that come later share them.
import { AbortSwitch } from '../domain/abort.js';
import type { FieldGroups } from '../domain/fields.js';
import type { Follow } from '../domain/follow.js';
import { type Consistency, plainWantFor, type ReadMany, type ReadOutcome } from '../domain/read-many.js';
import { type Caller, checkedRead } from './checked-call.js';
import type { Generations, Tick } from './generations.js';
import { type Waiter, WaitingRoom } from './waiting-room.js';

/** One read in flight, of one or more keys. */
export interface Flight<Key, Value> {
  readonly groups: FieldGroups;
  readonly consistency: Consistency;
  readonly begun: Tick;
  readonly room: WaitingRoom<Key, Value>;
}

/** How a read is made. */
export interface FlightPlan<Key> {
  readonly groups: FieldGroups;
  readonly consistency: Consistency;
  /** False: it joins no read already sent, and none joins it. */
  readonly shared: boolean;
  /** Who follows the keys that it is made for; who joins later does not pay for them. */
  readonly follow?: Follow<Key> | undefined;
}

/**
 * Makes a function that lets `waiter` wait for `keys`: at reads already in flight where one of the same key, groups and
 * consistency has begun in the key's present generation, and at one new read for the rest. A read is aborted when nobody
 * waits for any of its keys any more.
 * @param deps.land Called with every outcome before anyone who waits for it hears of it.
 */
export function createFlights<Key extends string, Value>(deps: {
  readonly next: ReadMany<Key, Value>;
  readonly generations: Pick<Generations<Key>, 'tick' | 'changedSince'>;
  readonly land: (key: Key, outcome: ReadOutcome<Value>, flight: Flight<Key, Value>) => void;
  readonly caller: Caller;
}): (keys: readonly Key[], plan: FlightPlan<Key>, waiter: Waiter<Key, Value>) => void {
  const { next, generations, land, caller } = deps;
  // By what is read and then by key: a string of both, made for every key, would cost more than the rest of this.
  const joinable = new Map<string, Map<Key, Flight<Key, Value>>>();

  function launch(keys: readonly Key[], plan: FlightPlan<Key>, waiter: Waiter<Key, Value>): void {
    const { groups, consistency } = plan;
    const ending = new AbortSwitch();
    const room = new WaitingRoom<Key, Value>(() => {
      close();
      ending.abort();
    });
    const flight: Flight<Key, Value> = { groups, consistency, begun: generations.tick(), room };
    const id = idOf(plan);
    function close(): void {
      const alike = joinable.get(id);
      if (alike === undefined) return;
      for (const key of keys) if (alike.get(key) === flight) alike.delete(key);
      if (alike.size === 0) joinable.delete(id);
    }
    for (const key of keys) room.join(key, waiter, flight.begun);
    if (plan.shared) {
      const alike = joinable.get(id) ?? new Map<Key, Flight<Key, Value>>();
      joinable.set(id, alike);
      for (const key of keys) alike.set(key, flight);
    }
    const want = plainWantFor(groups, consistency);
    void checkedRead(next, { keys, want, signal: ending, follow: plan.follow }, caller).then((outcomes) => {
      close();
      for (const [key, outcome] of outcomes) land(key, outcome, flight);
      room.settle(outcomes);
    });
  }

  return (keys, plan, waiter) => {
    const alike = plan.shared ? joinable.get(idOf(plan)) : undefined;
    const rest =
      alike === undefined
        ? keys
        : keys.filter((key) => {
            const flight = alike.get(key);
            if (flight === undefined || generations.changedSince(key, flight.begun)) return true;
            flight.room.join(key, waiter, flight.begun);
            return false;
          });
    if (rest.length > 0) launch(rest, plan, waiter);
  };
}

function idOf({ groups, consistency }: Pick<FlightPlan<never>, 'groups' | 'consistency'>): string {
  return `${groups}:${consistency}`;
}
