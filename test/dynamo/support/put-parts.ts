// Puts a value into part items of the table and gives the reference that a head names it by.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { JsonValue } from '../../../src/domain/packed-text.js';
import { toUrlKey } from '../../../src/domain/url-key.js';
import { chunksOf, packField } from '../../../src/dynamo/codec/packed-field.js';
import { refToBinary } from '../../../src/dynamo/codec/part-ref.js';
import { partData } from '../../../src/dynamo/reading/read-parts.js';
import type { Table } from '../../../src/dynamo/table.js';
import type { EngineTables } from './engine-tables.js';
import { layoutOf } from './read-results.js';

/** @param skip the chunk that is not put, for a reader to miss. */
export async function putPart(
  tables: EngineTables,
  table: Table,
  url: string,
  value: JsonValue,
  skip: number | null = null,
): Promise<AttributeValue> {
  const field = await packField(value, 'AAAAAAAAAAAA');
  for (const [index, chunk] of chunksOf(field).entries()) {
    if (index === skip) continue;
    await tables.put(table, { ...layoutOf(table).partKey(toUrlKey(url), field.ref, index), [partData]: { B: chunk } });
  }
  return { B: refToBinary(field.ref) };
}
