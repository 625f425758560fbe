// `crawlgate cost` multiplies what real pages weigh by a load and by prices.
import { describe, expect, it } from 'vitest';
import { costsOf } from '../../src/cli/costs.js';
import { pageSizes } from '../../src/cli/page-sizes.js';
import { runGateway } from '../support/gateway-process.js';

async function run(...args: string[]) {
  await using process = runGateway({}, { args: ['cost', ...args] });
  const { code } = await process.ended;
  return { code, stdout: process.stdout(), stderr: process.stderr() };
}

const unit = {
  storedBytes: 2 ** 30 - 200,
  items: 2,
  writeUnits: 2,
  readUnitsOfWriting: 1,
  readUnits: { head: 0.5, markdown: 1, html: 5, whole: 10 },
  memoryBytes: { head: 0, markdown: 0, html: 0, whole: 0 },
};

describe('crawlgate cost', () => {
  it('counts bytes with what DynamoDB adds to each item, and a month of 730 hours', () => {
    const prices = { readPrice: 0.125, writePrice: 0.625, storagePrice: 0.25 };
    const load = { pages: 4, reads: 100, writes: 10, fields: 'head', hitRate: 0.5, ...prices } as const;
    const costs = costsOf(load, unit);
    // Half of 100 lookups at half a unit, and a look before each of 10 writes.
    expect(costs).toMatchObject({ storedGb: 4, readUnitsPerSecond: 35, writeUnitsPerSecond: 20 });
    expect(costs.monthly.storage).toBeCloseTo(1);
    expect(costs.monthly.reads).toBeCloseTo((35 * 730 * 3600 * 0.125) / 1e6);
    expect(costs.monthly.writes).toBeCloseTo((20 * 730 * 3600 * 0.625) / 1e6);
    expect(costs.monthly.total).toBeCloseTo(costs.monthly.storage + costs.monthly.reads + costs.monthly.writes);
    expect(costs.firstWrite).toBeCloseTo((4 * (2 * 0.625 + 0.125)) / 1e6);
  });

  it('says what a million pages and a thousand lookups a second cost, in lines and as JSON', async () => {
    const { code, stdout, stderr } = await run('--reads', '1000', '--writes', '2.5');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^storage {2}1,000,000 pages, 73\.5 GB +\$\d+\.\d\d a month$/),
      expect.stringMatching(/^lookups {2}1,000 a second \(head\), .* read units a second +\$/),
      expect.stringMatching(/^writes {3}2\.5 a second, 200 write units a second +\$/),
      expect.stringMatching(/^in all +\$/),
      expect.stringMatching(/^once .*1,000,000 pages for the first time +\$/),
      '',
    ]);
    const json = JSON.parse((await run('--json', '--pages', '10', '--layout', 'document', '--read-price', '1')).stdout);
    expect(json).toMatchObject({ given: { pages: 10, readPrice: 1, layout: 'document' }, monthly: { reads: 0 } });
    expect(json.firstWrite).toBeCloseTo((10 * (pageSizes.document.writeUnits * 0.625 + 1)) / 1e6);
  });

  it.each([
    ['--hit-rate', '1.5', 'must be from 0 to 1'],
    ['--reads', 'many', 'must be lookups a second'],
    ['--fields', 'all', 'must be head, markdown, html or whole'],
  ])('refuses %s %s', async (option, value, problem) => {
    expect(await run(option, value)).toEqual({ code: 2, stdout: '', stderr: `${option}: ${problem}\n` });
  });
});
