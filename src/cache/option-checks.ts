// Refuses impossible options when a tier is built, naming the option, the rule and the value.

/** @throws RangeError unless `value` is a whole number of at least `least` and at most `most`. */
export function checkWhole(option: string, value: number, least: number, most: number = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${option} must be a whole number from ${least} to ${most}; it is ${value}`);
}

/** @throws RangeError unless `value` is a finite number of milliseconds, 0 or more. */
export function checkMilliseconds(option: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new RangeError(`${option} must be milliseconds, 0 or more; it is ${value}`);
}
