// What a table is to us: its name, its key attributes and the layout that they show.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item or a key as DynamoDB's wire has it: attribute names to tagged values. */
export type Item = Record<string, AttributeValue>;

/** How results lie in their table: one item per URL, or a head with parts and versions beside it. */
export type LayoutName = 'document' | 'versioned';

/** A table and the attributes of its primary key, partition key first. */
export interface Table {
  readonly name: string;
  readonly keyAttributes: readonly string[];
}

/** Key attributes of the results table by layout. */
export const resultKeyAttributes: Readonly<Record<LayoutName, readonly string[]>> = {
  document: ['url'],
  versioned: ['pk', 'sk'],
};

/** The layout whose keys these are, partition key first; null: neither's. */
export function layoutOfKeys(keys: readonly string[]): LayoutName | null {
  return (
    (['document', 'versioned'] as const).find((layout) => resultKeyAttributes[layout].join() === keys.join()) ?? null
  );
}

/** Key attribute of the sessions table. */
export const sessionKeyAttributes: readonly string[] = ['session_id'];

/** A primary key as one string, so that it can be a Map key. Null where an attribute of the key is missing. */
export function keyText(table: Table, item: Item): string | null {
  let text = '';
  for (const name of table.keyAttributes) {
    const value = item[name]?.S;
    if (value === undefined) return null;
    text = text === '' ? value : `${text}\u0000${value}`;
  }
  return text;
}

/** Under these keys nothing is ever stored: for probes, which ask for what is surely not there. */
export const healthKeys: Readonly<Record<LayoutName, Item>> = {
  document: { url: { S: 'crawlgate-health' } },
  versioned: { pk: { S: 'HEALTH' }, sk: { S: 'HEALTH' } },
};

/** The URL that a primary key of the results table is of; null for a part by itself, a session, the health probe. */
export function urlOfKey(key: Item | undefined): string | null {
  const text = key?.url?.S ?? key?.pk?.S ?? '';
  const url = text.startsWith('URL#') ? text.slice(4) : text;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : null;
}
