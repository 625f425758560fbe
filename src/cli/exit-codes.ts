// How a command ended, as a shell reads it. docs/operations.md lists these.

/** Of every command. `serve` says 1 also for a configuration that it cannot start with. */
export const exitCodes = {
  /** Done, and nothing found to complain about. */
  ok: 0,
  /** It failed, or found something that somebody should look at. What was said tells which. */
  failed: 1,
  /** Called in a way that it does not have, or with settings that it cannot work with. Nothing was done. */
  usage: 2,
  /** Ended by SIGINT (128 + 2), by SIGTERM (128 + 15), after having put down what it held. */
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/** One of them. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
