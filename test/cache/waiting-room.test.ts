// Waiters, seats and rooms: everyone is answered once, and a read is given up when nobody waits for it and not before.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Waiter, WaitingRoom } from '../../src/cache/waiting-room.js';
import { AbortSwitch } from '../../src/domain/abort.js';
import type { ReadOutcome } from '../../src/domain/read-many.js';

type Outcomes = ReadonlyMap<string, ReadOutcome<string>>;
const absent: ReadOutcome<string> = { kind: 'absent' };

/** Counts its listeners. */
class WatchedSwitch extends AbortSwitch {
  readonly listeners = new Set<() => void>();
  override addEventListener(type: 'abort', listener: () => void): void {
    this.listeners.add(listener);
    super.addEventListener(type, listener);
  }
  override removeEventListener(type: 'abort', listener: () => void): void {
    this.listeners.delete(listener);
    super.removeEventListener(type, listener);
  }
}

function someone() {
  const signal = new WatchedSwitch();
  return { signal, waiter: new Waiter<string, string>(signal) };
}

function someRoom() {
  const world = { abandoned: 0 };
  const room = new WaitingRoom<string, string>(() => {
    world.abandoned += 1;
  });
  return { room, world };
}

const kindsOf = (outcomes: Outcomes): Record<string, string> =>
  Object.fromEntries([...outcomes].map(([key, { kind }]) => [key, kind]));

describe('moving', () => {
  it('joins those who wait for one key in both rooms; the first to leave takes nobody along', async () => {
    const [from, to] = [someRoom(), someRoom()];
    const [one, two, three] = [someone(), someone(), someone()];
    from.room.join('a', one.waiter, 1);
    from.room.join('a', two.waiter, 2);
    to.room.join('a', three.waiter, 3);
    from.room.move('a', to.room);
    expect([from.room.seats.size, to.room.seats.size]).toEqual([0, 1]);
    const answers = [one, two, three].map(({ waiter }) => waiter.done());
    three.signal.abort();
    one.signal.abort();
    expect(to.world.abandoned).toBe(0);
    to.room.settle(new Map([['a', absent]]));
    expect((await Promise.all(answers)).map(kindsOf)).toEqual([{ a: 'failed' }, { a: 'absent' }, { a: 'failed' }]);
    expect([from.world.abandoned, to.world.abandoned]).toEqual([0, 0]);
  });

  it('has the room to which a key was moved abandoned, and not the one from which it came', async () => {
    const [from, to] = [someRoom(), someRoom()];
    const one = someone();
    from.room.join('a', one.waiter, 1);
    from.room.move('a', to.room);
    const answer = one.waiter.done();
    one.signal.abort();
    expect([from.world.abandoned, to.world.abandoned]).toEqual([0, 1]);
    expect(kindsOf(await answer)).toEqual({ a: 'failed' });
  });
});

it('whoever joins a key that everybody left, while another key is waited for, is answered by the same read', async () => {
  const { room, world } = someRoom();
  const [leaves, stays, late] = [someone(), someone(), someone()];
  room.join('a', leaves.waiter, 1);
  room.join('b', stays.waiter, 1);
  const left = leaves.waiter.done();
  leaves.signal.abort();
  expect(kindsOf(await left)).toEqual({ a: 'failed' });
  room.join('a', late.waiter, 2);
  const answers = [stays, late].map(({ waiter }) => waiter.done());
  room.settle(
    new Map([
      ['a', absent],
      ['b', absent],
    ]),
  );
  expect((await Promise.all(answers)).map(kindsOf)).toEqual([{ b: 'absent' }, { a: 'absent' }]);
  expect(world.abandoned).toBe(0);
});

it('a signal that was aborted before anybody waited ends all of it', async () => {
  const { room, world } = someRoom();
  const { signal, waiter } = someone();
  room.join('a', waiter, 1);
  room.join('b', waiter, 1);
  signal.abort();
  expect(kindsOf(await waiter.done())).toEqual({ a: 'failed', b: 'failed' });
  expect([world.abandoned, room.seats.size, signal.listeners.size]).toEqual([1, 0, 0]);
});

