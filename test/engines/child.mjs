// A server of another language as a child that ends with us: it listens on its standard input, which closes when we are gone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const startMs = 60_000;
const endMs = 5_000;

/** Runs a command to its end. Throws with what it wrote where it fails or takes longer than `timeoutMs`. */
export async function run(command, args, { timeoutMs, cwd } = {}) {
  const child = spawn(command, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const { output, ended } = follow(child);
  const code = await ended;
  if (code !== 0) throw new Error(`${command} ${args[0] ?? ''} ended with ${code}: ${output().slice(-2000)}`);
  return output();
}

/** Whether a command can be started at all. */
export async function has(command, args = ['--version']) {
  return run(command, args, { timeoutMs: 30_000 }).then(
    () => true,
    () => false,
  );
}

/**
 * Starts a server on a free port of 127.0.0.1 and waits until it answers.
 * @param commandOf the command line for a port.
 * @returns its endpoint, and a function that ends it.
 */
export async function startServer(name, commandOf, { cwd } = {}) {
  const port = await freePort();
  const [command, ...args] = commandOf(port);
  const child = spawn(command, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const { output, ended } = follow(child);
  // Where the child is gone already, what we say to it goes nowhere.
  child.stdin.on('error', () => {});
  let isEnded = false;
  void ended.then(() => {
    isEnded = true;
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), endMs);
    await ended;
    clearTimeout(timer);
  };
  for (const deadline = Date.now() + startMs; !(await answers(endpoint)); await delay(50)) {
    if (!isEnded && Date.now() < deadline) continue;
    await stop();
    throw new Error(`${name} did not start: ${output().slice(-2000)}`);
  }
  return { endpoint, stop };
}

function follow(child) {
  const chunks = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => chunks.push(chunk));
  const ended = Promise.race([
    once(child, 'close').then(([code, signal]) => code ?? signal),
    once(child, 'error').then(([error]) => {
      chunks.push(String(error));
      return 'nothing';
    }),
  ]);
  return { output: () => chunks.join(''), ended };
}

async function answers(endpoint) {
  try {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    };
    const answer = await fetch(endpoint, { method: 'POST', headers, body: '{}', signal: AbortSignal.timeout(5_000) });
    await answer.arrayBuffer();
    return answer.status < 500;
  } catch {
    return false;
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
