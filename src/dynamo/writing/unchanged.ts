// The condition that an item is still what was read, so that a decision made in code holds when it is written.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from '../table.js';

/** A condition with its names and values, ready for a Put, Update or Delete. */
export interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/** What Python's writers change with every write; our own items have an id of the write instead. */
const pythonTimes = ['created_at', 'updated_at', 'crawled_at', 'stored_at', 'ttl'] as const;

/** The attributes that must have been read for `unchanged` to tell. */
export const unchangedAttributes: readonly string[] = [...pythonTimes, 'write_id', 'last_failure'];

/**
 * The condition that the item is still as read, or still not there (`read` null).
 * @param keyAttribute the table's partition key.
 * @param parts what must be unchanged: the head's own record, or the failure beside it too.
 */
export function unchanged(read: Item | null, keyAttribute: string, parts: 'record' | 'both'): Condition {
  if (read === null) {
    return {
      ConditionExpression: 'attribute_not_exists(#key)',
      ExpressionAttributeNames: { '#key': keyAttribute },
    };
  }
  const terms: string[] = [];
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  const same = (path: readonly string[], value: AttributeValue | undefined, label: string): void => {
    const expression = path.map((name, index) => {
      names[`#${label}${index}`] = name;
      return `#${label}${index}`;
    });
    if (value === undefined) terms.push(`attribute_not_exists(${expression.join('.')})`);
    else {
      values[`:${label}`] = value;
      terms.push(`${expression.join('.')} = :${label}`);
    }
  };
  same(['write_id'], read.write_id, 'w');
  if (read.write_id === undefined) for (const name of pythonTimes) same([name], read[name], name);
  if (parts === 'both') {
    const id = read.last_failure?.M?.write_id;
    // One without an id is not ours; whatever it is, it must still be that.
    if (id === undefined) same(['last_failure'], read.last_failure, 'f');
    else same(['last_failure', 'write_id'], id, 'f');
  }
  if (read.write_id === undefined) {
    // An item without any of these could also be no item at all.
    names['#key'] = keyAttribute;
    terms.push('attribute_exists(#key)');
  }
  return {
    ConditionExpression: terms.join(' AND '),
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
  };
}
