// Moments with the microseconds that Python writes; JavaScript's Date would drop three digits.

/** Microseconds since 1970-01-01T00:00:00Z; a safe integer until the year 2255. */
export type Instant = number & { readonly __brand: 'Instant' };

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?\s?(?:([Zz])|([+-])(\d{2}):?(\d{2})(?::?(\d{2}))?)?$/;

/**
 * Reads ISO 8601 as Python's `isoformat()` writes it and RFC 3339 (https://www.rfc-editor.org/rfc/rfc3339#section-5.6).
 * No offset means UTC. Digits beyond microseconds are dropped. Null for anything else, a 31st of June included.
 */
export function parseInstant(text: string): Instant | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', , sign, offsetHour, offsetMinute, offsetSecond] =
    match;
  const parts = [year, month, day, hour, minute, second].map(Number);
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = parts;
  const millis = Date.UTC(y, mo - 1, d, h, mi, s);
  const date = new Date(millis);
  // Date.UTC reads years 0 to 99 as 1900 to 1999 and lets days and hours overflow: such text is no moment.
  if (date.getUTCFullYear() !== y || date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d) return null;
  if (h > 23 || mi > 59 || s > 59 || Number(offsetHour ?? 0) > 23 || Number(offsetMinute ?? 0) > 59) return null;
  const offset =
    sign === undefined ? 0 : Number(offsetHour) * 3600 + Number(offsetMinute) * 60 + Number(offsetSecond ?? 0);
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'));
  const instant = (millis - (sign === '-' ? -offset : offset) * 1000) * 1000 + micros;
  return Number.isSafeInteger(instant) ? (instant as Instant) : null;
}

/** RFC 3339 in UTC, with as many fraction digits (0, 3 or 6) as the moment needs, or always six. */
export function formatInstant(instant: Instant, digits: 'needed' | 'six' = 'needed'): string {
  const seconds = Math.floor(instant / 1_000_000);
  const micros = instant - seconds * 1_000_000;
  const base = new Date(seconds * 1000).toISOString().slice(0, -5);
  if (digits === 'six') return `${base}.${String(micros).padStart(6, '0')}Z`;
  if (micros === 0) return `${base}Z`;
  const text = String(micros).padStart(6, '0');
  return `${base}.${text.endsWith('000') ? text.slice(0, 3) : text}Z`;
}

/** The moment `millis` milliseconds after 1970. */
export function instantOfMillis(millis: number): Instant {
  return Math.round(millis * 1000) as Instant;
}

/** Whole or fractional seconds since 1970, as Python's `time.time()` gives them. */
export function instantOfSeconds(seconds: number): Instant {
  return Math.round(seconds * 1_000_000) as Instant;
}
