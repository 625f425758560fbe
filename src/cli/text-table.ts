// A table of text for a terminal, and a line of bars: no colour, no escape codes.

/** Columns as wide as their longest cell; numbers, that is all but the first column, to the right. */
export function textTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

const bars = '▁▂▃▄▅▆▇█';

/** One bar a value, the largest full; more values than `width` share bars by their largest. */
export function barLine(values: readonly number[], width = 72): string {
  const size = Math.max(1, Math.ceil(values.length / width));
  const shown = Array.from({ length: Math.ceil(values.length / size) }, (_, at) =>
    Math.max(...values.slice(at * size, (at + 1) * size)),
  );
  const most = Math.max(...shown, 0);
  return shown
    .map((value) => bars[most === 0 ? 0 : Math.min(bars.length - 1, Math.ceil((value / most) * (bars.length - 1)))])
    .join('');
}
