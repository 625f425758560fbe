// The keys and indexes of the tables that we make, as data: whoever makes one or describes how to reads them here.
import type {
  AttributeDefinition,
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
} from '@aws-sdk/client-dynamodb';
import { type FeedIndex, feedIndexes } from '../feed-indexes.js';
import { type LayoutName, resultKeyAttributes, sessionKeyAttributes } from '../table.js';

/** A table by its keys. */
export interface TableShape {
  readonly name: string;
  readonly holds: 'results' | 'sessions';
  /** Partition key first. */
  readonly keys: readonly string[];
  readonly indexes: readonly FeedIndex[];
}

/** A results table. */
export function resultsShape(name: string, layout: LayoutName): TableShape {
  return { name, holds: 'results', keys: resultKeyAttributes[layout], indexes: feedIndexes };
}

/** A sessions table. */
export function sessionsShape(name: string): TableShape {
  return { name, holds: 'sessions', keys: sessionKeyAttributes, indexes: [] };
}

/** Attributes that are keys of the table or of these indexes, each once, with their types. */
export function attributeDefinitions(
  keys: readonly string[],
  indexes: readonly Pick<FeedIndex, 'keys'>[],
): AttributeDefinition[] {
  const names = new Set([...keys, ...indexes.flatMap((index) => index.keys)]);
  return [...names].map((name) => ({ AttributeName: name, AttributeType: typeOfKey(name) }));
}

/** `order`, microseconds, is the one number among them. */
export function typeOfKey(name: string): 'S' | 'N' {
  return name === 'order' ? 'N' : 'S';
}

/** Attributes as a key: partition key first. */
function keySchema(attributes: readonly string[]): KeySchemaElement[] {
  return attributes.map((attribute, index) => ({
    AttributeName: attribute,
    KeyType: index === 0 ? 'HASH' : 'RANGE',
  }));
}

/** An index for CreateTable, and for templates. */
export function indexInput({ name, keys, included }: FeedIndex): GlobalSecondaryIndex {
  return {
    IndexName: name,
    KeySchema: keySchema(keys),
    Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...included] },
  };
}

/** CreateTable on demand, with keys and indexes and nothing else: what the embedded engine knows. */
export function tableInput(shape: TableShape): CreateTableCommandInput {
  return {
    TableName: shape.name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(shape.keys),
    AttributeDefinitions: attributeDefinitions(shape.keys, shape.indexes),
    ...(shape.indexes.length === 0 ? {} : { GlobalSecondaryIndexes: shape.indexes.map(indexInput) }),
  };
}
