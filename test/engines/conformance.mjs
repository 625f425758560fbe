// npm run test:conformance: the one suite on DynamoDB Local, on moto, and on whatever DYNAMODB_ENDPOINT names.
//
// DYNAMODB_ENDPOINT=http://… any engine, with dummy credentials unless there are some; DYNAMODB_ENDPOINT=aws is AWS's own,
// with the region and the credentials of the environment. Tables are named crawlgate-conformance-… and deleted afterwards.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startDynamoDbLocal } from './dynamodb-local.mjs';
import { findPython, startMoto } from './python.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const mustHaveAll = (process.env.CI ?? '') !== '';
const endpoint = process.env.DYNAMODB_ENDPOINT || process.env.DYNAMODB_ENDPOINT_URL || '';

process.exitCode = endpoint === '' ? await onOurEngines() : await runSuite(named(endpoint), '');

async function onOurEngines() {
  const [local, [python, moto]] = await Promise.all([
    attempt('DynamoDB Local', 'Java 17 with its compiler and Maven', startDynamoDbLocal()),
    attempt('Python', 'Python 3 with venv', findPython()).then(async (found) => [
      found,
      found === null ? null : await attempt('moto', 'pip', startMoto(found)),
    ]),
  ]);
  const engines = [local, moto].filter((engine) => engine !== null);
  try {
    const isMissing = local === null || python === null || moto === null;
    if (engines.length === 0 || (isMissing && mustHaveAll)) return 1;
    for (const { name, version, endpoint: at } of engines) say(`${name} ${version} at ${at}`);
    const facts = engines.map(({ name, endpoint: at }) => ({ name, endpoint: at }));
    return await runSuite(facts, python ?? '');
  } finally {
    await Promise.all(engines.map(({ stop }) => stop()));
  }
}

/** What was started, or null with a word about why not. */
async function attempt(name, needs, starting) {
  try {
    const started = await starting;
    if (started === null) say(`${name} is left out: it needs ${needs}.`);
    return started;
  } catch (error) {
    say(`${name} is left out: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}

function named(text) {
  return text === 'aws' ? [{ name: 'AWS', endpoint: null }] : [{ name: text, endpoint: text }];
}

/** The tests clear what the shell says of AWS: what they are to have comes under other names. */
async function runSuite(engines, python) {
  const env = { ...process.env, TEST_ENGINES: JSON.stringify(engines), TEST_PYTHON: python };
  for (const [name, value] of Object.entries(process.env)) if (name.startsWith('AWS_')) env[`TEST_${name}`] = value;
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  const told = process.argv.slice(2);
  const all = python === '' ? ['test/conformance'] : ['test/conformance', 'test/python'];
  const args = [vitest, 'run', ...(told.some((word) => !word.startsWith('-')) ? [] : all), ...told];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
