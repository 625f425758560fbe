// Says in one line which setting to change when the gateway cannot start as configured.
import type { Config } from '../config.js';
import { EmbeddedStartError } from '../embedded/start-error.js';
import { CrawlgateError } from '../errors.js';
import { DoorFileError } from '../gateway/door-files.js';

/** The line; null for an error that no setting explains. */
export function startProblem(error: unknown, { listen }: Pick<Config, 'listen'>): string | null {
  if (error instanceof EmbeddedStartError || error instanceof DoorFileError) return error.message;
  if (error instanceof CrawlgateError) return `DYNAMODB_TABLE_CRAWL_RESULTS: ${error.message}`;
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return null;
  const where = `port ${listen.port} of ${listen.host}`;
  if (error.code === 'EADDRINUSE')
    return `CRAWLGATE_PORT: ${where} is taken. Stop what uses it or choose another port.`;
  if (error.code === 'EACCES') return `CRAWLGATE_PORT: not allowed to listen on ${where}. Choose another port.`;
  if (error.code === 'EADDRNOTAVAIL' || error.syscall === 'getaddrinfo') {
    return `CRAWLGATE_HOST: ${listen.host} is no address of this machine.`;
  }
  return null;
}
