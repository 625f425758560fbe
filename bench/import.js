// An import of many generated rows: rows a second, and the largest resident memory of the command.
//   node bench/import.js [rows] [embedded]     100,000 rows unless told; needs `npm run build`
// The table is a stand-in that takes everything at once, so that the rate is the command's own; `embedded` is the embedded
// engine, whose rate is the engine's.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import { createClient } from '../dist/dynamo/client.js';
import { createTable, resultsTableInput } from '../dist/dynamo/provision.js';
import { startEngineServer } from '../dist/embedded/engine-server.js';

const rows = Number(process.argv[2] ?? 100_000);
const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'main.js');
const folder = await mkdtemp(join(tmpdir(), 'crawlgate-bench-import-'));
try {
  await makeCache(join(folder, '.crawl4ai'));
  const table = process.argv[3] === 'embedded' ? await embeddedTable() : await standIn();
  await runImport(table.endpoint);
  await table.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function embeddedTable() {
  const signal = new AbortController().signal;
  const options = { folder: join(folder, 'engine'), portFallback: false, tables: [], sweepEveryMs: 600_000 };
  const engine = await startEngineServer({ ...options, port: 0, waitMs: 0, signal });
  const endpoint = `http://127.0.0.1:${engine.port}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const limits = { maxConnections: 10, connectTimeoutMs: 1000, readTimeoutMs: 30_000 };
  const client = createClient({ region: 'us-east-1', endpoint, credentials, ...limits });
  await createTable(client, resultsTableInput('crawl4ai-results', 'versioned'));
  client.destroy();
  return { endpoint, close: () => engine.close(1000) };
}

/** A versioned table in which nothing is and that takes whatever comes. */
async function standIn() {
  const KeySchema = [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ];
  const answers = {
    DescribeTable: JSON.stringify({ Table: { TableStatus: 'ACTIVE', ItemCount: 0, KeySchema } }),
    BatchGetItem: '{"Responses":{"crawl4ai-results":[]},"UnprocessedKeys":{}}',
    BatchWriteItem: '{"UnprocessedItems":{}}',
  };
  const server = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1];
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(answers[operation] ?? '{}');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { endpoint: `http://127.0.0.1:${server.address().port}`, close };
}

/** A hundred distinct pages of 2 to 20 KB in files, named by as many rows as there are to be. */
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

/** In a process of its own, whose peak is read from the kernel; the engine's memory is another's. */
async function runImport(endpoint) {
  const startedAt = performance.now();
  const env = { PATH: process.env.PATH, DYNAMODB_ENDPOINT: endpoint, CRAWLGATE_DATA_DIR: join(folder, 'data') };
  const peak = `process.on('exit', () => process.stderr.write('PEAK ' + process.resourceUsage().maxRSS + '\\n'))`;
  const args = [
    '--import',
    `data:text/javascript,${encodeURIComponent(peak)}`,
    main,
    'import',
    '--from',
    folder,
    '--json',
  ];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`import ended with ${code}\n${stderr}`);
  const { imported, rowsPerSecond } = JSON.parse(said);
  const megabytes = Math.round(Number(/PEAK (\d+)/.exec(stderr)?.[1]) / 1024);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(
    `${imported} rows imported in ${seconds} s: ${rowsPerSecond} a second, at most ${megabytes} MB resident\n`,
  );
}
