// Heads of our own writing, put as raw items and read back through the batch reader.
import { groups } from '../../../src/domain/fields.js';
import { latestKey } from '../../../src/domain/result-key.js';
import { toUrlKey } from '../../../src/domain/url-key.js';
import type { Item, Table } from '../../../src/dynamo/table.js';
import type { EngineTables } from './engine-tables.js';
import { batchGetOf, layoutOf, readerOf, readStored } from './read-results.js';

/** What every head of ours has. */
export const plainHead: Item = {
  write_id: { S: 'AAAAAAAAAAAA' },
  order: { N: '1763892672123456' },
  created_at: { S: '2025-11-23T10:11:12.123456+00:00' },
  success: { BOOL: true },
  size_bytes: { N: '7' },
};

/** Puts the head of `url` with further attributes. */
export async function putHead(tables: EngineTables, table: Table, url: string, attributes: Item): Promise<void> {
  await tables.put(table, { ...layoutOf(table).headKey(latestKey(toUrlKey(url))), ...plainHead, ...attributes });
}

/** What the batch reader says of `url`. */
export function readHead(
  tables: EngineTables,
  table: Table,
  url: string,
  wanted = groups.all,
): ReturnType<typeof readStored> {
  return readStored(readerOf(table, batchGetOf(tables.client)), url, wanted);
}
