// An import of many generated rows: rows a second, and the largest resident memory of the command.
//   node bench/import.js [rows] [embedded]     100,000 rows unless told; needs `npm run build`
// The table is a stand-in that takes everything at once, so that the rate is the command's own; `embedded` is the embedded
// engine in a process of its own, whose rate is the engine's. Memory is that of the importing process alone, from the kernel.
import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';

const rows = Number(process.argv[2] ?? 100_000);
const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'main.js');
const folder = await mkdtemp(join(tmpdir(), 'crawlgate-bench-import-'));
try {
  await makeCache(join(folder, '.crawl4ai'));
  if (process.argv[3] === 'embedded') {
    const store = { CRAWLGATE_EMBEDDED_PORT: '0', CRAWLGATE_LAYOUT: 'versioned' };
    spawnSync(process.execPath, [main, 'provision'], { env: envOf(store), stdio: 'ignore' });
    await runImport(store);
  } else {
    const table = await standIn();
    await runImport({ DYNAMODB_ENDPOINT: table.endpoint });
    await table.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** A versioned table in which nothing is and that takes whatever comes. */
async function standIn() {
  const KeySchema = [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ];
  /** @type {Readonly<Record<string, string>>} */
  const answers = {
    DescribeTable: JSON.stringify({ Table: { TableStatus: 'ACTIVE', ItemCount: 0, KeySchema } }),
    BatchGetItem: '{"Responses":{"crawl4ai-results":[]},"UnprocessedKeys":{}}',
    BatchWriteItem: '{"UnprocessedItems":{}}',
  };
  const server = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1];
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(answers[operation ?? ''] ?? '{}');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stand-in has no port');
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { endpoint: `http://127.0.0.1:${address.port}`, close };
}

/**
 * A hundred distinct pages of 2 to 20 KB in files, named by as many rows as there are to be.
 * @param {string} path
 */
async function makeCache(path) {
  await mkdir(join(path, 'html_content'), { recursive: true });
  const names = [];
  for (let page = 0; page < 100; page += 1) {
    const name = page.toString(16).padStart(16, '0');
    await writeFile(join(path, 'html_content', name), `<p>${page} ${'lorem ipsum '.repeat(170 + page * 15)}</p>`);
    names.push(name);
  }
  const database = new Database(join(path, 'crawl4ai.db'));
  database.exec(`PRAGMA journal_mode = WAL; CREATE TABLE crawled_data (url TEXT PRIMARY KEY, html TEXT, cleaned_html TEXT,
    markdown TEXT, extracted_content TEXT, success BOOLEAN, media TEXT, links TEXT, metadata TEXT, screenshot TEXT,
    response_headers TEXT, downloaded_files TEXT, etag TEXT, last_modified TEXT, head_fingerprint TEXT, cached_at REAL)`);
  const put = database.prepare(
    `INSERT INTO crawled_data VALUES (?, ?, '', '', '', 1, '{}', ?, '{"title": "T"}', '', '{"etag": "x"}', '[]', 'x', '', '', ?)`,
  );
  const links = JSON.stringify({ internal: [{ href: 'https://example.com/', text: 'home' }], external: [] });
  database.exec('BEGIN');
  for (let row = 0; row < rows; row += 1) {
    put.run(`https://example.com/page/${row}`, names[row % names.length], links, 1_700_000_000 + row);
  }
  database.exec('COMMIT');
  database.close();
}

/**
 * In a process of its own, whose peak is read from the kernel.
 * @param {Readonly<Record<string, string>>} store variables that name it
 */
async function runImport(store) {
  const startedAt = performance.now();
  const peak = `process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    process.stderr.write('PEAK ' + maxRSS + ' CPU ' + (userCPUTime + systemCPUTime) + '\\n');
  })`;
  const args = [
    '--import',
    `data:text/javascript,${encodeURIComponent(peak)}`,
    main,
    'import',
    '--from',
    folder,
    '--json',
  ];
  const child = spawn(process.execPath, args, { env: envOf(store), stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`import ended with ${code}\n${stderr}`);
  const { imported, rowsPerSecond } = JSON.parse(said);
  const [, peakKb, cpuMicros] = /PEAK (\d+) CPU (\d+)/.exec(stderr) ?? [];
  const megabytes = Math.round(Number(peakKb) / 1024);
  const cpuMs = Number(cpuMicros) / 1000 / imported;
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(
    `${imported} rows imported in ${seconds} s: ${rowsPerSecond} a second, ${cpuMs.toFixed(1)} ms of CPU a row, at most ${megabytes} MB resident\n`,
  );
}

/** @param {Readonly<Record<string, string>>} store */
function envOf(store) {
  return { PATH: process.env.PATH, CRAWLGATE_DATA_DIR: join(folder, 'data'), ...store };
}
