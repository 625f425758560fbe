// The GraphiQL page: one self-contained HTML document, compressed once, under a policy that lets it reach only its own host.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gunzip, gzip } from 'node:zlib';
import { type ContentEncoding, chooseEncoding } from './content-encoding.js';

/** An operation that the page opens with, in a tab of its own. The first has no variables: GraphiQL 5 does not show them. */
export interface GraphiqlExample {
  readonly title: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** The request headers that decide how the page is answered; `IncomingMessage.headers` fits. */
export interface GraphiqlRequestHeaders {
  readonly 'accept-encoding'?: string | string[] | undefined;
  readonly 'if-none-match'?: string | undefined;
}

/** A whole answer, ready for `ServerResponse.writeHead(status, headers)` and `end(body)`. */
export interface GraphiqlResponse {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The page, prepared at most once and kept in memory compressed. */
export interface GraphiqlPage {
  /**
   * Renders and compresses the page unless that has been done; a failure is not remembered. Calling it once the server
   * listens spares the first visitor half a second, and other requests a pause of 0.15 s (loading 9 MB of script) later.
   */
  prepare(): Promise<void>;
  /** The answer to a GET, waiting for the preparation where it is not finished. */
  respond(headers: GraphiqlRequestHeaders): Promise<GraphiqlResponse>;
}

interface Variant {
  readonly etag: string;
  readonly length: number;
  readonly read: () => Promise<Buffer>;
}

interface Prepared {
  readonly policy: string;
  readonly variants: Readonly<Record<ContentEncoding, Variant>>;
}

const compressWithBrotli = promisify(brotliCompress);
const compressWithGzip = promisify(gzip);
const decompress = promisify(gunzip);

/** Makes the page for one GraphQL endpoint. Nothing is loaded or rendered before the first `prepare` or `respond`. */
export function createGraphiqlPage(options: {
  /** Where the page sends its operations, for example `/graphql`. */
  readonly endpoint: string;
  readonly title: string;
  readonly examples: readonly GraphiqlExample[];
}): GraphiqlPage {
  if (options.examples[0]?.variables !== undefined) {
    throw new TypeError(`examples: the first may not have variables, and "${options.examples[0].title}" has some`);
  }
  let pending: Promise<Prepared> | undefined;
  const prepared = (): Promise<Prepared> => {
    pending ??= preparePage(options).catch((error: unknown) => {
      pending = undefined;
      throw error;
    });
    return pending;
  };
  return {
    prepare: async () => {
      await prepared();
    },
    respond: async (headers) => {
      const page = await prepared();
      const encoding = chooseEncoding(headers['accept-encoding']?.toString());
      const variant = page.variants[encoding];
      const common = {
        etag: variant.etag,
        // Kept by the browser, asked about each time: a new gateway version shows at once and costs a 304 otherwise.
        'cache-control': 'no-cache',
        vary: 'Accept-Encoding, Accept',
        'content-security-policy': page.policy,
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
      };
      if (matches(headers['if-none-match'], variant.etag)) {
        return { status: 304, headers: common, body: Buffer.alloc(0) };
      }
      return {
        status: 200,
        headers: {
          ...common,
          'content-type': 'text/html; charset=utf-8',
          'content-length': String(variant.length),
          ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
        },
        body: await variant.read(),
      };
    },
  };
}

async function preparePage(options: Parameters<typeof createGraphiqlPage>[0]): Promise<Prepared> {
  // 9 MB of assets: loaded by the first who wants the page, and by nobody who only imports this module.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const tabs = options.examples.map(({ title, query, variables }) => ({
    query: `# ${title}\n${query.trim()}\n`,
    ...(variables === undefined ? {} : { variables: JSON.stringify(variables, null, 2) }),
  }));
  const settings = {
    endpoint: options.endpoint,
    // The library puts the title into the document's head and, as HTML, beside its logo.
    title: escapeHtml(options.title),
    defaultTabs: tabs,
    // A key that was typed under Headers is gone with its page; the library would leave it in the browser's storage.
    shouldPersistHeaders: false,
  };
  const html = withSafeSettings(renderGraphiQL(settings), JSON.stringify(settings))
    // A browser reads CR LF as LF before it hashes a script: without this the policy would name another text.
    .replaceAll('\r\n', '\n');
  const policy = contentSecurityPolicy(onlyInlineScript(html));
  const plain = Buffer.from(html, 'utf8');
  const [br, gz] = await Promise.all([
    compressWithBrotli(plain, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 5,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
      },
    }),
    compressWithGzip(plain, { level: 6 }),
  ]);
  return {
    policy,
    variants: {
      br: { etag: etagOf(br), length: br.length, read: async () => br },
      gzip: { etag: etagOf(gz), length: gz.length, read: async () => gz },
      // Nearly nobody asks for 9 MB plain: unpacked when somebody does, instead of held.
      identity: { etag: etagOf(plain), length: plain.length, read: () => decompress(gz) },
    },
  };
}

// A page of GraphiQL 5 with default tabs that is loaded again before anything was typed gets one more tab, an empty one:
// it looks for the operation last edited, in storage, and finds none. So the first example is put there, unless somebody
// has been here before.
const REMEMBER_FIRST_TAB = `((settings) => {
  const first = settings.defaultTabs[0];
  try {
    if (first && !localStorage.getItem('graphiql:tabState')) localStorage.setItem('graphiql:query', first.query);
  } catch {
    // Storage is switched off: then there is nothing to be found in it either.
  }
  return settings;
})`;

/**
 * Puts the settings into the page as an expression of ours around the JSON that the library wrote, and that JSON without
 * `<`, so that no example can end the script around it.
 */
function withSafeSettings(html: string, json: string): string {
  const at = html.lastIndexOf(json);
  if (at === -1) throw new Error('GraphiQL: the rendered page does not contain its settings as JSON');
  const expression = `${REMEMBER_FIRST_TAB}(${json.replaceAll('<', '\\u003c')})`;
  return html.slice(0, at) + expression + html.slice(at + json.length);
}

/** The text of the page's script. One is expected; a library version with another build is refused, not half allowed. */
function onlyInlineScript(html: string): string {
  const opening = '<script>';
  const start = html.indexOf(opening, html.indexOf('<div id="root">')) + opening.length;
  const end = html.indexOf('</script>', start);
  const rest = html.slice(end + '</script>'.length);
  if (start < opening.length || end === -1 || rest.includes('<script')) {
    throw new Error('GraphiQL: expected exactly one inline script in the rendered page');
  }
  return html.slice(start, end);
}

function contentSecurityPolicy(script: string): string {
  const hash = createHash('sha256').update(script, 'utf8').digest('base64');
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    // The page's script puts the Monaco workers' sources, which it carries, into blobs.
    'worker-src blob: data:',
    // Monaco positions lines and cursors with style attributes and writes its theme into style elements.
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function etagOf(body: Buffer): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
}

/** If-None-Match compares weakly (RFC 9110, section 13.1.2): a proxy may have marked our tag `W/`. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
