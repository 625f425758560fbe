// The seam between whoever calls the store and whoever watches over whether it answers.

/** How one call ended, as far as the store's being there is concerned; `unknown`: given up before it could be told. */
export interface CallEnding {
  readonly store: 'answered' | 'silent' | 'unknown';
}

/** Watches over calls of one store, all of them. */
export interface StoreGuard {
  /** Makes one call and takes note of how it ended. Adds nothing to it and never rejects where `make` does not. */
  call<Ending extends CallEnding>(make: () => Promise<Ending>): Promise<Ending>;
  /** Whether asking again now is in vain. */
  isDown(): boolean;
}

/** Watches over nothing. */
export const noGuard: StoreGuard = { call: (make) => make(), isDown: () => false };
