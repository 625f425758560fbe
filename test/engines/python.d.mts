// Types of python.mjs for tests that start a moto of their own.

/** moto's server on a free port; it ends with this process. */
export function startMoto(
  python: string,
): Promise<{ readonly name: string; readonly version: string; readonly endpoint: string; stop(): Promise<void> }>;
