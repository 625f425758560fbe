// The bar that people see: on a terminal only, gone when it is done with.
import { describe, expect, it } from 'vitest';
import { startProgress } from '../../src/cli/progress.js';
import { barLine, textTable } from '../../src/cli/text-table.js';
import { captureOutput } from './captured-output.js';

describe('a progress bar', () => {
  it('is drawn on a terminal with what it counts, and taken away at the end', async () => {
    const { stream, text } = captureOutput(true);
    {
      using bar = await startProgress(stream, 'Importing', 200);
      bar.update(50, 'a.example');
    }
    expect(text()).toContain('Importing');
    expect(text()).toMatch(/25% \| 50\/200 .* a\.example/);
    // The cursor that it hid is shown again.
    expect(text().lastIndexOf('\u001B[?25h')).toBeGreaterThan(text().lastIndexOf('\u001B[?25l'));
  });

  it('is nothing at all in a pipe', async () => {
    const { stream, text } = captureOutput(false);
    {
      using bar = await startProgress(stream, 'Importing', 200);
      bar.update(50);
    }
    expect(text()).toBe('');
  });
});

describe('a table of text', () => {
  it('has columns as wide as their longest cell, numbers to the right', () => {
    expect(
      textTable([
        ['', 'sum'],
        ['reads', '5'],
        ['writes', '1200'],
      ]),
    ).toEqual(['         sum', 'reads      5', 'writes  1200']);
  });

  it('has bars that are full for the largest, and share one where there are too many', () => {
    expect(barLine([0, 1, 8])).toBe('▁▂█');
    expect(barLine([0, 0])).toBe('▁▁');
    expect(barLine(Array.from({ length: 288 }, (_, at) => at)).length).toBe(72);
    expect(barLine([])).toBe('');
  });
});
