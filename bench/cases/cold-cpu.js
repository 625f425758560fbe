// CPU time of a cold request for a hundred small results, end to end, beside the SDK's own `send` of the same batch.
import { measured, ratioOf } from '../case-result.js';
import { dataOf } from '../load/post-json.js';
import { startCrawlgateOver } from '../process/crawlgate.js';
import { startPeer } from '../process/peer.js';
import { startStub } from '../process/stub.js';
import { bodyOf, manySmall } from '../queries.js';

const keysPerBatch = 100;

/** @type {import('../bench.js').Case} */
export const coldCpu = {
  id: 'cold-cpu',
  async run(bench) {
    const stub = await startStub({ delayMs: 0 });
    const env = { BENCH_DYNAMODB: stub.endpoint };
    const crawlgate = await startCrawlgateOver(bench.crawlgateMain, stub.endpoint);
    const yoga = await startPeer('yoga', 'yoga-table.js', { env });
    const sdk = await startPeer("the SDK's own send", 'sdk-send.js', { env, hasSocket: false });
    const batchesPerRound = bench.quick ? 60 : 200;
    const servers = [crawlgate, sdk, yoga];
    /** @type {Map<string, number[]>} */
    const rounds = new Map(servers.map(({ name }) => [name, []]));
    // The first round warms the compilers and does not count.
    for (const round of bench.eachRound()) {
      for (const server of servers) {
        const batches = newBatches(bench.takeNumbers(), batchesPerRound);
        const { cpuMs: before } = await server.figures();
        if (server === sdk) await sdk.ask({ bench: 'send', batches });
        else for (const urls of batches) await dataOf(server.url, bodyOf(manySmall, { urls }));
        const { cpuMs: after } = await server.figures();
        if (round > 0) rounds.get(server.name)?.push((after - before) / batchesPerRound);
      }
    }
    for (const child of [...servers, stub]) await child.stop();
    const [ours, least, theirs] = [...rounds].map(([name, values]) => measured(name, values));
    return {
      id: 'cold-cpu',
      title: 'CPU of a cold 100-key batch of small items, end to end',
      unit: 'ms of CPU',
      values: [ours, least, theirs],
      ratios: [ratioOf(ours, least, { atMost: 2 }), ratioOf(theirs, least, null)],
      notes: ['one request at a time; all threads of the process counted'],
    };
  },
};

/** @param {number} first @param {number} count */
function newBatches(first, count) {
  return Array.from({ length: count }, (_, batch) =>
    Array.from({ length: keysPerBatch }, (_, key) => `https://cold.example/${first + batch * keysPerBatch + key}`),
  );
}
