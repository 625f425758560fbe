// A Crawl4AI cache in SQLite keeps every promise of a ReadMany.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredResult } from '../../src/domain/crawl-result.js';
import { groupOf } from '../../src/domain/fields.js';
import { plainWant } from '../../src/domain/read-many.js';
import { latestKey, type ResultKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import { createSqliteReader } from '../../src/migration/sqlite-reader.js';
import { silentEvents } from '../../src/observability/events.js';
import { describeReadMany } from '../contract/read-many.js';
import { makeCache } from './cache-fixture.js';

const unreadable = '00000000000000ff';

describeReadMany<ResultKey, StoredResult>('the reader of a SQLite cache', {
  keyAt: (index) => latestKey(toUrlKey(`https://example.com/${index}`)),
  keyOf: ({ success }) => latestKey(toUrlKey(success?.url ?? '')),
  want: { ...plainWant, groups: groupOf('html') },
  async makeSubject(world) {
    const cache = await makeCache();
    for (const url of world.stored) cache.insert({ url, html: '<p>', success: 1 });
    // A folder stands where the file should be: it is there and cannot be read.
    for (const url of world.failing) cache.insert({ url, html: unreadable, success: 1 });
    await mkdir(join(cache.paths.folder, 'html_content', unreadable), { recursive: true });
    const calls: ResultKey[][] = [];
    const readMany = createSqliteReader({
      ...cache,
      connection: {
        all: async (sql, params = []) => {
          if (sql.includes(' IN (')) calls.push(params.map(String) as ResultKey[]);
          if (world.fault === 'throws') throw new TypeError('what no code describes');
          if (world.fault === 'stalls') return new Promise(() => undefined);
          return cache.connection.all(sql, params);
        },
      },
      events: silentEvents,
      now: () => 0,
      elapsed: () => 0,
    });
    return { readMany, calls: () => calls, close: async () => cache[Symbol.asyncDispose]() };
  },
});
