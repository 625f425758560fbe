// The files that settings name: callers' keys and persisted documents, read at the start and again when told to; the snapshot's.
import { readFile, stat } from 'node:fs/promises';
import { type ApiKeyLine, apiKeyLineRule, parseApiKeyFile } from '../config/api-key-line.js';
import { type PersistedDocuments, parseManifest } from '../graphql/persisted-documents.js';

/** A file that a setting names and that cannot be used; the message begins with the setting and shows nothing of the file. */
export class DoorFileError extends Error {
  override readonly name = 'DoorFileError';
}

/** The keys of CRAWLGATE_API_KEYS_FILE. Rejects with a DoorFileError. */
export async function readKeysFile(path: string): Promise<readonly ApiKeyLine[]> {
  const read = parseApiKeyFile(await readText('CRAWLGATE_API_KEYS_FILE', path));
  if (read.ok) return read.keys;
  const where = `line ${read.wrongLines.slice(0, 5).join(', ')}${read.wrongLines.length > 5 ? ', …' : ''}`;
  throw new DoorFileError(`CRAWLGATE_API_KEYS_FILE: ${path} must hold lines of ${apiKeyLineRule}, but not in ${where}`);
}

/** The documents of CRAWLGATE_PERSISTED_MANIFEST. Rejects with a DoorFileError. */
export async function readManifestFile(path: string): Promise<PersistedDocuments> {
  const documents = parseManifest(await readText('CRAWLGATE_PERSISTED_MANIFEST', path));
  if (documents !== null) return documents;
  throw new DoorFileError(
    `CRAWLGATE_PERSISTED_MANIFEST: ${path} must be a manifest as Apollo, Relay or graphql-codegen write it, with documents in it`,
  );
}

/** Rejects with a DoorFileError where what CRAWLGATE_MEMORY_SNAPSHOT names is there and no file: it would be moved away. */
export async function checkSnapshotFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null || found.isFile()) return;
  const what = found.isDirectory() ? 'a folder' : 'none';
  throw new DoorFileError(`CRAWLGATE_MEMORY_SNAPSHOT: ${path} must be a file, but is ${what}`);
}

/** The manifest that the build of the page left in dist/page; both from src/gateway and from dist/gateway. */
const pageManifest = new URL('../../dist/page/documents.json', import.meta.url);

/** The documents that the page asks, by the SHA-256 of their texts; none where the page was not built. */
export async function readPageDocuments(): Promise<PersistedDocuments> {
  try {
    return parseManifest(await readFile(pageManifest, 'utf8')) ?? new Map();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw error;
  }
}

async function readText(setting: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new DoorFileError(`${setting}: ${path} cannot be read (${code})`, { cause: error });
  }
}
