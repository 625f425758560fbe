// The page's files as HTTP answers: encodings, validators, caching, policy, and how much there is to load.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createPageFiles } from '../../src/http/page-files.js';

const folder = new URL('../../dist/page/', import.meta.url);
const page = createPageFiles({ graphiql: true });

async function get(path: string, headers: Record<string, string> = {}) {
  const answer = await page.respond(path, headers);
  if (answer === null) throw new Error(`nothing at ${path}; npm run build makes the page`);
  return answer;
}

async function html(): Promise<string> {
  return (await get('/')).body.toString();
}

/** Paths that the page's HTML names. */
async function named(): Promise<readonly string[]> {
  return [...(await html()).matchAll(/(?:href|src)="(\/page\/[^"]+)"/g)].map(([, path = '']) => path);
}

describe('the page', () => {
  it('is HTML that is asked about each time, and compressed for whoever takes it', async () => {
    const plain = await get('/');
    expect(plain.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
    const br = await get('/', { 'accept-encoding': 'gzip, deflate, br, zstd' });
    expect(br.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true);
    const gzip = await get('/', { 'accept-encoding': 'gzip' });
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    for (const { headers, body } of [plain, br, gzip]) expect(headers['content-length']).toBe(String(body.length));
  });

  it('leads to GraphiQL where there is one', async () => {
    expect(await html()).toContain('href="/graphql"');
    const alone = await createPageFiles({ graphiql: false }).respond('/', {});
    expect(alone?.body.toString()).toContain('<title>Crawlgate</title>');
    expect(alone?.body.toString()).not.toMatch(/graphiql|href="\/graphql"/i);
    expect(alone?.headers.etag).not.toBe((await get('/')).headers.etag);
  });

  it('has a validator for every encoding and answers 304 to it', async () => {
    const tags = new Set<string>();
    for (const encoding of ['br', 'gzip', 'identity']) {
      const { etag = '' } = (await get('/', { 'accept-encoding': encoding })).headers;
      tags.add(etag);
      for (const held of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await get('/', { 'accept-encoding': encoding, 'if-none-match': held });
        expect(again).toMatchObject({ status: 304, headers: { etag } });
        expect(again.body).toHaveLength(0);
      }
      expect((await get('/', { 'accept-encoding': encoding, 'if-none-match': '"other"' })).status).toBe(200);
    }
    expect(tags.size).toBe(3);
  });

  it('is made of files whose names change with them, kept for ever', async () => {
    const paths = await named();
    expect(paths.length).toBeGreaterThanOrEqual(3);
    for (const path of paths) {
      expect(path).toMatch(/-[\w-]{8}\.(js|css|svg)$/);
      expect((await get(path)).headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
  });

  it('allows its own files and its own gateway, and nothing inline but the style of previews', async () => {
    const policy = (await get('/')).headers['content-security-policy'] ?? '';
    const directives = Object.fromEntries(
      policy.split('; ').map((text) => [text.split(' ')[0], text.split(' ').slice(1).join(' ')]),
    );
    const style = await readFile(new URL('../../src/page/preview.css', import.meta.url));
    expect(directives).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': `'self' 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
      'img-src': "'self' data:",
      'connect-src': "'self'",
      'frame-src': "'none'",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'require-trusted-types-for': "'script'",
      'trusted-types': 'dompurify crawlgate-preview',
    });
    expect(await html()).not.toMatch(/<style|<script>|\sstyle=|\son\w+=/);
  });

  it('weighs less than 150 KB compressed, all that it could ever load counted, and names no other host', async () => {
    const files = await readdir(folder);
    const sizes = files.filter((name) => name.endsWith('.gz')).map((name) => readFile(new URL(name, folder)));
    const total = (await Promise.all(sizes)).reduce((sum, { length }) => sum + length, 0);
    process.stdout.write(`  figure: the page with gzip: ${(total / 1024).toFixed(1)} KB in ${sizes.length} files\n`);
    expect(total).toBeLessThan(150 * 1024);
    // Before anything can be seen and used: the HTML, its style and its script.
    const first = await Promise.all(['/', ...(await named())].map((path) => get(path, { 'accept-encoding': 'gzip' })));
    expect(first.reduce((sum, { body }) => sum + body.length, 0)).toBeLessThan(30 * 1024);
  });

  it('has no other path, and none where it was not built', async () => {
    expect(await page.respond('/page/../manifest.json', {})).toBeNull();
    expect(await page.respond('/page/manifest.json', {})).toBeNull();
    expect(await page.respond('/page/', {})).toBeNull();
    const empty = await mkdtemp(join(tmpdir(), 'crawlgate-page-'));
    try {
      expect(await createPageFiles({ graphiql: true }, pathToFileURL(`${empty}/`)).respond('/', {})).toBeNull();
    } finally {
      await rm(empty, { recursive: true });
    }
  });
});
