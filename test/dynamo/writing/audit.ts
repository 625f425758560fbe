// Looks at a whole table: which parts are named and not there, and which are there and named by nobody.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { latestKey } from '../../../src/domain/result-key.js';
import type { UrlKey } from '../../../src/domain/url-key.js';
import { partData } from '../../../src/dynamo/reading/read-parts.js';
import { keyText } from '../../../src/dynamo/table.js';
import { allRefs } from '../../../src/dynamo/writing/write-session.js';
import type { World } from './world.js';

/** What is wrong with a table; two empty lists where nothing is. */
export interface Audit {
  /** Keys of parts that a head or version names and that are not there. */
  readonly missing: readonly string[];
  /** Keys of parts that nothing names. */
  readonly orphans: readonly string[];
}

/** A table in which everything is as it should be. */
export const sound: Audit = { missing: [], orphans: [] };

/** Audits the table, or what is stored for one URL. Nobody must be writing there. */
export async function audit(world: World, url: string = ''): Promise<Audit> {
  const named = new Set<string>();
  const parts = new Set<string>();
  for (const item of await world.items()) {
    const key = keyText(world.table, item) ?? '';
    if (url !== '' && !isOf(world, key, url)) continue;
    if (item[partData] !== undefined) parts.add(key);
    else for (const name of namesIn(world, item)) named.add(name);
  }
  return {
    missing: [...named].filter((key) => !parts.has(key)),
    orphans: [...parts].filter((key) => !named.has(key)),
  };
}

function isOf(world: World, key: string, url: string): boolean {
  const ref = { hash: '#', writeId: '#', chunks: 1, bytes: 0 };
  const [partPrefix = ''] = (keyText(world.table, world.layout.partKey(url as UrlKey, ref, 0)) ?? '').split('#:', 1);
  const [partition = ''] = (keyText(world.table, world.layout.headKey(latestKey(url as UrlKey))) ?? '').split('\0');
  return key === partition || key.startsWith(`${partition}\0`) || key.startsWith(partPrefix);
}

function namesIn(world: World, item: Record<string, AttributeValue>): readonly string[] {
  const url = (item.pk?.S?.slice('URL#'.length) ?? item.url?.S ?? '') as UrlKey;
  return allRefs(item).flatMap((ref) =>
    Array.from({ length: ref.chunks }, (_, chunk) => keyText(world.table, world.layout.partKey(url, ref, chunk)) ?? ''),
  );
}
