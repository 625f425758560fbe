// Sixty real pages go in, the engine is killed, and they come back identical, none of them cut short.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEmbedded } from '../../../src/dynamo/embedded.js';
import { audit, sound } from './audit.js';
import { noise, page, rounds, seeded } from './pages.js';
import { hasRealPages, realPages } from './real-pages.js';
import { openWorld } from './world.js';

/** An engine in a process of its own over a folder of its own, that can be killed. */
async function startKillable() {
  const dataDir = await mkdtemp(join(tmpdir(), 'crawlgate-pages-'));
  let onBack = (): void => {};
  const engine = await startEmbedded({
    dataDir,
    port: 0,
    portIsExplicit: true,
    tables: [],
    onEvent: ({ kind }) => {
      if (kind === 'listening') onBack();
    },
    // Its deaths are minutes apart, as far as it knows: it is to come back however often it is killed.
    timing: { delay: async () => {}, now: createMinutes() },
  });
  return {
    port: engine.port,
    /** Kills it; resolves when it is back. */
    kill: () =>
      new Promise<void>((resolve) => {
        onBack = resolve;
        process.kill(engine.pid ?? 0, 'SIGKILL');
      }),
    [Symbol.asyncDispose]: async () => {
      await engine[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** A clock that is a minute later whenever it is asked. */
function createMinutes(): () => number {
  let minutes = 0;
  return () => {
    minutes += 1;
    return minutes * 60_000;
  };
}

describe.each(['document', 'versioned'] as const)('the %s layout', (layout) => {
  it.skipIf(!hasRealPages)('hands back sixty real pages after kill -9 of the engine', async () => {
    await using engine = await startKillable();
    await using world = await openWorld({ layout, port: engine.port });
    const docs = await realPages(1);
    expect(docs).toHaveLength(60);
    const outcomes = await world.put(...docs);
    expect(outcomes.filter(({ kind }) => kind !== 'done')).toEqual([]);
    await engine.kill();
    for (const doc of docs) {
      expect(await world.document(doc.url)).toEqual(doc);
      expect((await world.stored(doc.url))?.success?.truncatedFields).toEqual([]);
    }
    expect(await audit(world)).toEqual(sound);
    expect(world.errors).toEqual([]);
  });

  it('has every acknowledged write after kill -9 of the engine in the middle of writing', async () => {
    await using engine = await startKillable();
    await using world = await openWorld({ layout, port: engine.port });
    const random = seeded(Date.now());
    const acknowledged = new Map<string, number>();
    for (let round = 1; round <= rounds(4); round += 1) {
      let isOver = false;
      let count = 0;
      const writing = Promise.all(
        [0, 1, 2, 3].map(async (lane) => {
          const url = `https://killed.example/${lane}`;
          for (let step = 0; !isOver; step += 1) {
            const second = round * 500 + step;
            const html = `${second} ${noise(random() < 0.5 ? 50 : 9000, `${second}`)}`;
            const created_at = new Date(Date.UTC(2026, 10, 1) + second * 1000).toISOString();
            const [outcome] = await world.put(page(url, 0, { html, session_id: String(second), created_at }));
            if (outcome?.kind !== 'done') continue;
            acknowledged.set(url, second);
            count += 1;
          }
        }),
      );
      const enough = Math.floor(random() * 20) + 4;
      while (count < enough) await new Promise(setImmediate);
      const back = engine.kill();
      isOver = true;
      await Promise.all([writing, back]);
      for (const [url, second] of acknowledged) {
        const stored = (await world.stored(url))?.success;
        expect([...(stored?.failed ?? [])]).toEqual([]);
        const found = Number(stored?.fields.get('session_id'));
        // One that was not acknowledged may be there too.
        expect(found).toBeGreaterThanOrEqual(second);
        const document = (await world.document(url)) as { readonly html: string };
        expect(document.html.startsWith(`${found} `)).toBe(true);
      }
      expect((await audit(world)).missing).toEqual([]);
    }
  });
});
