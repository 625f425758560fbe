// Tries each call that a gateway makes, in a way that reads next to nothing and changes nothing.
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { nameOf } from '../dynamo/provision/control-plane.js';
import { judgeFailure } from '../dynamo/store-error.js';
import { healthKeys, type Item, type LayoutName } from '../dynamo/table.js';
import { type Finding, fine } from './finding.js';

/** What is tried. */
export interface PermissionDeps {
  readonly client: DynamoDBClient;
  readonly results: { readonly name: string; readonly layout: LayoutName; readonly indexes: readonly string[] };
  /** Null: the table is not there. */
  readonly sessions: string | null;
  readonly signal: AbortSignal;
}

interface Trial {
  readonly action: string;
  readonly isWrite: boolean;
  readonly send: (options: { abortSignal: AbortSignal }) => Promise<unknown>;
}

/** One finding for reading, one for writing. */
export async function checkPermissions(deps: PermissionDeps): Promise<readonly Finding[]> {
  const trials = [...readTrials(deps), ...writeTrials(deps)];
  const refused: Trial[] = [];
  const failed: string[] = [];
  for (const trial of trials) {
    try {
      await trial.send({ abortSignal: deps.signal });
    } catch (thrown) {
      // The condition of a write cannot hold: this refusal says that it would have been allowed.
      if (nameOf(thrown) === 'ConditionalCheckFailedException') continue;
      const { error } = judgeFailure(thrown, trial.action);
      if (deps.signal.aborted) throw error;
      if (error.code === 'STORE_FORBIDDEN') refused.push(trial);
      else failed.push(`${trial.action}: ${error.message}`);
    }
  }
  const reads = refused.filter(({ isWrite }) => !isWrite).map(({ action }) => action);
  const writes = refused.filter(({ isWrite }) => isWrite).map(({ action }) => action);
  const all = trials.filter(({ isWrite }) => isWrite).length;
  return [
    reads.length === 0
      ? fine('permission to read', 'every call that reads is allowed')
      : {
          check: 'permission to read',
          level: 'problem',
          found: `refused: ${reads.join(', ')}`,
          advice: 'Give the role the policy that crawlgate provision --print iam --policy reading prints.',
        },
    writes.length === 0
      ? fine('permission to write', 'every call that writes is allowed')
      : {
          check: 'permission to write',
          level: writes.length === all ? 'note' : 'problem',
          found: writes.length === all ? 'none: this gateway can only read' : `refused: ${writes.join(', ')}`,
          advice:
            writes.length === all
              ? 'If it is to write: crawlgate provision --print iam --policy writing prints the policy.'
              : 'Give the role the policy that crawlgate provision --print iam --policy writing prints.',
        },
    ...failed.map(
      (found): Finding => ({ check: 'permissions', level: 'warning', found, advice: 'Could not be tried.' }),
    ),
  ];
}

function readTrials({ client, results, sessions }: PermissionDeps): Trial[] {
  const Key = healthKeys[results.layout];
  const [hash = 'url'] = Object.keys(Key);
  const TableName = results.name;
  const read = (action: string, send: Trial['send']): Trial => ({ action, isWrite: false, send });
  const equals = (name: string, value: Item[string]) => ({
    KeyConditionExpression: '#key = :value',
    ExpressionAttributeNames: { '#key': name },
    ExpressionAttributeValues: { ':value': value },
    Limit: 1,
  });
  const batch = (table: string, key: Item) => new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [key] } } });
  return [
    read('GetItem', (options) => client.send(new GetItemCommand({ TableName, Key }), options)),
    read('BatchGetItem', (options) => client.send(batch(TableName, Key), options)),
    read('Query', (options) =>
      client.send(new QueryCommand({ TableName, ...equals(hash, Key[hash] ?? { S: '' }) }), options),
    ),
    read('Scan', (options) => client.send(new ScanCommand({ TableName, Limit: 1 }), options)),
    ...results.indexes.map((IndexName) =>
      read(`Query on ${IndexName}`, (options) => {
        const key = IndexName === 'by-time' ? 'feed_day' : 'site';
        return client.send(
          new QueryCommand({ TableName, IndexName, ...equals(key, { S: 'crawlgate-health' }) }),
          options,
        );
      }),
    ),
    ...(sessions === null
      ? []
      : [
          read(`BatchGetItem on ${sessions}`, (options) =>
            client.send(batch(sessions, { session_id: { S: 'crawlgate-health' } }), options),
          ),
        ]),
  ];
}

/** Each with a condition that cannot hold; BatchWriteItem takes none, and deletes what is not there. */
function writeTrials({ client, results }: PermissionDeps): Trial[] {
  const Key = healthKeys[results.layout];
  const TableName = results.name;
  const never = {
    ConditionExpression: 'attribute_exists(#never)',
    ExpressionAttributeNames: { '#never': 'crawlgate_never_there' },
  };
  const write = (action: string, send: Trial['send']): Trial => ({ action, isWrite: true, send });
  return [
    write('PutItem', (options) => client.send(new PutItemCommand({ TableName, Item: Key, ...never }), options)),
    write('UpdateItem', (options) => client.send(new UpdateItemCommand({ TableName, Key, ...never }), options)),
    write('DeleteItem', (options) => client.send(new DeleteItemCommand({ TableName, Key, ...never }), options)),
    write('BatchWriteItem', (options) =>
      client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ DeleteRequest: { Key } }] } }), options),
    ),
  ];
}
