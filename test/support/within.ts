// A signal as a request's is: every call of a batch listens to it at the same time, dozens, which is no leak.
import { setMaxListeners } from 'node:events';

/** Aborts after `ms` milliseconds. */
export function within(ms: number): AbortSignal {
  const signal = AbortSignal.timeout(ms);
  setMaxListeners(0, signal);
  return signal;
}
