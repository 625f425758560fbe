// Bytes of an item as DynamoDB counts them, attribute names included.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from '../table.js';

/** Bytes of the largest item: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const maxItemBytes = 409_600;

/** By https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html; never too few. */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}

/** Bytes of one value, without its name. */
export function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return value.B.byteLength;
  if (value.L !== undefined) return value.L.reduce((sum, element) => sum + 1 + valueBytes(element), 3);
  if (value.M !== undefined) {
    let bytes = 3;
    for (const [name, element] of Object.entries(value.M)) bytes += 1 + Buffer.byteLength(name) + valueBytes(element);
    return bytes;
  }
  if (value.SS !== undefined) return value.SS.reduce((sum, text) => sum + Buffer.byteLength(text), 3);
  if (value.NS !== undefined) return value.NS.reduce((sum, text) => sum + numberBytes(text), 3);
  if (value.BS !== undefined) return value.BS.reduce((sum, bytes) => sum + bytes.byteLength, 3);
  return 1;
}

// One byte for two digits, which may straddle a pair, one more, and one for a sign; zeros at both ends are counted too:
// too many, never too few.
function numberBytes(text: string): number {
  const digits = text.replace(/e.*$/i, '').replace(/[^0-9]/g, '').length;
  return Math.ceil(digits / 2) + (text.startsWith('-') ? 3 : 2);
}
