// What went wrong with a SQLite database, as one of the gateway's own codes.
import { CrawlgateError } from '../errors.js';

/** A coded error for what the driver said; a message alone says what is not SQLite's own complaint. */
export function sqliteError(path: string, code: string, message: string): CrawlgateError {
  const cause = new Error(`${code} ${message}`.trim());
  if (code === 'ENOENT' || /: 14\b/.test(message)) {
    return new CrawlgateError('STORE_MISCONFIGURED', `There is no SQLite database at ${path}.`, {}, { cause });
  }
  if (code === 'EACCES' || code === 'SQLITE_PERM' || code === 'SQLITE_AUTH') {
    return new CrawlgateError('STORE_FORBIDDEN', `${path} may not be read.`, {}, { cause });
  }
  if (code.startsWith('SQLITE_READONLY')) {
    return new CrawlgateError('STORE_READ_ONLY', 'SQLite is open for reading only.', {}, { cause });
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    const said = `${path} stayed locked by another program.`;
    return new CrawlgateError('STORE_UNAVAILABLE', said, {}, { cause });
  }
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return new CrawlgateError('STORE_MISCONFIGURED', `${path} is no SQLite database, or damaged.`, {}, { cause });
  }
  if (/no such (table|column)/.test(message)) {
    const said = `${path} is no cache of Crawl4AI: ${message}.`;
    return new CrawlgateError('STORE_MISCONFIGURED', said, {}, { cause });
  }
  return new CrawlgateError('STORE_UNAVAILABLE', `SQLite failed: ${code || message}.`, {}, { cause });
}
