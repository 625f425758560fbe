// Looks any number of URLs up: reads them a line at a time, asks for a thousand in a request, four requests at a time,
// and prints a line of JSON for each as soon as its answer is there. What failed and may pass is asked for again.
//
//   node dist/batch-lookup.js < urls.txt > results.jsonl
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ask, type GatewayError, type GatewayOptions } from './gateway.js';
import type { BatchLookupQuery } from './gql/graphql.js';
import { graphql } from './gql/index.js';

const BatchLookup = graphql(`
  query BatchLookup($urls: [String!]!) {
    crawlResults(urls: $urls, outcome: SUCCESS) {
      url
      title
      statusCode
      createdAt
      markdown { rawMarkdown }
      cache { source status }
    }
  }
`);

type Found = NonNullable<BatchLookupQuery['crawlResults'][number]>;

const gateway: GatewayOptions = {
  // The gateway's address, as its command line and Python client take it, or the whole of it.
  url: (process.env.CRAWLGATE_URL ?? 'http://127.0.0.1:4000').replace(/^(\w+:\/\/[^/]+)\/?$/, '$1/graphql'),
  key: process.env.CRAWLGATE_KEY,
};
const requestsAtATime = 4;
const rounds = 3;
const passing = new Set(['STORE_UNAVAILABLE', 'STORE_THROTTLED', 'DEADLINE_EXCEEDED']);

// CRAWLGATE_MAX_URLS of the gateway, unless it is set to take less; that is learnt from its refusal.
let urlsARequest = 1000;
const counts = { found: 0, absent: 0, failed: 0 };

async function print(line: object): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(line)}\n`)) await once(process.stdout, 'drain');
}

async function lookUp(urls: readonly string[], round = 1): Promise<void> {
  if (urls.length > urlsARequest) {
    let left = urls;
    while (left.length > 0) {
      // Read anew for each part: one before it may have learnt that less fits.
      const part = left.slice(0, urlsARequest);
      left = left.slice(part.length);
      await lookUp(part, round);
    }
    return;
  }
  const { data, errors = [] } = await ask(gateway, BatchLookup, { urls: [...urls] });
  const fitting = data == null ? howManyFit(urls.length, errors[0]) : urls.length;
  if (fitting < urls.length) {
    urlsARequest = Math.min(urlsARequest, fitting);
    return lookUp(urls, round);
  }
  // An error stands at the place of its URL in the list; the others are answered all the same.
  const byPlace = new Map<unknown, GatewayError>(errors.map((error) => [error.path?.[1], error]));
  const again: string[] = [];
  for (const [place, url] of urls.entries()) {
    const found: Found | null = data?.crawlResults[place] ?? null;
    const error = data == null ? errors[0] : byPlace.get(place);
    if (error !== undefined && round < rounds && passing.has(error.extensions?.code ?? '')) again.push(url);
    else if (error !== undefined) {
      counts.failed += 1;
      await print({ url, error: error.extensions?.code ?? error.message });
    } else {
      counts[found === null ? 'absent' : 'found'] += 1;
      await print({ url, result: found });
    }
  }
  if (again.length > 0) await lookUp(again, round + 1);
}

/** How many URLs a request may have that was refused for its size; all of them where it was refused for another reason. */
function howManyFit(asked: number, error: GatewayError | undefined): number {
  const { code, limit = 0, given = Number.POSITIVE_INFINITY } = error?.extensions ?? {};
  if (asked <= 1) return asked;
  if (code === 'TOO_MANY_URLS') return Math.max(1, limit);
  if (code === 'TOO_COSTLY') return Math.max(1, Math.floor((asked * limit) / given));
  return code === 'PAYLOAD_TOO_LARGE' ? Math.floor(asked / 2) : asked;
}

/** On a terminal one line that is written over, elsewhere a line now and then. */
function showProgress(): void {
  const text = `${counts.found} found, ${counts.absent} not stored, ${counts.failed} failed`;
  process.stderr.write(process.stderr.isTTY ? `\r${text}` : `${text}\n`);
}

const underway = new Set<Promise<void>>();

async function start(urls: readonly string[]): Promise<void> {
  const request: Promise<void> = lookUp(urls).then(() => {
    underway.delete(request);
    showProgress();
  });
  underway.add(request);
  if (underway.size >= requestsAtATime) await Promise.race(underway);
}

let chunk: string[] = [];
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue;
  chunk.push(line.trim());
  if (chunk.length < urlsARequest) continue;
  await start(chunk);
  chunk = [];
}
if (chunk.length > 0) await start(chunk);
await Promise.all(underway);
process.exitCode = counts.failed === 0 ? 0 : 1;
