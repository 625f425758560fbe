// An UpdateItem that sets some attributes and removes others, on a condition.
import type { AttributeValue, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item, Table } from '../table.js';
import type { Condition } from './unchanged.js';

/** What to change. A name both set and removable is set. */
export interface Update {
  readonly table: Table;
  readonly key: Item;
  readonly set: Item;
  readonly remove: readonly string[];
  readonly condition: Condition;
}

/** The input of UpdateItemCommand. */
export function updateInput({ table, key, set, remove, condition }: Update): UpdateItemCommandInput {
  const names: Record<string, string> = { ...condition.ExpressionAttributeNames };
  const values: Record<string, AttributeValue> = { ...condition.ExpressionAttributeValues };
  const assignments = Object.entries(set).map(([name, value], index) => {
    names[`#s${index}`] = name;
    values[`:s${index}`] = value;
    return `#s${index} = :s${index}`;
  });
  const removals = remove
    .filter((name) => set[name] === undefined)
    .map((name, index) => {
      names[`#r${index}`] = name;
      return `#r${index}`;
    });
  return {
    TableName: table.name,
    Key: key,
    UpdateExpression: [
      ...(assignments.length > 0 ? [`SET ${assignments.join(', ')}`] : []),
      ...(removals.length > 0 ? [`REMOVE ${removals.join(', ')}`] : []),
    ].join(' '),
    ConditionExpression: condition.ConditionExpression,
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
    ReturnConsumedCapacity: 'TOTAL',
  };
}
