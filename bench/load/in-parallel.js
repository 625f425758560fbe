// Runs tasks so many at a time.

/** @param {number} count @param {number} atOnce @param {(index: number) => Promise<void>} run */
export async function inParallel(count, atOnce, run) {
  let next = 0;
  const work = async () => {
    while (next < count) {
      next += 1;
      await run(next - 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
