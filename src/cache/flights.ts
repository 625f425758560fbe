// Reads on their way to the store; lookups of the same key that come later share them.
import type { FieldGroups } from '../domain/fields.js';
import type { Follow } from '../domain/follow.js';
import { type Consistency, plainWant, type ReadMany, type ReadOutcome } from '../domain/read-many.js';
import { type Caller, checkedRead } from './checked-call.js';
import type { Generations, Tick } from './generations.js';
import { createWaitingRoom, type Waiter, type WaitingRoom } from './waiting-room.js';

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
  const joinable = new Map<string, Flight<Key, Value>>();

  function launch(keys: readonly Key[], plan: FlightPlan<Key>, waiter: Waiter<Key, Value>): void {
    const { groups, consistency } = plan;
    const controller = new AbortController();
    const room = createWaitingRoom<Key, Value>(() => {
      close();
      controller.abort();
    });
    const flight: Flight<Key, Value> = { groups, consistency, begun: generations.tick(), room };
    function close(): void {
      for (const key of keys) {
        const id = idOf(key, plan);
        if (joinable.get(id) === flight) joinable.delete(id);
      }
    }
    for (const key of keys) {
      room.join(key, waiter, flight.begun);
      if (plan.shared) joinable.set(idOf(key, plan), flight);
    }
    const want = { ...plainWant, groups, consistency };
    void checkedRead(next, { keys, want, signal: controller.signal, follow: plan.follow }, caller).then((outcomes) => {
      close();
      for (const [key, outcome] of outcomes) land(key, outcome, flight);
      room.settle(outcomes);
    });
  }

  return (keys, plan, waiter) => {
    const rest = keys.filter((key) => {
      const flight = plan.shared ? joinable.get(idOf(key, plan)) : undefined;
      if (flight === undefined || generations.changedSince(key, flight.begun)) return true;
      flight.room.join(key, waiter, flight.begun);
      return false;
    });
    if (rest.length > 0) launch(rest, plan, waiter);
  };
}

function idOf(key: string, { groups, consistency }: Pick<FlightPlan<never>, 'groups' | 'consistency'>): string {
  return `${groups}:${consistency}:${key}`;
}
