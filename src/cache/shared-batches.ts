// Packs the keys of all requests that overlap in time into batches: at the end of the turn while idle, gathering while busy.
import { AbortSwitch } from '../domain/abort.js';
import { type FieldGroups, groups } from '../domain/fields.js';
import { type Follow, followEach } from '../domain/follow.js';
import { type Consistency, everyKey, plainWantFor, type ReadMany, type Want } from '../domain/read-many.js';
import type { Events } from '../observability/events.js';
import { type Caller, checkedRead } from './checked-call.js';
import { deadlineExceeded, notInMemory } from './failed-outcomes.js';
import { checkMilliseconds, checkWhole } from './option-checks.js';
import { Waiter, WaitingRoom } from './waiting-room.js';

/** Runs `run` once, `ms` milliseconds from now, unless the function that it returns is called before. */
export type SetTimer = (run: () => void, ms: number) => () => void;

/** What the tier is made of. */
export interface SharedBatchesDeps<Key extends string, Value> {
  /** Asked for at most `maxKeys` distinct keys at a time, with a plain want: ages are judged above. */
  readonly next: ReadMany<Key, Value>;
  readonly setTimer: SetTimer;
  /** Runs `run` once all that has come by now is seen to: at the end of this turn of the event loop. */
  readonly atTurnEnd: (run: () => void) => void;
  readonly events: Pick<Events, 'unexpectedError'>;
  /** Keys in a batch, 1 to 100, which is what BatchGetItem takes and the default. */
  readonly maxKeys?: number;
  /** Calls in flight at a time, at least 1; 50 unless told. */
  readonly maxCalls?: number;
  /** Milliseconds for which a key is held at most while a call could be made; 5 unless told. */
  readonly waitMs?: number;
}

/**
 * A batch of so many keys is sent without being held: what a call costs by itself is a twentieth of what its keys cost then.
 * To wait for more while the store has nothing to do costs a tenth of the lookups that are answered in a second.
 */
const enoughKeys = 32;

/** Keys that can travel in one call: BatchGetItem has one projection and one consistency, and refuses a key named twice. */
interface Lane<Key, Value> {
  readonly groups: FieldGroups;
  readonly consistency: Consistency;
  readonly queue: WaitingRoom<Key, Value>;
  /** True once a key here was held for `waitMs`. */
  due: boolean;
  cancelTimer: (() => void) | null;
}

/**
 * The tier. While no call is in flight, keys are sent at the end of the turn in which they come. Otherwise they are held
 * until they are enough, the last of those calls returns or `waitMs` passed, and longer only while all `maxCalls` calls are
 * in flight. The oldest key goes first. Each request leaves at its own signal; a call is aborted when nobody waits for it.
 */
