// A progress bar for people who look on: drawn on a terminal, nothing at all in a pipe or a file.
import type { TextOutput } from './command-output.js';

/** A bar. Disposing takes it off the terminal. */
export interface Progress extends Disposable {
  /** So much of the total is done; `note` stands at the end of the bar. */
  update(done: number, note?: string): void;
  /** The total, where it turned out to be another. */
  setTotal(total: number): void;
  /** Takes it away for a line that is written in its place; it comes back with the next update. */
  clear(): void;
}

const none: Progress = { update() {}, setTotal() {}, clear() {}, [Symbol.dispose]() {} };

/** Starts one on `output` where that is a terminal. */
export async function startProgress(output: TextOutput, label: string, total: number): Promise<Progress> {
  if (output.isTTY !== true || !isStream(output)) return none;
  const { SingleBar, Presets } = await import('cli-progress');
  const bar = new SingleBar(
    {
      format: '{label} {bar} {percentage}% | {value}/{total} | {eta_formatted} left {note}',
      stream: output,
      hideCursor: true,
      clearOnComplete: true,
      // A signal ends the command, which disposes of the bar.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { label, note: '' });
  return {
    update: (done, note = '') => bar.update(done, { note }),
    setTotal: (known) => bar.setTotal(known),
    clear: () => output.write('\r\u001B[K'),
    [Symbol.dispose]: () => bar.stop(),
  };
}

function isStream(output: TextOutput): output is TextOutput & NodeJS.WritableStream {
  return 'pipe' in output || 'end' in output;
}
