// Builds the page at `/` into dist/page: bundled, minified, named by content, compressed once and for all.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const here = new URL('./', import.meta.url);
const out = new URL('../../dist/page/', here);
const require = createRequire(import.meta.url);
const read = (name) => readFile(new URL(name, here), 'utf8');
const sha256 = (body, encoding) => createHash('sha256').update(body).digest(encoding);

// A preview stands under the page's policy and under its own: both name this one style by its hash, and no other.
const previewStyle = await read('preview.css');
const styleHash = `sha256-${sha256(previewStyle, 'base64')}`;
const previewPolicy = `default-src 'none'; style-src '${styleHash}'; img-src data:`;

const output = await bundled('main.ts', {
  minify: true,
  comments: { legal: true },
  entryFileNames: '[name]-[hash].js',
  chunkFileNames: '[name]-[hash].js',
});

// What a gateway that runs only known documents runs for its page: a manifest as graphql-codegen writes them.
const [{ code: documentsCode }] = await bundled('documents.ts', {});
const { pageDocuments } = await import(`data:text/javascript,${encodeURIComponent(documentsCode)}`);
const documents = Object.fromEntries(pageDocuments.map((text) => [sha256(text, 'hex'), text]));

const files = output.map(({ fileName, code }) => hashed(fileName, code, 'text/javascript; charset=utf-8'));
const entry = output.find(({ isEntry }) => isEntry);
const styles = `${await readFile(require.resolve('uplot/dist/uPlot.min.css'), 'utf8')}\n${await read('styles.css')}`;
const style = named('styles', 'css', styles, 'text/css; charset=utf-8');
const icon = named('icon', 'svg', await read('icon.svg'), 'image/svg+xml');
const html = (await read('index.html'))
  .replace('%STYLE%', style.path)
  .replace('%ICON%', icon.path)
  .replace('%SCRIPT%', `/page/${entry.fileName}`);
const index = { path: '/', type: 'text/html; charset=utf-8', hashed: false };
// Where GraphiQL is off, no link leads to it.
const graphiqlOnly = /<!--graphiql-->(.*?)<!--\/graphiql-->/gs;
files.push(
  style,
  icon,
  { ...index, name: 'index.html', graphiql: true, body: html.replace(graphiqlOnly, '$1') },
  { ...index, name: 'index-alone.html', graphiql: false, body: html.replace(graphiqlOnly, '') },
);

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await Promise.all(
  files.flatMap(({ name, body }) => {
    const bytes = Buffer.from(body);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    return [
      writeFile(new URL(name, out), bytes),
      writeFile(new URL(`${name}.br`, out), brotliCompressSync(bytes, { params })),
      writeFile(new URL(`${name}.gz`, out), gzipSync(bytes, { level: 9 })),
    ];
  }),
);
const manifest = {
  styleHashes: [styleHash],
  files: files.map(({ body, ...file }) => ({ ...file, etag: sha256(body, 'base64url').slice(0, 27) })),
};
await writeFile(new URL('manifest.json', out), JSON.stringify(manifest, null, 2));
await writeFile(new URL('documents.json', out), JSON.stringify(documents, null, 2));

async function bundled(entry, options) {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(entry, here)),
    platform: 'browser',
    transform: {
      target: 'es2022',
      define: { PREVIEW_STYLE: JSON.stringify(previewStyle), PREVIEW_POLICY: JSON.stringify(previewPolicy) },
    },
  });
  const { output } = await bundle.generate({ format: 'esm', ...options });
  await bundle.close();
  return output;
}

function hashed(name, body, type) {
  return { path: `/page/${name}`, name, type, hashed: true, body };
}

function named(name, extension, body, type) {
  return hashed(`${name}-${sha256(body, 'base64url').slice(0, 8)}.${extension}`, body, type);
}
