// Parsed queries, kept by text. Bounded by characters too: a client that writes texts into its queries must not fill memory.
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

const maxDocuments = 1024;
/** A parsed document takes some fifty times its text. */
const maxCharacters = 2_000_000;

/** Makes the caches that yoga's parser uses; its own would keep 1,024 documents of any size. */
export function createDocumentCache(): {
  readonly documentCache: LRUCache<string, DocumentNode>;
  readonly errorCache: LRUCache<string, Error>;
} {
  return { documentCache: createTextCache<DocumentNode>(), errorCache: createTextCache<Error>() };
}

function createTextCache<Value extends object>(): LRUCache<string, Value> {
  return new LRUCache<string, Value>({
    max: maxDocuments,
    maxSize: maxCharacters,
    maxEntrySize: maxCharacters / 10,
    sizeCalculation: (_value, text) => Math.max(text.length, 1),
  });
}
