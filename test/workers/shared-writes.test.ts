// What one worker hears of the writes of another, where that one dies in the middle of them.
import { describe, expect, it } from 'vitest';
import { createGenerations } from '../../src/cache/generations.js';
import { createOtherMemories, hearOfWrites } from '../../src/gateway/shared-writes.js';
import { createMember, type OwnMember } from '../../src/workers/member.js';
import type { FromWorker, ToWorker } from '../../src/workers/messages.js';

type Question = Extract<ToWorker, { kind: 'question' }>;

/** What the writing worker says to the primary process, as questions that this hands on. */
function writer(): { readonly member: OwnMember; readonly said: Question[] } {
  const said: Question[] = [];
  const send = (message: FromWorker): void => {
    if (message.kind === 'ask') said.push({ ...message, kind: 'question', from: 11 });
  };
  return { member: createMember({ process: 11, place: 1, count: 2, send }), said };
}

/** A worker with a memory whose keys are those that are being written. */
function listener() {
  const answered: FromWorker[] = [];
  const member = createMember({ process: 12, place: 2, count: 2, send: (message) => answered.push(message) });
  const generations = createGenerations<string>({ now: () => 0, recentMs: 1_000 });
  hearOfWrites<string>(member, async (keys) => {
    generations.begin(keys);
    return async () => generations.end(keys);
  });
  return { member, generations, answered };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a worker that dies while it writes', () => {
  it.each([
    ['in the very moment in which it says so', 0],
    ['while the store is asked', 1],
  ])('%s leaves no key that is being written for ever', async (_, turns) => {
    const { member, said } = writer();
    const other = listener();
    void createOtherMemories<string>(member)(new Set(['a', 'b']));
    for (const question of said) other.member.receive(question);
    expect(other.generations.isWriting('a')).toBe(true);
    for (let turn = 0; turn < turns; turn += 1) await settled();
    other.member.receive({ kind: 'gone', process: 11 });
    await settled();
    expect(['a', 'b'].map((key) => other.generations.isWriting(key))).toEqual([false, false]);
    expect(other.answered).toHaveLength(1);
  });

  it('does not end what another writes of the same key', async () => {
    const { member, said } = writer();
    const other = listener();
    void createOtherMemories<string>(member)(new Set(['a']));
    for (const question of said) {
      other.member.receive(question);
      other.member.receive({ ...question, from: 13 });
    }
    other.member.receive({ kind: 'gone', process: 11 });
    await settled();
    expect(other.generations.isWriting('a')).toBe(true);
    other.member.receive({ kind: 'gone', process: 13 });
    await settled();
    expect(other.generations.isWriting('a')).toBe(false);
  });
});
