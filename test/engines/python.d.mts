// Types of python.mjs for tests that start a moto of their own, and for the benchmarks.

/** The interpreter's path; null where Python is missing. */
export function findPython(): Promise<string | null>;

/** moto's server on a free port; it ends with this process. */
export function startMoto(
  python: string,
): Promise<{ readonly name: string; readonly version: string; readonly endpoint: string; stop(): Promise<void> }>;
