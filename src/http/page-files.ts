// The page's files as `npm run build` left them in dist/page: read once, held as the bytes that go out.
import { readFile } from 'node:fs/promises';
import { type ContentEncoding, chooseEncoding } from './content-encoding.js';

/** A whole answer, ready for `ServerResponse.writeHead(status, headers)` and `end(body)`. */
export interface PageAnswer {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The request headers that decide how a file is answered; `IncomingMessage.headers` fits. */
export interface PageRequestHeaders {
  readonly 'accept-encoding'?: string | string[] | undefined;
  readonly 'if-none-match'?: string | undefined;
}

/** The page's files by the path that they are asked under. */
export interface PageFiles {
  /**
   * The answer to a GET of a path; null where the page has no such file, or was not built. The first who asks waits for
   * the reading, a failure of which is not remembered.
   */
  respond(path: string, headers: PageRequestHeaders): Promise<PageAnswer | null>;
}

/** What the build says of its files (see src/page/build.mjs). */
interface Manifest {
  /** Hashes of styles that the page writes into the frame of a preview, as the policy names them. */
  readonly styleHashes: readonly string[];
  readonly files: readonly {
    readonly path: string;
    readonly name: string;
    readonly type: string;
    readonly etag: string;
    /** Whether its path changes with its content. */
    readonly hashed: boolean;
    /** Of files with two forms: whether this one leads to GraphiQL. */
    readonly graphiql?: boolean;
  }[];
}

interface PageFile {
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: Readonly<Record<ContentEncoding, Buffer>>;
}

/** Both from src/http and from dist/http. */
const builtPage = new URL('../../dist/page/', import.meta.url);

/**
 * Makes the reader of the files in `folder`. Nothing is read before somebody asks.
 * @param profile Whether there is a GraphiQL that the page may lead to.
 */
export function createPageFiles({ graphiql }: { readonly graphiql: boolean }, folder: URL = builtPage): PageFiles {
  let reading: Promise<ReadonlyMap<string, PageFile>> | undefined;
  return {
    async respond(path, headers) {
      reading ??= readPage(folder, graphiql);
      const files = await reading.catch((error: unknown) => {
        reading = undefined;
        if (isMissing(error)) return new Map<string, PageFile>();
        throw error;
      });
      const file = files.get(path);
      return file === undefined ? null : answerOf(file, headers);
    },
  };
}

function answerOf(file: PageFile, headers: PageRequestHeaders): PageAnswer {
  const encoding = chooseEncoding(headers['accept-encoding']?.toString());
  // One file in another encoding is another body: a strong validator names it too (RFC 9110, section 8.8.3.3).
  const etag = `"${file.etag}${encoding === 'identity' ? '' : `-${encoding}`}"`;
  const common = { ...file.headers, etag };
  const held = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  if (held.includes(etag) || held.includes('*')) return { status: 304, headers: common, body: Buffer.alloc(0) };
  const body = file.bodies[encoding];
  return {
    status: 200,
    headers: {
      ...common,
      'content-length': String(body.length),
      ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
    },
    body,
  };
}

async function readPage(folder: URL, graphiql: boolean): Promise<ReadonlyMap<string, PageFile>> {
  const manifest: Manifest = JSON.parse(await readFile(new URL('manifest.json', folder), 'utf8'));
  const policy = policyOf(manifest);
  const chosen = manifest.files.filter((file) => (file.graphiql ?? graphiql) === graphiql);
  const files = chosen.map(async ({ path, name, type, etag, hashed }): Promise<[string, PageFile]> => {
    const [identity, br, gzip] = await Promise.all(
      ['', '.br', '.gz'].map((end) => readFile(new URL(name + end, folder))),
    );
    if (identity === undefined || br === undefined || gzip === undefined) throw new Error(`${name} was not read`);
    const headers = {
      'content-type': type,
      vary: 'accept-encoding',
      'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      'cross-origin-resource-policy': 'same-origin',
      ...(type.startsWith('text/html') ? policy : {}),
    };
    return [path, { etag, headers, bodies: { identity, br, gzip } }];
  });
  return new Map(await Promise.all(files));
}

/** The page runs its own files and speaks to its own gateway. Texts become markup through two named policies only. */
function policyOf({ styleHashes }: Manifest): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${styleHashes.map((hash) => `'${hash}'`).join(' ')}`,
    // Pictures that crawled pages carry within themselves, in the preview; none is ever fetched.
    "img-src 'self' data:",
    "connect-src 'self'",
    // A preview is written into its frame (srcdoc); no frame may go anywhere.
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types dompurify crawlgate-preview',
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
