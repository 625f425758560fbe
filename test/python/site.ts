// A small site on loopback for crawlers: pages with an ETag, without one, that moved, that change.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A running site. Disposing ends it. */
export interface Site extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
  /** `GET /path 200`, in order. */
  readonly requests: string[];
  /** From now on the page is another, with another ETag. */
  change(path: string): void;
  /** Runs before the page is answered, once. */
  before(path: string, action: () => Promise<void>): void;
}

/** Starts it on a free port. Every path is a page; /moved leads to /a, and paths with `no-validators` have no ETag. */
export async function startSite(): Promise<Site> {
  const requests: string[] = [];
  const versions = new Map<string, number>();
  const actions = new Map<string, () => Promise<void>>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    const action = actions.get(path);
    actions.delete(path);
    await action?.();
    const version = versions.get(path) ?? 1;
    const etag = `"${version}"`;
    const hasEtag = !path.includes('no-validators');
    const isMoved = path === '/moved';
    const isKnown = hasEtag && request.headers['if-none-match'] === etag;
    const status = isMoved ? 301 : isKnown ? 304 : 200;
    requests.push(`${request.method} ${path} ${status}`);
    response.writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      ...(hasEtag ? { etag } : {}),
      ...(isMoved ? { location: '/a' } : {}),
    });
    response.end(status === 200 && request.method !== 'HEAD' ? page(path, version) : undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    change: (path) => versions.set(path, (versions.get(path) ?? 1) + 1),
    before: (path, action) => actions.set(path, action),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Long enough that Crawl4AI does not take it for a page that says it is blocked. */
function page(path: string, version: number): string {
  const text = '<p>The tides come and go twice a day, and the harbour with them; boats wait for either.</p>'.repeat(20);
  const table =
    '<table><caption>Today</caption><thead><tr><th>tide</th><th>time</th></tr></thead><tbody><tr><td>High water</td><td>09:12</td></tr></tbody></table>';
  return `<!doctype html><html><head><title>${path} version ${version}</title><meta name="description" content="version ${version}"></head>
<body><h1>Tides é</h1>${text}${path.includes('tables') ? table.repeat(1) : ''}<a href="/b">next</a> <a href="https://elsewhere.example/">away</a><img src="/boat.png" alt="a boat"></body></html>`;
}
