// Says the start lines once the gateway answers: to people as they are, in production as lines of the log.
import type { Config } from '../config.js';
import { createLog, type LogOutput } from '../observability/log.js';
import { type StartFacts, startLines } from './start-lines.js';

/** What of the process saying takes. */
export interface SayStartDeps {
  readonly output: LogOutput;
  readonly version: string;
  readonly nodeVersion: string;
}

/** Says them. */
export function sayStart(
  config: Config,
  found: Pick<StartFacts, 'address' | 'engine' | 'layout'>,
  { output, version, nodeVersion }: SayStartDeps,
): void {
  const lines = startLines({ version, nodeVersion, config, ...found });
  if (!config.production) {
    for (const line of lines) output.write(`${line}\n`);
    return;
  }
  const log = createLog({ config: config.log, output, elapsed: () => 0 });
  for (const message of lines) log.notice({ level: 'info', message });
}
