// What a check of the doctor found, and what to do about it.

/** `note`: worth knowing, nothing to do. */
export type FindingLevel = 'ok' | 'note' | 'warning' | 'problem';

/** One finding. */
export interface Finding {
  /** What was checked, in a word or two. */
  readonly check: string;
  readonly level: FindingLevel;
  readonly found: string;
  /** What to do; null where there is nothing. */
  readonly advice: string | null;
}

/** Nothing to do. */
export function fine(check: string, found: string): Finding {
  return { check, level: 'ok', found, advice: null };
}
