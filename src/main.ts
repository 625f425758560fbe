#!/usr/bin/env node
// The program: reads what the process was given, runs one command line, and says how it ended.
import { readFileSync } from 'node:fs';
import { runProgram } from './cli/program.js';

// The only place that reads the environment. The SDK's advice about the version of Node is for whoever builds the
// gateway; its start lines say it once, in one line. (https://github.com/aws/aws-sdk-js-v3 has this switch for that.)
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** Milliseconds between two looks at the parent of a process that npm started. */
const parentCheckMs = 250;

/** The first signal ends the command in order, the second ends the process at once with exit code 1. */
function onSignal(stop: (signal: string) => void): void {
  let isStopping = false;
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      stop(name);
    });
  }
  // Told to end, npm ends the shell between us, which tells nobody: only a parent that is gone says so.
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    if (isStopping) return;
    isStopping = true;
    stop('SIGTERM');
  }, parentCheckMs);
  watch.unref();
}

// A reader that has seen enough, as `head` has, ends neither an import half-way nor a gateway. What could not be written for
// another reason was not said, and must not look like success.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.exitCode = 1;
    if (stream === process.stdout) process.stderr.write(`Standard output: ${error.message}\n`);
  });
}

await runProgram(
  {
    env: process.env,
    version,
    nodeVersion: process.version,
    input: () => process.stdin,
    output: process.stdout,
    problems: process.stderr,
    onSignal,
    onReload: (reload) => process.on('SIGHUP', reload),
    setExitCode: (code) => {
      process.exitCode = code;
    },
  },
  process.argv.slice(2),
);
