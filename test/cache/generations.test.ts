import { describe, expect, it } from 'vitest';
import { createGenerations } from '../../src/cache/generations.js';
import { createFakeClock } from './scripted-store.js';

function setUp() {
  const clock = createFakeClock();
  return { clock, generations: createGenerations<string>({ now: clock.now, recentMs: 5_000 }) };
}

describe('generations', () => {
  it('change when a write begins and again when it ends', () => {
    const { generations } = setUp();
    const before = generations.tick();
    generations.begin(['a']);
    const during = generations.tick();
    expect([generations.changedSince('a', before), generations.changedSince('a', during)]).toEqual([true, false]);
    generations.end(['a']);
    expect(generations.changedSince('a', during)).toBe(true);
    expect(generations.changedSince('a', generations.tick())).toBe(false);
    expect(generations.changedSince('b', before)).toBe(false);
  });

  it('know a key as being written until the last of its writes has ended', () => {
    const { generations } = setUp();
    generations.begin(['a']);
    generations.begin(['a']);
    generations.end(['a']);
    expect(generations.isWriting('a')).toBe(true);
    generations.end(['a']);
    expect(generations.isWriting('a')).toBe(false);
  });

  it('know a key as recent from the beginning of its write until 5 s after its end', async () => {
    const { clock, generations } = setUp();
    generations.begin(['a']);
    await clock.advance(60_000);
    expect(generations.isRecent('a')).toBe(true);
    generations.end(['a']);
    await clock.advance(4_999);
    expect(generations.isRecent('a')).toBe(true);
    await clock.advance(1);
    expect(generations.isRecent('a')).toBe(false);
  });

  it('are forgotten after 5 s, but never while a key is being written', async () => {
    const { clock, generations } = setUp();
    generations.begin(['long']);
    for (let key = 0; key < 100; key += 1) {
      generations.begin([`${key}`]);
      generations.end([`${key}`]);
    }
    expect(generations.size).toBe(101);
    await clock.advance(5_000);
    expect(generations.isRecent('7')).toBe(false);
    expect(generations.size).toBe(1);
    expect(generations.isWriting('long')).toBe(true);
  });

  it('count a read as outdated that began before a write which is forgotten by now', async () => {
    const { clock, generations } = setUp();
    const before = generations.tick();
    generations.begin(['a']);
    generations.end(['a']);
    await clock.advance(5_000);
    generations.isRecent('a');
    expect(generations.size).toBe(0);
    expect(generations.changedSince('a', before)).toBe(true);
  });
});
