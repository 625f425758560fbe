// What a case finds, and how its figures become medians and ratios.

/**
 * @typedef {object} Value
 * @property {string} name The server.
 * @property {readonly number[]} rounds
 * @property {number} median
 *
 * @typedef {object} Ratio
 * @property {string} text What is compared, such as `crawlgate / yoga`.
 * @property {number} value
 * @property {number} [byCpu] The same from the CPU time of each request: what others do on the machine disturbs it less.
 * @property {{ atLeast: number } | { atMost: number } | null} target As issue 5 has it; null where it names none.
 *
 * @typedef {object} CaseResult
 * @property {string} id
 * @property {string} title
 * @property {string} unit
 * @property {readonly Value[]} values
 * @property {readonly Value[]} [cpuMs] CPU time of the server's process for each request.
 * @property {readonly Ratio[]} ratios
 * @property {readonly string[]} notes
 * @property {readonly import('./cases/latency-curve.js').CurvePoint[]} [curve]
 */

/** @param {readonly number[]} numbers */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {string} name @param {readonly number[]} rounds @returns {Value} */
export function measured(name, rounds) {
  return { name, rounds, median: median(rounds) };
}

/**
 * The median of the ratios round by round: what slows the machine for a while slows both.
 * @param {Value} one @param {Value} other @param {Ratio['target']} target
 * @returns {Ratio}
 */
export function ratioOf(one, other, target) {
  return {
    text: `${one.name} / ${other.name}`,
    value: median(one.rounds.map((value, round) => value / other.rounds[round])),
    target,
  };
}

/** Null where nothing was to be met. @param {Ratio} ratio */
export function isMet({ value, target }) {
  if (target === null) return null;
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost;
}
