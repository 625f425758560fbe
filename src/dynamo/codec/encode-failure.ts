// A failure as the small attribute beside a success, and as the part that holds what does not fit there.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { headFields } from '../../domain/fields.js';
import type { JsonValue } from '../../domain/packed-text.js';
import type { FailureRest } from './decode-failure.js';
import { valueBytes } from './item-size.js';
import { type PackedField, packField } from './packed-field.js';
import { refToBinary } from './part-ref.js';
import type { RecordToWrite } from './stored-record.js';

/** Bytes kept free in a head for this attribute, its name included. */
export const failureRoomBytes = 512;

/** The attribute `last_failure` and the part it names, if it names one. */
export interface EncodedFailure {
  readonly attribute: AttributeValue;
  readonly rest: PackedField | null;
}

/** Encodes a failure. Its part, if it needs one, belongs to the write `partWriteId`. */
export async function encodeFailure(record: RecordToWrite, partWriteId: string): Promise<EncodedFailure> {
  const message = record.fields.get('error_message');
  const isSmall = [...record.fields.keys()].every((name) => name === 'error_message');
  if (isSmall && record.redirectedStatusCode === null && (message === undefined || isPlain(message))) {
    const marks = record.marks.map((mark): AttributeValue => ({ S: mark }));
    const whole = attributeOf(record, message, { marks: { L: marks } });
    if (valueBytes(whole) + 'last_failure'.length <= failureRoomBytes) return { attribute: whole, rest: null };
  }
  const rest: FailureRest = {
    fields: Object.fromEntries(record.fields),
    redirectedStatusCode: record.redirectedStatusCode,
    marks: record.marks,
  };
  const packed = await packField(rest as unknown as JsonValue, partWriteId);
  const named = { rest: { B: refToBinary(packed.ref) } };
  // Where the head needs nothing of the rest, a lookup of heads need not read it.
  const isHeadWhole =
    record.redirectedStatusCode === null &&
    headFields.every((name) => name === 'error_message' || !record.fields.has(name));
  const attribute = attributeOf(record, message ?? '', {
    ...named,
    ...(isHeadWhole ? { head_whole: { BOOL: true } } : {}),
  });
  const isFitting = isPlain(message ?? '') && valueBytes(attribute) + 'last_failure'.length <= failureRoomBytes;
  return { attribute: isFitting ? attribute : attributeOf(record, undefined, named), rest: packed };
}

function attributeOf(
  record: RecordToWrite,
  message: JsonValue | undefined,
  more: Record<string, AttributeValue>,
): AttributeValue {
  return {
    M: {
      order: { N: String(record.order) },
      updated: { N: String(record.updatedAt) },
      write_id: { S: record.writeId },
      content_hash: { S: record.contentHash },
      size_bytes: { N: String(record.sizeBytes) },
      ...(record.expiresAt === null ? {} : { ttl: { N: String(record.expiresAt) } }),
      ...(record.statusCode === null ? {} : { status_code: { N: String(record.statusCode) } }),
      ...(typeof message === 'string' ? { error_message: { S: message } } : {}),
      ...more,
    },
  };
}

function isPlain(message: JsonValue): boolean {
  return typeof message === 'string' && message.isWellFormed();
}
