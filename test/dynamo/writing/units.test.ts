// What the sixty real pages cost to read and to write again, as the engine itself counts.
import { BatchGetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FieldGroups, groups } from '../../../src/domain/fields.js';
import { plainWant } from '../../../src/domain/read-many.js';
import { latestKey } from '../../../src/domain/result-key.js';
import { toUrlKey } from '../../../src/domain/url-key.js';
import { itemBytes, maxItemBytes } from '../../../src/dynamo/codec/item-size.js';
import { within } from '../../support/within.js';
import { at, type Doc } from './pages.js';
import { hasRealPages, realPages } from './real-pages.js';
import { openWorld, type World } from './world.js';

const say = (text: string): void => void process.stdout.write(`  ${text}\n`);

describe.skipIf(!hasRealPages)('sixty real pages on the versioned layout', () => {
  let world: World;
  let docs: readonly Doc[];
  beforeAll(async () => {
    world = await openWorld({ layout: 'versioned' });
    docs = await realPages(1);
    const outcomes = await world.put(...docs);
    expect(outcomes.filter(({ kind }) => kind !== 'done')).toEqual([]);
    say(`writing: ${world.units.write} write units, ${(await world.items()).length} items`);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  async function unitsOf(urls: readonly string[], wanted: FieldGroups): Promise<number> {
    const before = world.units.read;
    const keys = urls.map((url) => latestKey(toUrlKey(url)));
    const signal = within(20_000);
    const outcomes = await world.read({ keys, want: { ...plainWant, groups: wanted }, signal });
    for (const outcome of outcomes.values()) expect(outcome.kind).toBe('found');
    return world.units.read - before;
  }

  it('a head costs at most half a read unit', async () => {
    const units = await unitsOf(
      docs.map(({ url }) => url),
      groups.head,
    );
    say(`heads: ${units} read units for ${docs.length}`);
    expect(units).toBeLessThanOrEqual(0.5 * docs.length);
    const metered = await unitsOf(
      docs.map(({ url }) => url),
      groups.title,
    );
    say(`titles: ${metered} read units for ${docs.length}`);
  });

  it('whole results cost at most 0.3 of what they cost as plain strings, where those fit', async () => {
    // The same texts as a plain item each, as the older writers store them; an item of its own kind of key.
    const plain: { url: string; key: string }[] = [];
    for (const [index, doc] of docs.entries()) {
      const markdown = doc.markdown as Readonly<Record<string, string>>;
      const item = {
        pk: { S: `PLAIN#${index}` },
        sk: { S: 'LATEST' },
        html: { S: String(doc.html) },
        cleaned_html: { S: String(doc.cleaned_html) },
        markdown: { M: { raw_markdown: { S: markdown.raw_markdown ?? '' } } },
        metadata: { S: JSON.stringify(doc.metadata) },
        response_headers: { S: JSON.stringify(doc.response_headers) },
        links: { S: JSON.stringify(doc.links) },
      };
      if (itemBytes(item) > maxItemBytes) continue;
      await world.client.send(new PutItemCommand({ TableName: 'results', Item: item }));
      plain.push({ url: doc.url, key: `PLAIN#${index}` });
    }
    let plainUnits = 0;
    for (const { key } of plain) {
      const { ConsumedCapacity } = await world.client.send(
        new BatchGetItemCommand({
          RequestItems: { results: { Keys: [{ pk: { S: key }, sk: { S: 'LATEST' } }] } },
          ReturnConsumedCapacity: 'TOTAL',
        }),
      );
      plainUnits += ConsumedCapacity?.[0]?.CapacityUnits ?? 0;
    }
    const units = await unitsOf(
      plain.map(({ url }) => url),
      groups.all,
    );
    const ratio = units / plainUnits;
    say(`whole: ${units} read units for ${plain.length}, as plain strings ${plainUnits}: ${ratio.toFixed(3)}`);
    expect(plain.length).toBeGreaterThan(30);
    expect(ratio).toBeLessThanOrEqual(0.3);
  });

  it('crawling unchanged pages again writes heads only', async () => {
    const before = new Set((await world.items()).map(({ sk, pk }) => `${pk?.S} ${sk?.S}`));
    world.units.write = 0;
    world.calls.clear();
    const outcomes = await world.put(...docs.map((doc) => ({ ...doc, created_at: at(60) })));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'done', receipt: { items: 1 } });
    const after = (await world.items()).map(({ sk, pk }) => `${pk?.S} ${sk?.S}`);
    const calls = Object.fromEntries(world.calls);
    say(`again, unchanged: ${world.units.write} write units for ${docs.length}, ${JSON.stringify(calls)}`);
    expect(after.filter((key) => !before.has(key))).toEqual([]);
    expect(after).toHaveLength(before.size);
    expect(calls).toEqual({ BatchGetItem: calls.BatchGetItem, PutItem: docs.length });
    // Items and the three indexes of their own few attributes; the engine counts the items.
    expect(world.units.write).toBeLessThanOrEqual(4 * docs.length);
    for (const doc of docs) expect(await world.document(doc.url)).toEqual({ ...doc, created_at: at(60) });
  });

  it('one unit of reading a head before writing is all that is read', async () => {
    const before = world.units.read;
    await world.put(...docs.slice(0, 10).map((doc) => ({ ...doc, created_at: at(120) })));
    expect(world.units.read - before).toBeLessThanOrEqual(10);
  });
});