type Step =
  | { readonly kind: 'leave'; readonly who: number }
  | { readonly kind: 'move'; readonly key: number }
  | { readonly kind: 'settle'; readonly room: number; readonly key: number };

it('whatever happens in whatever order, everyone is answered once and only unwanted reads are given up', async () => {
  const people = 4;
  const keyNames = ['a', 'b', 'c'];
  const joins = fc.array(fc.tuple(fc.nat(people - 1), fc.nat(1), fc.nat(keyNames.length - 1)), { maxLength: 14 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constant('leave' as const), who: fc.nat(people - 1) }),
    fc.record({ kind: fc.constant('move' as const), key: fc.nat(keyNames.length - 1) }),
    fc.record({
      kind: fc.constant('settle' as const),
      room: fc.nat(1),
      key: fc.nat(keyNames.length - 1),
    }),
  );
  await fc.assert(
    fc.asyncProperty(joins, fc.array(step, { maxLength: 12 }), async (places, steps) => {
      const rooms = [someRoom(), someRoom()] as const;
      const all = Array.from({ length: people }, someone);
      // A waiter waits for a key in one place, as the tiers have it; `where` is the same, told simply.
      const where = all.map(() => new Map<string, number>());
      const asked = all.map(() => new Set<string>());
      const expected = all.map((): Record<string, string> => ({}));
      for (const [who, place, index] of places) {
        const key = keyNames[index] ?? '';
        const at = where[who]?.get(key) ?? place;
        where[who]?.set(key, at);
        asked[who]?.add(key);
        rooms[at]?.room.join(key, all[who]?.waiter as Waiter<string, string>, 1);
      }
      const answers = all.map(({ waiter }) => waiter.done());
      const isEmpty = (place: number) => where.every((mine) => ![...mine.values()].includes(place));
      const abandoned = [0, 0];
      for (const one of steps) {
        if (one.kind === 'leave') {
          const places = new Set(where[one.who]?.values());
          for (const key of where[one.who]?.keys() ?? []) (expected[one.who] ?? {})[key] = 'failed';
          where[one.who]?.clear();
          for (const place of places) if (isEmpty(place)) abandoned[place] = (abandoned[place] ?? 0) + 1;
          all[one.who]?.signal.abort();
        } else {
          const key = keyNames[one.key] ?? '';
          if (one.kind === 'move') {
            rooms[0].room.move(key, rooms[1].room);
            for (const mine of where) if (mine.get(key) === 0) mine.set(key, 1);
          } else {
            rooms[one.room]?.room.settle(new Map([[key, absent]]));
            for (const [who, mine] of where.entries()) {
              if (mine.get(key) !== one.room) continue;
              mine.delete(key);
              (expected[who] ?? {})[key] = 'absent';
            }
          }
        }
        expect(rooms.map(({ world }) => world.abandoned)).toEqual(abandoned);
        for (const [place, { room }] of rooms.entries()) {
          const wanted = keyNames.filter((key) => where.some((mine) => mine.get(key) === place));
          expect([...room.seats.keys()].sort()).toEqual(wanted);
        }
      }
      for (const { room } of rooms) room.settle(new Map(keyNames.map((key) => [key, absent])));
      for (const [who, mine] of where.entries()) for (const key of mine.keys()) (expected[who] ?? {})[key] = 'absent';
      expect((await Promise.all(answers)).map(kindsOf)).toEqual(expected);
      // AbortSwitch forgets its listeners when it is aborted; the others were taken off.
      for (const { signal } of all) expect(signal.aborted || signal.listeners.size === 0).toBe(true);
      expect(rooms.map(({ room }) => room.seats.size)).toEqual([0, 0]);
    }),
    { numRuns: 200 },
  );
});
