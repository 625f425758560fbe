// Moments with the microseconds that Python writes; JavaScript's Date would drop three digits.

/** Microseconds since 1970-01-01T00:00:00Z; a safe integer until the year 2255. */
export type Instant = number & { readonly __brand: 'Instant' };

// Up to the seconds everything stands in a fixed place. Groups are made for the offset alone: a cold batch reads hundreds.
const pattern = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?\s?(?:[Zz]|[+-]\d{2}:?\d{2}(?::?\d{2})?)?$/;
const offsetPattern = /([+-])(\d{2}):?(\d{2})(?::?(\d{2}))?$/;
const zero = 48;
const upperZ = 90;
const lowerZ = 122;
/** Where the fraction or the offset begins. */
const secondsEnd = 19;

/**
 * Reads ISO 8601 as Python's `isoformat()` writes it and RFC 3339 (https://www.rfc-editor.org/rfc/rfc3339#section-5.6).
 * No offset means UTC. Digits beyond microseconds are dropped. Null for anything else, a 31st of June included.
 */
export function parseInstant(text: string): Instant | null {
  if (!pattern.test(text)) return null;
  const y = 100 * twoDigits(text, 0) + twoDigits(text, 2);
  const mo = twoDigits(text, 5);
  const d = twoDigits(text, 8);
  const h = twoDigits(text, 11);
  const mi = twoDigits(text, 14);
  const s = twoDigits(text, 17);
  // Date.UTC reads years 0 to 99 as 1900 to 1999 and lets days and hours overflow: such text is no moment.
  if (y < 100 || mo < 1 || mo > 12 || d < 1 || (d > 28 && d > daysIn(y, mo))) return null;
  if (h > 23 || mi > 59 || s > 59) return null;
  const offset = offsetSeconds(text);
  if (offset === null) return null;
  const millis = Date.UTC(y, mo - 1, d, h, mi, s);
  const instant = (millis - offset * 1000) * 1000 + microsOf(text);
  return Number.isSafeInteger(instant) ? (instant as Instant) : null;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function twoDigits(text: string, at: number): number {
  return 10 * text.charCodeAt(at) + text.charCodeAt(at + 1) - 11 * zero;
}

/** Microseconds of the fraction; further digits are dropped. */
function microsOf(text: string): number {
  const mark = text[secondsEnd];
  if (mark !== '.' && mark !== ',') return 0;
  let micros = 0;
  let unit = 100_000;
  for (let at = secondsEnd + 1; unit >= 1; at += 1) {
    const digit = text.charCodeAt(at) - zero;
    if (!(digit >= 0 && digit <= 9)) break;
    micros += digit * unit;
    unit /= 10;
  }
  return micros;
}

/** Seconds ahead of UTC; null where there is no such offset. */
function offsetSeconds(text: string): number | null {
  const last = text.charCodeAt(text.length - 1);
  // Nearly all moments; to look for a sign in every text would cost as much as all the rest.
  if (text.length === secondsEnd || last === upperZ || last === lowerZ) return 0;
  const match = offsetPattern.exec(text.slice(secondsEnd));
  if (match === null) return 0;
  const [, sign, hour, minute, second = 0] = match;
  if (Number(hour) > 23 || Number(minute) > 59) return null;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return sign === '-' ? -seconds : seconds;
}

/** RFC 3339 in UTC, with as many fraction digits (0, 3 or 6) as the moment needs, or always six. */
export function formatInstant(instant: Instant, digits: 'needed' | 'six' = 'needed'): string {
  const seconds = Math.floor(instant / 1_000_000);
  const micros = instant - seconds * 1_000_000;
  const base = formatSeconds(seconds);
  if (digits === 'six') return `${base}.${String(micros).padStart(6, '0')}Z`;
  if (micros === 0) return `${base}Z`;
  return micros % 1000 === 0
    ? `${base}.${String(micros / 1000).padStart(3, '0')}Z`
    : `${base}.${String(micros).padStart(6, '0')}Z`;
}

const daySeconds = 86_400;
/** The day that was written last; results of one crawl share it, and Date takes longer for it than for all the rest. */
let lastDay = { number: 0, text: '1970-01-01' };

/** Up to the seconds, without fraction and offset. */
function formatSeconds(seconds: number): string {
  const number = Math.floor(seconds / daySeconds);
  if (number !== lastDay.number) {
    lastDay = { number, text: new Date(number * daySeconds * 1000).toISOString().slice(0, -14) };
  }
  const ofDay = seconds - number * daySeconds;
  const hours = Math.floor(ofDay / 3600);
  const minutes = Math.floor(ofDay / 60) % 60;
  return `${lastDay.text}T${pairs[hours]}:${pairs[minutes]}:${pairs[ofDay % 60]}`;
}

const pairs: readonly string[] = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

/** The moment `millis` milliseconds after 1970. */
export function instantOfMillis(millis: number): Instant {
  return Math.round(millis * 1000) as Instant;
}

/** Whole or fractional seconds since 1970, as Python's `time.time()` gives them. */
export function instantOfSeconds(seconds: number): Instant {
  return Math.round(seconds * 1_000_000) as Instant;
}
