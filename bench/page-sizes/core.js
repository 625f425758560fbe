// What one core serves: CPU time of the gateway's process for a request that memory answers, by kind of request.
//
//   npm run -s build && node bench/page-sizes/core.js pages.jsonl    # what crawl.py printed
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const documents = readFileSync(process.argv[2], 'utf8')
  .trim()
  .split('\n')
  .slice(0, 20)
  .map((line) => JSON.parse(line));
const urls = documents.map(({ url }) => url);
const head = '{ url title statusCode createdAt success }';
const gzip = { 'accept-encoding': 'gzip' };
/** @type {readonly (readonly [name: string, query: string, variables: object, headers: Record<string, string>, count: number])[]} */
const cases = [
  ['one head', `query ($u: String!) { crawlResult(url: $u) ${head} }`, { u: urls[0] }, {}, 6000],
  ['20 heads', `query ($u: [String!]!) { crawlResults(urls: $u) ${head} }`, { u: urls }, {}, 1500],
  ['one page, gzip', 'query ($u: String!) { crawlResult(url: $u) { html } }', { u: urls[0] }, gzip, 3000],
  ['one page, plain', 'query ($u: String!) { crawlResult(url: $u) { html } }', { u: urls[0] }, {}, 300],
];
const atATime = 16;

const dataDir = mkdtempSync(join(tmpdir(), 'crawlgate-core-'));
const gateway = spawn(process.execPath, [fileURLToPath(new URL('../../dist/main.js', import.meta.url))], {
  env: {
    PATH: process.env.PATH,
    ...{ CRAWLGATE_PORT: '0', CRAWLGATE_EMBEDDED_PORT: '0', CRAWLGATE_DATA_DIR: dataDir, CRAWLGATE_SAMPLES: '0' },
    CRAWLGATE_MEMORY_FRESH_SECONDS: '86400',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise((resolve) => {
  let said = '';
  gateway.stdout.on('data', (chunk) => {
    said += chunk;
    const match = /(http:\/\/127\.0\.0\.1:\d+\/graphql)[\s\S]*Try: curl/.exec(said);
    if (match !== null) resolve(match[1]);
  });
});
const agent = new Agent({ keepAlive: true, maxSockets: atATime });

for (const document of documents) {
  await ask('mutation ($r: [JSON!]!) { cacheCrawl4aiResults(results: $r) { stored } }', { r: [document] }, {});
}
for (const [name, query, variables, headers, count] of cases) {
  for (let warm = 0; warm < count / 10; warm += 1) await ask(query, variables, headers);
  const before = cpuMs();
  let left = count;
  let bytes = 0;
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      while (left-- > 0) bytes = await ask(query, variables, headers);
    }),
  );
  const ms = (cpuMs() - before) / count;
  process.stdout.write(
    `${name}: ${ms.toFixed(2)} ms, ${Math.round(1000 / ms)} a second and core, ${bytes} bytes each\n`,
  );
}
gateway.once('close', () => rmSync(dataDir, { recursive: true, force: true })).kill('SIGTERM');

/** User and system time of the gateway's process so far, from /proc: in ticks of 10 ms. */
function cpuMs() {
  const fields = readFileSync(`/proc/${gateway.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/**
 * Bytes of the answer.
 * @param {string} query
 * @param {object} variables
 * @param {Record<string, string>} headers
 */
function ask(query, variables, headers) {
  const body = JSON.stringify({ query, variables });
  const sent = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers };
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST', agent, headers: sent }, (response) => {
      let bytes = 0;
      response.on('data', (chunk) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve(bytes));
    });
    asking.on('error', reject).end(body);
  });
}
