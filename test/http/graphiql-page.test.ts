// The GraphiQL page as an HTTP answer: encodings, validators, policy.
import { createHash } from 'node:crypto';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { chooseEncoding } from '../../src/http/content-encoding.js';
import { createGraphiqlPage } from '../../src/http/graphiql-page.js';

const page = createGraphiqlPage({
  endpoint: '/graphql',
  title: 'Crawlgate <test> & more',
  examples: [
    { title: 'Hostile text', query: '# </script><script>alert(1)</script> <!-- <script>\n{ b }' },
    {
      title: 'A lookup',
      query: 'query Lookup($url: String!) { a(url: $url) }',
      variables: { url: 'https://a.example/' },
    },
  ],
});

async function html(): Promise<string> {
  return (await page.respond({})).body.toString('utf8');
}

describe('the GraphiQL page', () => {
  it('is compressed with brotli for browsers that take it, to less than a third', async () => {
    const answer = await page.respond({ 'accept-encoding': 'gzip, deflate, br, zstd' });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-encoding']).toBe('br');
    expect(answer.headers['content-length']).toBe(String(answer.body.length));
    expect(brotliDecompressSync(answer.body).toString('utf8')).toBe(await html());
    expect(answer.body.length).toBeLessThan(3_000_000);
  });

  it('is compressed with gzip for clients that take only that', async () => {
    const answer = await page.respond({ 'accept-encoding': 'gzip' });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(answer.body).toString('utf8')).toBe(await html());
  });

  it('is plain for a client that says nothing about encodings', async () => {
    const answer = await page.respond({});
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['content-length']).toBe(String(answer.body.length));
  });

  it('has a strong validator of its own for every encoding, and answers 304 without a body to it', async () => {
    const tags = new Set<string>();
    for (const encoding of ['br', 'gzip', 'identity']) {
      const { etag = '' } = (await page.respond({ 'accept-encoding': encoding })).headers;
      expect(etag).toMatch(/^"[\w-]+"$/);
      tags.add(etag);
      for (const held of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await page.respond({ 'accept-encoding': encoding, 'if-none-match': held });
        expect(again.status).toBe(304);
        expect(again.body).toHaveLength(0);
        expect(again.headers.etag).toBe(etag);
        expect(again.headers).not.toHaveProperty('content-length');
      }
      expect((await page.respond({ 'accept-encoding': encoding, 'if-none-match': '"other"' })).status).toBe(200);
    }
    expect(tags.size).toBe(3);
  });

  it('is revalidated every time and cached apart by encoding and accepted type', async () => {
    const { headers } = await page.respond({});
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      vary: 'Accept-Encoding, Accept',
    });
  });

  it('allows its one script by hash and no other code, host or frame', async () => {
    const { headers } = await page.respond({});
    const directives = new Map(
      (headers['content-security-policy'] ?? '').split('; ').map((directive) => {
        const [name = '', ...values] = directive.split(' ');
        return [name, values.join(' ')];
      }),
    );
    const text = await html();
    const script = text.slice(text.indexOf('<script>') + 8, text.lastIndexOf('</script>'));
    const hash = createHash('sha256').update(script).digest('base64');
    expect(Object.fromEntries(directives)).toEqual({
      'default-src': "'none'",
      'script-src': `'sha256-${hash}'`,
      'worker-src': 'blob: data:',
      'style-src': "'unsafe-inline'",
      'img-src': "'self' data:",
      'font-src': "'self' data:",
      'connect-src': "'self'",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
    });
  });

  it('opens with the examples as tabs, and no text of theirs can leave the script', async () => {
    const text = await html();
    expect(text).toContain('# A lookup\\nquery Lookup($url: String!)');
    expect(text).toContain('Crawlgate &lt;test&gt; &amp; more</title>');
    expect(text).not.toContain('</script><script>alert');
    expect(text.split('</script>')).toHaveLength(2);
  });
});

describe('createGraphiqlPage', () => {
  it('refuses a first example with variables, which GraphiQL would not show', () => {
    const examples = [{ title: 'A lookup', query: '{ a }', variables: { a: 1 } }];
    expect(() => createGraphiqlPage({ endpoint: '/graphql', title: 'Crawlgate', examples })).toThrow(/"A lookup"/);
  });
});

describe('chooseEncoding', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['GZIP, BR', 'br'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['identity, gzip;q=0.5', 'identity'],
    ['identity;q=0.5, gzip;q=0.5', 'gzip'],
    ['deflate, zstd', 'identity'],
    ['identity;q=0', 'identity'],
    ['*;q=0', 'identity'],
    ['gzip;q=high', 'gzip'],
  ] as const)('answers %j with %s', (header, encoding) => {
    expect(chooseEncoding(header)).toBe(encoding);
  });
});
