// When calls that stay unanswered are an outage and not a bad day: a rule for cockatiel's circuit.
import type { IBreaker } from 'cockatiel';

/** Unanswered calls after the first of a row, times the seconds since that first one. */
const enough = 30;

/**
 * Opens once no call has been answered for so many calls and so long that the product is `enough`: 88 refusals in a
 * third of a second, 8 tries of a lonely lookup in 5 s, four that hang for 5 s each. A single answer starts the count
 * anew, so that a store that fails three calls in ten (0.3^8) stays in use.
 * @param elapsed milliseconds of a clock that never jumps.
 */
export function createOutageBreaker(elapsed: () => number): IBreaker {
  let failures = 0;
  let since = 0;
  return {
    // Nothing that would be worth keeping beyond the process.
    state: null,
    success() {
      failures = 0;
    },
    failure() {
      if (failures === 0) since = elapsed();
      failures += 1;
      const isOutage = (failures - 1) * ((elapsed() - since) / 1000) >= enough;
      if (isOutage) failures = 0;
      return isOutage;
    },
  };
}
