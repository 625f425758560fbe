// Reads /metrics as Prometheus does: text format 0.0.4, one sample a line.
import { expect } from 'vitest';

/** All samples of one reading. */
export interface ReadMetricsText {
  readonly text: string;
  /** Names of all samples. */
  readonly names: ReadonlySet<string>;
  /** The one sample of this name that has these labels and no others. */
  value(name: string, labels?: Readonly<Record<string, string>>): number;
  /** All samples of a name, by their labels in alphabetical order. */
  series(name: string): Record<string, number>;
  sum(name: string): number;
}

/** Asks the gateway at `port`. */
export async function readMetrics(port: number, headers: Record<string, string> = {}): Promise<ReadMetricsText> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return parseMetrics(await response.text());
}

/** Parses the text; throws at a line that is none of the format, and at a sample that is there twice. */
export function parseMetrics(text: string): ReadMetricsText {
  const samples = new Map<string, Map<string, number>>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name = '', labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (value === undefined) throw new Error(`no sample: ${line}`);
    const id = labelsOf(labels);
    const ofName = samples.get(name) ?? new Map<string, number>();
    if (ofName.has(id)) throw new Error(`twice: ${line}`);
    samples.set(name, ofName.set(id, value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value)));
  }
  const series = (name: string): Record<string, number> => Object.fromEntries(samples.get(name) ?? []);
  return {
    text,
    names: new Set(samples.keys()),
    series,
    sum: (name) => Object.values(series(name)).reduce((sum, value) => sum + value, 0),
    value(name, labels = {}) {
      const id = Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join(',');
      const value = samples.get(name)?.get(id);
      if (value === undefined) throw new Error(`no sample ${name}{${id}}`);
      return value;
    },
  };
}

function labelsOf(text: string): string {
  return [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)]
    .map(([, name, value]) => `${name}=${value}`)
    .sort()
    .join(',');
}
