// A real headless Chromium for tests of pages; where there is none, a skip that says so, or a failure where CI is set.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe, it } from 'vitest';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

// Nothing that Chromium does on its own account may show among the requests that a test counts.
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The Chromium to use: `CHROMIUM_PATH`, or the first of the usual places; undefined where none exists. */
function chromiumPath(): string | undefined {
  const chosen = process.env.CHROMIUM_PATH;
  return (chosen === undefined || chosen === '' ? PLACES : [chosen]).find((path) => existsSync(path));
}

/** A suite that needs Chromium. `launch` starts one; the caller closes it. */
export function describeWithChromium(name: string, suite: (launch: () => Promise<Browser>) => void): void {
  const executablePath = chromiumPath();
  if (executablePath !== undefined) {
    describe(name, () => suite(() => chromium.launch({ executablePath, args: ARGUMENTS })));
    return;
  }
  const reason = `no Chromium in ${process.env.CHROMIUM_PATH ?? PLACES.join(', ')}; CHROMIUM_PATH names another place`;
  process.stderr.write(`skipped: ${name}: ${reason}\n`);
  describe(name, () => {
    it('runs in a real Chromium', (context) => {
      if ((process.env.CI ?? '') !== '') throw new Error(`CI is set, so this may not be skipped: ${reason}`);
      context.skip(reason);
    });
  });
}
