// The page at `/` as its visitors meet it: a gateway, a browser, and everything that a page may not do written down.

import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { StartedGateway } from '../support/gateway.js';

/** One visitor. */
export interface Visitor extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Where the page is. */
  readonly origin: string;
  /** Requests to anybody but the gateway. */
  readonly elsewhere: string[];
  /** What the browser complained of: errors of scripts, of the policy, of the console. */
  readonly complaints: string[];
  /** Opens a path of the page. */
  open(path: string): Promise<void>;
  /** What axe-core finds wrong, one line each. */
  audit(): Promise<readonly string[]>;
  /** Opens a path as well; the function says how the page has come since then. */
  watch(path: string): Promise<() => Promise<Coming>>;
}

/** How a page came. */
export interface Coming {
  /** Sum of layout shifts that no input explains (https://web.dev/articles/cls). */
  readonly shift: number;
  /** What was shifted. */
  readonly moved: readonly string[];
  /** Milliseconds to the first contentful paint. */
  readonly paintMs: number;
}

/** Somebody with a browser of their own opens the gateway's page. */
export async function visit(
  browser: Browser,
  { port }: Pick<StartedGateway, 'port'>,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const origin = `http://127.0.0.1:${port}`;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...options });
  const elsewhere: string[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:') && url !== 'about:srcdoc') elsewhere.push(url);
  });
  context.on('console', (message) => {
    if (message.type() === 'error' || /content security policy/i.test(message.text())) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  const page = await context.newPage();
  context.on('page', (opened) => complaints.push(`a page opened: ${opened.url()}`));
  return {
    page,
    context,
    origin,
    elsewhere,
    complaints,
    open: async (path) => {
      await page.goto(origin + path);
    },
    audit: async () => auditPage(page),
    // Not of every page: a script of ours in a closed frame is one more that the browser complains of.
    watch: async (path) => {
      await page.addInitScript({ content: watchComing });
      await page.goto(origin + path);
      return () => page.evaluate<Coming>('window.coming');
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** A server on a port of its own that whoever gets out would reach. */
export interface Trap extends AsyncDisposable {
  readonly origin: string;
  readonly caught: string[];
}

/** Sets one up. */
export async function setTrap(): Promise<Trap> {
  const caught: string[] = [];
  const server: Server = createServer((request, response) => {
    caught.push(request.url ?? '');
    response.setHeader('access-control-allow-origin', '*');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    caught,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface AxeReport {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** Runs axe-core beside the page, where its policy does not reach; the page itself would refuse it. */
async function auditPage(page: Page): Promise<readonly string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const session = await page.context().newCDPSession(page);
  try {
    const { frameTree } = await session.send('Page.getFrameTree');
    const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
    await session.send('Runtime.evaluate', { expression: source, contextId: executionContextId });
    const { result } = await session.send('Runtime.evaluate', {
      expression: "axe.run(document, { iframes: false, resultTypes: ['violations'] }).then(JSON.stringify)",
      contextId: executionContextId,
      awaitPromise: true,
      returnByValue: true,
    });
    const { violations }: AxeReport = JSON.parse(String(result.value));
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  } finally {
    await session.detach();
  }
}

const watchComing = `
  window.coming = { shift: 0, moved: [], paintMs: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      window.coming.shift += entry.value;
      for (const { node } of entry.sources) window.coming.moved.push(node?.parentElement?.outerHTML.slice(0, 200) ?? '?');
    }
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) {
      if (name === 'first-contentful-paint') window.coming.paintMs = startTime;
    }
  }).observe({ type: 'paint', buffered: true });
`;
