// What real pages weigh in each layout, as DynamoDB counts it: src/cli/page-sizes.ts holds what this printed.
//
//   npm run -s build && node bench/page-sizes/measure.js [folder of *.html.gz, or what crawl.py printed, *.jsonl]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findPython } from '../../test/engines/python.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = process.argv[2] ?? join(root, '../shared/pages');

const reads = {
  head: '{ url title statusCode createdAt metadata }',
  markdown: '{ markdown { rawMarkdown } }',
  html: '{ html }',
  whole: '{ crawl4ai }',
};

const documents = await crawl();
/** @type {Record<string, unknown>} */
const layouts = {};
for (const layout of ['versioned', 'document']) layouts[layout] = await measure(layout);
process.stdout.write(`${JSON.stringify({ pages: documents.length, layouts }, null, 2)}\n`);

async function crawl() {
  if (folder.endsWith('.jsonl'))
    return (await readFile(folder, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const python = await findPython();
  if (python === null) throw new Error('Python 3 with venv is needed');
  const child = spawn(python, ['-B', fileURLToPath(new URL('crawl.py', import.meta.url)), folder], {
    env: { ...process.env, PYTHONPATH: join(root, 'clients/python/src'), CRAWL4AI_NO_CLOUD_NOTICE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = [];
  for await (const line of createInterface(child.stdout)) lines.push(JSON.parse(line));
  return lines;
}

/** @param {string} layout */
async function measure(layout) {
  const dataDir = await mkdtemp(join(tmpdir(), 'crawlgate-sizes-'));
  const child = start(dataDir, { CRAWLGATE_LAYOUT: layout });
  try {
    const url = await listening(child);
    const urls = documents.map((document) => document.url);
    const count = documents.length;
    const units = async () => (await ask(url, '{ stats { consumedReadUnits consumedWriteUnits } }')).stats;
    const stored = [];
    const before = await units();
    for (const document of documents) {
      const query = 'mutation ($r: [JSON!]!) { cacheCrawl4aiResults(results: $r) { stored storedBytes items } }';
      stored.push(...(await ask(url, query, { r: [document] })).cacheCrawl4aiResults);
    }
    const after = await units();
    if (!stored.every((answer) => answer.stored)) throw new Error('not all pages are stored');
    /** @type {Record<string, number>} */
    const readUnits = {};
    /** @type {Record<string, number>} */
    const memoryBytes = {};
    // A writer has results in memory, and reads what it wrote strongly for five seconds: others read here.
    child.kill('SIGTERM');
    await once(child, 'close');
    for (const [name, fields] of Object.entries(reads)) {
      const reader = start(dataDir);
      const at = await listening(reader);
      const query = `query ($urls: [String!]!) { crawlResults(urls: $urls) ${fields} }`;
      // A few at a time: the embedded engine is slow with large items, and a call has five seconds.
      for (let first = 0; first < count; first += 5) await ask(at, query, { urls: urls.slice(first, first + 5) });
      const { stats } = await ask(at, '{ stats { consumedReadUnits } }');
      readUnits[name] = round(stats.consumedReadUnits / count);
      // The texts of document items are packed once they are asked for again.
      for (let again = 0; again < 3; again += 1) {
        for (let first = 0; first < count; first += 5) await ask(at, query, { urls: urls.slice(first, first + 5) });
      }
      memoryBytes[name] = Math.round((await ask(at, '{ health { memory { bytes } } }')).health.memory.bytes / count);
      reader.kill('SIGTERM');
      await once(reader, 'close');
    }
    return {
      storedBytes: Math.round(stored.reduce((sum, { storedBytes }) => sum + storedBytes, 0) / count),
      items: round(stored.reduce((sum, { items }) => sum + items, 0) / count),
      writeUnits: round((after.consumedWriteUnits - before.consumedWriteUnits) / count),
      readUnitsOfWriting: round((after.consumedReadUnits - before.consumedReadUnits) / count),
      readUnits,
      memoryBytes,
    };
  } finally {
    child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  }
}

/**
 * @param {string} dataDir
 * @param {Readonly<Record<string, string>>} env
 */
function start(dataDir, env = {}) {
  const own = {
    CRAWLGATE_PORT: '0',
    CRAWLGATE_EMBEDDED_PORT: '0',
    CRAWLGATE_DATA_DIR: dataDir,
    CRAWLGATE_SAMPLES: '0',
  };
  return spawn(process.execPath, [join(root, 'dist/main.js')], {
    env: { PATH: process.env.PATH, ...own, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/**
 * @param {ReturnType<typeof start>} child
 * @returns {Promise<string>}
 */
function listening(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      const match = /(http:\/\/127\.0\.0\.1:\d+\/graphql)[\s\S]*Try: curl/.exec(said);
      if (match !== null) resolve(match[1]);
    });
    child.once('close', () => reject(new Error(`the gateway did not start: ${said}`)));
  });
}

/**
 * @param {string} url
 * @param {string} query
 * @param {object} [variables]
 */
async function ask(url, query, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 100) / 100;
}
