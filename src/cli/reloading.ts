// The signal to read files anew, from the first moment on: one that nobody listens to would end the process.

/** What is done at the signal. */
export interface Reloading {
  /** From now on `reload` is called; at once, if the signal came before there was anything to reload. */
  use(reload: () => Promise<unknown>): void;
}

/** Listens. A reload is awaited by nobody: it must not reject. */
export function waitForReloads(onReload: (run: () => void) => void): Reloading {
  let reload: (() => Promise<unknown>) | null = null;
  let isDue = false;
  onReload(() => {
    if (reload === null) isDue = true;
    else void reload();
  });
  return {
    use(given) {
      reload = given;
      if (isDue) void given();
    },
  };
}
