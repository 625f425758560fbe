// The light signal says and does what an AbortSignal would.
import { describe, expect, it } from 'vitest';
import { type AbortSignalLike, AbortSwitch } from '../../src/domain/abort.js';

const kinds: readonly [string, () => { signal: AbortSignalLike; abort: (reason?: unknown) => void }][] = [
  [
    'an AbortController',
    () => {
      const controller = new AbortController();
      return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
    },
  ],
  [
    'an AbortSwitch',
    () => {
      const signal = new AbortSwitch();
      return { signal, abort: (reason) => signal.abort(reason) };
    },
  ],
];

describe.each(kinds)('%s', (_, make) => {
  it('is not aborted until it is, and then once, with its first reason', () => {
    const { signal, abort } = make();
    expect([signal.aborted, signal.reason]).toEqual([false, undefined]);
    abort('late');
    abort('later');
    expect([signal.aborted, signal.reason]).toEqual([true, 'late']);
  });

  it('has an AbortError for a reason where none is given', () => {
    const { signal, abort } = make();
    abort();
    expect(signal.reason).toMatchObject({ name: 'AbortError' });
  });

  it('calls each listener once, however often it was added', () => {
    const { signal, abort } = make();
    const called: string[] = [];
    const listeners = ['first', 'second', 'third'].map((name) => () => void called.push(name));
    for (const listener of [...listeners, ...listeners]) signal.addEventListener('abort', listener);
    abort();
    abort();
    expect(called).toEqual(['first', 'second', 'third']);
  });

  it('calls nobody who has left, whoever came before or after', () => {
    const { signal, abort } = make();
    const called: string[] = [];
    const [first, second, third] = ['first', 'second', 'third'].map((name) => () => void called.push(name));
    for (const listener of [first, second, third]) signal.addEventListener('abort', listener ?? (() => undefined));
    signal.removeEventListener('abort', first ?? (() => undefined));
    signal.removeEventListener('abort', third ?? (() => undefined));
    abort();
    expect(called).toEqual(['second']);
  });

  it('calls nobody who comes after it was aborted', () => {
    const { signal, abort } = make();
    abort();
    let isCalled = false;
    signal.addEventListener('abort', () => {
      isCalled = true;
    });
    abort();
    expect(isCalled).toBe(false);
  });

  it('calls a listener once that was added again after another left, and never once it left', () => {
    const called: string[] = [];
    const [first, second] = ['first', 'second'].map((name) => () => void called.push(name));
    if (first === undefined || second === undefined) throw new Error('two');
    for (const leaves of [false, true]) {
      const { signal, abort } = make();
      signal.addEventListener('abort', first);
      signal.addEventListener('abort', second);
      signal.removeEventListener('abort', first);
      signal.addEventListener('abort', second);
      if (leaves) signal.removeEventListener('abort', second);
      abort();
    }
    expect(called).toEqual(['second']);
  });

  it('calls nobody who leaves while others are called', () => {
    const { signal, abort } = make();
    const called: string[] = [];
    const second = (): void => void called.push('second');
    const third = (): void => void called.push('third');
    signal.addEventListener('abort', () => {
      called.push('first');
      signal.removeEventListener('abort', third);
      abort();
    });
    signal.addEventListener('abort', second);
    signal.addEventListener('abort', third);
    abort();
    expect(called).toEqual(['first', 'second']);
  });
});
