// Numbers, sizes and moments in words that people read.

const units = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;
const seconds = { day: 86_400, hour: 3_600, minute: 60, second: 1 } as const;
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const whole = new Intl.NumberFormat('en');

/** 1234567 as 1,234,567. */
export function count(value: number): string {
  return whole.format(value);
}

/** "1 key", "2 keys". */
export function many(value: number, one: string, more = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : more}`;
}

/** Three digits that count: 0.04, 1.2, 35, 1,200. */
export function short(value: number): string {
  if (value === 0) return '0';
  if (value < 0.1) return value.toFixed(3).replace(/0+$/, '').replace(/\.$/, '');
  if (value < 10) return String(Math.round(value * 10) / 10);
  return count(Math.round(value));
}

/** Bytes, in units of 1024. */
export function size(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 10 ? count(Math.round(value)) : value.toFixed(1)} ${units[power]}`;
}

/** How long ago, or how far ahead, a moment is; both in milliseconds since 1970. */
export function ago(at: number, now: number): string {
  const difference = Math.round((at - now) / 1000);
  const [unit] = (Object.entries(seconds) as [keyof typeof seconds, number][]).find(
    ([, length]) => Math.abs(difference) >= length,
  ) ?? ['second'];
  return difference === 0 ? 'just now' : relative.format(Math.trunc(difference / seconds[unit]), unit);
}

/** A length of time: "3 days", "2 hours", "40 seconds". */
export function span(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  const [unit, length] = (Object.entries(seconds) as [string, number][]).find(([, one]) => total >= one) ?? [
    'second',
    1,
  ];
  return many(Math.floor(total / length), unit);
}

/** A moment in the reader's own time zone. */
export function moment(at: number): string {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}

/** A text's first line at most so long. */
export function firstLine(text: string, length = 160): string {
  const [line = ''] = text.trim().split('\n');
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

/** What a result is called: its title, a failed one without any by what went wrong. */
export function nameOf(result: {
  readonly title: string | null;
  readonly success: boolean;
  readonly errorMessage: string | null;
}): string {
  const { title, success, errorMessage } = result;
  return title ?? (success || errorMessage === null ? 'Without a title' : firstLine(errorMessage, 90));
}
