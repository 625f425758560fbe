// Where engines differ, as facts: what a gateway that is right on all of them must not rely on.
import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noise } from '../dynamo/writing/pages.js';
import { engines, isEngine } from './engines.js';
import { openWorld, type World } from './world.js';

/** What is seen of each fact, by engine. AWS's own is what DynamoDB Local shows unless a comment says otherwise. */
interface Facts {
  readonly emptyKey: string;
  readonly longKey: string;
  readonly longName: string;
  readonly deepValue: string;
  readonly largeNumber: string;
  readonly manyDigits: string;
  readonly loneSurrogate: string;
  /** AWS: 1, a whole unit. */
  readonly unitsOfNothing: number;
  readonly unitsOfProjection: number;
  readonly unitsOfPut: number;
  /** Items of 350,000 bytes in one answer of 60 asked for. */
  readonly itemsInAnswer: number;
  /** Whether what was left over still says which attributes were asked for. */
  readonly leftOverSaysWhat: boolean | null;
}

const refused = 'ValidationException';

const known: readonly (readonly [name: 'embedded' | 'DynamoDB Local' | 'moto', facts: Facts])[] = [
  [
    'embedded',
    {
      ...{ emptyKey: refused, longKey: refused, longName: 'kept', deepValue: 'kept', largeNumber: refused },
      ...{ manyDigits: refused, loneSurrogate: 'kept', unitsOfNothing: 1, unitsOfProjection: 86, unitsOfPut: 342 },
      // About 1.4 MB an answer, so that large questions take many rounds.
      ...{ itemsInAnswer: 4, leftOverSaysWhat: false },
    },
  ],
  [
    'DynamoDB Local',
    {
      ...{ emptyKey: refused, longKey: refused, longName: refused, deepValue: refused, largeNumber: refused },
      ...{ manyDigits: refused, loneSurrogate: 'kept', unitsOfNothing: 0, unitsOfProjection: 86, unitsOfPut: 342 },
      ...{ itemsInAnswer: 47, leftOverSaysWhat: true },
    },
  ],
  [
    'moto',
    {
      ...{ emptyKey: 'answered', longKey: 'answered', longName: 'kept', deepValue: 'kept', largeNumber: 'kept' },
      // A page of HTML comes back for a lone surrogate, and one unit for whatever is asked or put.
      ...{ manyDigits: 'kept', loneSurrogate: 'SyntaxError', unitsOfNothing: 1, unitsOfProjection: 1, unitsOfPut: 1 },
      // moto 5 ends an answer at 16 MB as AWS does; older ones did not.
      ...{ itemsInAnswer: 47, leftOverSaysWhat: false },
    },
  ],
];

function nested(levels: number): AttributeValue {
  return levels === 0 ? { S: '' } : { L: [nested(levels - 1)] };
}

const knownEngines = engines.flatMap((engine) =>
  known.filter(([name]) => isEngine(engine, name)).map(([, facts]) => ({ engine, facts, name: engine.name })),
);

it.skipIf(knownEngines.length > 0)('of an engine that none of these is, nothing is known', () => {});

describe.each(knownEngines)('on $name', ({ engine, facts }) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine, { layout: 'document' });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** What becomes of an attribute: `kept`, changed, or the name of the refusal. */
  async function fate(value: AttributeValue, name = 'value'): Promise<string> {
    const key = { url: { S: 'https://facts.example/' } };
    try {
      await world.client.send(new PutItemCommand({ TableName: world.table.name, Item: { ...key, [name]: value } }));
      const output = await world.client.send(new GetItemCommand({ TableName: world.table.name, Key: key }));
      return JSON.stringify(output.Item?.[name]) === JSON.stringify(value) ? 'kept' : 'changed';
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    }
  }

  function ask(keys: readonly string[], names?: readonly string[]): Promise<BatchGetItemCommandOutput> {
    const projection = names && {
      ProjectionExpression: names.map((_, index) => `#${index}`).join(','),
      ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#${index}`, name])),
    };
    const Keys = keys.map((url) => ({ url: { S: url } }));
    const request = { Keys, ConsistentRead: true, ...projection };
    return world.client.send(
      new BatchGetItemCommand({ RequestItems: { [world.table.name]: request }, ReturnConsumedCapacity: 'TOTAL' }),
    );
  }

  const outcome = (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => 'answered',
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );

  it('limits, units and answers are as they are known to be', async () => {
    const limits = {
      emptyKey: await outcome(ask([''])),
      longKey: await outcome(ask(['x'.repeat(2049)])),
      longName: await fate({ S: '' }, 'x'.repeat(65_536)),
      deepValue: await fate(nested(32)),
      largeNumber: await fate({ N: '1e126' }),
      manyDigits: await fate({ N: '0.1234567890123456789012345678901234567891' }),
      loneSurrogate: await fate({ S: '\ud800' }),
    };
    const urls = Array.from({ length: 60 }, (_, index) => `https://facts.example/${index}`);
    let unitsOfPut = 0;
    for (const url of urls) {
      const Item = { url: { S: url }, html: { S: noise(350_000, url) } };
      const command = new PutItemCommand({ TableName: world.table.name, Item, ReturnConsumedCapacity: 'TOTAL' });
      unitsOfPut = (await world.client.send(command)).ConsumedCapacity?.CapacityUnits ?? 0;
    }
    const unitsOf = (output: BatchGetItemCommandOutput): number => output.ConsumedCapacity?.[0]?.CapacityUnits ?? -1;
    const all = await ask(urls, ['url', 'html']);
    const left = all.UnprocessedKeys?.[world.table.name];
    expect({
      ...limits,
      unitsOfNothing: unitsOf(await ask(['https://nothing.example/'])),
      unitsOfProjection: unitsOf(await ask([urls[0] ?? ''], ['url'])),
      unitsOfPut,
      itemsInAnswer: all.Responses?.[world.table.name]?.length,
      leftOverSaysWhat: left === undefined ? null : left.ProjectionExpression !== undefined,
    }).toEqual(facts);
  });
});
