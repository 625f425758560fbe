// Where a page of the feed ended, as an opaque text that says so again.
import { maxPartitionKeyBytes } from '../../domain/url-key.js';
import { CrawlgateError } from '../../errors.js';
import { maxRangeKeyBytes } from '../codec/feed-attributes.js';
import type { FeedPosition } from './feed-position.js';

/** The position as a cursor. */
export function cursorOf(position: FeedPosition): string {
  const { kind, rank, url } = position;
  const emptySince = kind === 'time' && position.emptySince !== undefined ? [position.emptySince] : [];
  return Buffer.from(JSON.stringify([kind, rank, url, ...emptySince])).toString('base64url');
}

/** @throws CrawlgateError BAD_USER_INPUT where the cursor is none that a list of this kind gave. */
export function positionOf(cursor: string, kind: FeedPosition['kind']): FeedPosition {
  const value = parse(cursor);
  if (Array.isArray(value) && value[0] === kind && isKey(value[2], maxPartitionKeyBytes)) {
    const [, rank, url, emptySince] = value;
    if (kind === 'time' && Number.isSafeInteger(rank)) {
      if (value.length === 3) return { kind, rank: Number(rank), url };
      if (value.length === 4 && Number.isSafeInteger(emptySince)) return { kind, rank: Number(rank), url, emptySince };
    }
    if (kind !== 'time' && value.length === 3 && isKey(rank, maxRangeKeyBytes)) return { kind, rank, url };
  }
  throw new CrawlgateError('BAD_USER_INPUT', 'The cursor is none that this list gave.', { argument: 'after' });
}

/** What no key can be DynamoDB would take for a fault of the gateway's. */
function isKey(value: unknown, maxBytes: number): value is string {
  return typeof value === 'string' && value.isWellFormed() && Buffer.byteLength(value) <= maxBytes;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
}
