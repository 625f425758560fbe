// Runs work on many things, a bounded number at a time.

/** Calls `work` for every item, at most `limit` at once; resolves when all are done. */
export async function inParallel<Value>(
  items: readonly Value[],
  limit: number,
  work: (item: Value, index: number) => Promise<void>,
): Promise<void> {
  const entries = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
