// Long work of many answers in small pieces: one of them in a turn of the event loop, so that short answers come in between.

/** Resolves in a turn of the event loop in which nobody else's wait resolves; in the order in which it was asked. */
export type NextTurn = () => Promise<void>;

/** Makes a queue of turns. */
export function createTurns(): NextTurn {
  const waiting: (() => void)[] = [];
  function next(): void {
    const resolve = waiting.shift();
    // What a callback asks for within its turn comes in a later one.
    if (waiting.length > 0) setImmediate(next);
    resolve?.();
  }
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(next);
    });
}