export function createSharedBatches<Key extends string, Value>(
  deps: SharedBatchesDeps<Key, Value>,
): ReadMany<Key, Value> {
  const { next, setTimer, atTurnEnd, events, maxKeys = 100, maxCalls = 50, waitMs = 5 } = deps;
  checkWhole('maxKeys', maxKeys, 1, 100);
  checkWhole('maxCalls', maxCalls, 1);
  checkMilliseconds('waitMs', waitMs);
  const caller: Caller = { where: 'shared batches', events };
  const lanes = new Map<string, Lane<Key, Value>>();
  const enough = Math.min(maxKeys, enoughKeys);
  let callsInFlight = 0;
  let arrivals = 0;
  let dispatchIsDue = false;
  let flushIsDue = false;

  function laneFor(want: Pick<Want, 'groups' | 'consistency'>): Lane<Key, Value> {
    const id = laneId(want);
    let lane = lanes.get(id);
    if (lane === undefined) {
      const { groups, consistency } = want;
      const queue = new WaitingRoom<Key, Value>(() => removeIfEmpty(id));
      lane = { groups, consistency, queue, due: false, cancelTimer: null };
      lanes.set(id, lane);
    }
    return lane;
  }

  function removeIfEmpty(id: string): void {
    const lane = lanes.get(id);
    if (lane === undefined || lane.queue.seats.size > 0) return;
    lane.cancelTimer?.();
    lanes.delete(id);
  }

  /** Sends what may go at the end of this turn, together with all that still comes in it. */
  function dispatchSoon(): void {
    // What is enough may be sent before the turn ends; the rest of what came while idle is not held for that.
    if (callsInFlight === 0) flushIsDue = true;
    if (dispatchIsDue) return;
    dispatchIsDue = true;
    atTurnEnd(dispatch);
  }

  function dispatch(): void {
    const mayBePartial = flushIsDue;
    dispatchIsDue = false;
    flushIsDue = false;
    sendAll((lane) => mayBePartial || lane.due || isEnough(lane));
    for (const lane of lanes.values()) hold(lane);
  }

  function isEnough({ queue }: Lane<Key, Value>): boolean {
    return queue.seats.size >= enough;
  }

  function sendAll(accepts: (lane: Lane<Key, Value>) => boolean): void {
    while (callsInFlight < maxCalls) {
      const lane = oldest(accepts);
      if (lane === undefined) break;
      send(hostOf(lane));
    }
  }

  function hold(lane: Lane<Key, Value>): void {
    if (lane.due || lane.cancelTimer !== null) return;
    lane.cancelTimer = setTimer(() => {
      lane.cancelTimer = null;
      lane.due = true;
      dispatchSoon();
    }, waitMs);
  }

  function oldest(accepts: (lane: Lane<Key, Value>) => boolean): Lane<Key, Value> | undefined {
    let first: Lane<Key, Value> | undefined;
    let firstSince = Number.POSITIVE_INFINITY;
    for (const lane of lanes.values()) {
      const [seat] = lane.queue.seats.values();
      if (seat === undefined || seat.since >= firstSince || !accepts(lane)) continue;
      first = lane;
      firstSince = seat.since;
    }
    return first;
  }

  /** Keys of which only the presence is asked (the health probe) need no projection of their own: they ride along. */
  function hostOf(lane: Lane<Key, Value>): Lane<Key, Value> {
    if (lane.groups !== groups.none) return lane;
    const hasRoom = (each: Lane<Key, Value>) =>
      each !== lane && each.consistency === lane.consistency && each.queue.seats.size < maxKeys;
    return oldest(hasRoom) ?? lane;
  }

  function send(lane: Lane<Key, Value>): void {
    const ending = new AbortSwitch();
    const batch = new WaitingRoom<Key, Value>(() => ending.abort());
    for (const key of lane.queue.seats.keys()) {
      if (batch.seats.size === maxKeys) break;
      lane.queue.move(key, batch);
    }
    removeIfEmpty(laneId(lane));
    takeRiders(batch, lane.consistency);
    const { groups: wanted, consistency } = lane;
    const want = plainWantFor(wanted, consistency);
    callsInFlight += 1;
    const request = { keys: [...batch.seats.keys()], want, signal: ending, follow: followersOf(batch) };
    void checkedRead(next, request, caller).then((outcomes) => {
      callsInFlight -= 1;
      batch.settle(outcomes);
      dispatchSoon();
    });
  }

  function takeRiders(batch: WaitingRoom<Key, Value>, consistency: Consistency): void {
    const id = laneId({ groups: groups.none, consistency });
    const riders = lanes.get(id)?.queue;
    for (const key of riders?.seats.keys() ?? []) {
      if (batch.seats.size < maxKeys || batch.seats.has(key)) riders?.move(key, batch);
    }
    removeIfEmpty(id);
  }

  return ({ keys, want, signal, follow }) => {
    if (keys.length === 0) return Promise.resolve(new Map());
    // Only memory answers such a question, and memory is above.
    if (want.onlyIfCached) return Promise.resolve(everyKey(keys, notInMemory()));
    if (signal.aborted) return Promise.resolve(everyKey(keys, deadlineExceeded()));
    const waiter = new Waiter<Key, Value>(signal, follow);
    const lane = laneFor(want);
    for (const key of keys) {
      arrivals += 1;
      lane.queue.join(key, waiter, arrivals);
    }
    // What is enough goes as a microtask: all that one request asks, and others in the same go, makes full batches.
    if (isEnough(lane)) queueMicrotask(() => sendAll(isEnough));
    // All else that is asked in one turn (a few requests, a probe beside a lookup) goes together.
    dispatchSoon();
    return waiter.done();
  };
}

/** The first to wait for a key pays for it. */
function followersOf<Key, Value>({ seats }: WaitingRoom<Key, Value>): Follow<Key> | undefined {
  let payers: Map<Key, Follow<Key>> | undefined;
  for (const [key, { first }] of seats) {
    if (first.follow === undefined) continue;
    payers ??= new Map();
    payers.set(key, first.follow);
  }
  return payers === undefined ? undefined : followEach(payers);
}

function laneId({ groups, consistency }: Pick<Want, 'groups' | 'consistency'>): string {
  return `${consistency}:${groups}`;
}
