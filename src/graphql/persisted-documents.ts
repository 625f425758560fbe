// Persisted documents: the manifest as the usual clients make it, and the places where they say which document they mean.
import type { GraphQLParams } from 'graphql-yoga';

/** Documents by the ids that clients send. */
export type PersistedDocuments = ReadonlyMap<string, string>;

/**
 * Reads a manifest. Apollo's (`{ "format": "apollo-persisted-query-manifest", "operations": [{ "id", "body" }] }`), or an
 * object of ids and documents, as Relay's compiler and graphql-codegen's `persistedDocuments` write. Null for any other text.
 */
export function parseManifest(text: string): PersistedDocuments | null {
  const manifest = parse(text);
  if (!isObject(manifest)) return null;
  const entries = 'operations' in manifest ? apolloEntries(manifest) : Object.entries(manifest);
  const documents = new Map<string, string>();
  for (const [id, document] of entries ?? []) {
    if (typeof document !== 'string') return null;
    documents.set(id, document);
  }
  return documents.size === 0 ? null : documents;
}

function apolloEntries({ format, version, operations }: JsonObject): readonly (readonly [string, unknown])[] | null {
  if (format !== 'apollo-persisted-query-manifest' || version !== 1 || !Array.isArray(operations)) return null;
  return operations.map((one): readonly [string, unknown] => {
    const { id, body }: JsonObject = isObject(one) ? one : {};
    return [typeof id === 'string' ? id : '', typeof id === 'string' ? body : null];
  });
}

/**
 * The id in a request: Apollo's `extensions.persistedQuery.sha256Hash`, `documentId` of GraphQL over HTTP's draft and of
 * codegen's users, Relay's `id` and `doc_id`; in a GET (`search` is its query string) the same. Null where there is none.
 */
export function documentIdOf(params: GraphQLParams & JsonObject, search: URLSearchParams | null): string | null {
  const { persistedQuery }: JsonObject = isObject(params.extensions) ? params.extensions : {};
  const { sha256Hash }: JsonObject = isObject(persistedQuery) ? persistedQuery : {};
  const sent = [sha256Hash, ...idParameters.map((name) => params[name] ?? search?.get(name))];
  const id = sent.find((one): one is string => typeof one === 'string' && one !== '');
  return id === undefined ? null : id;
}

/** Parameters beside GraphQL's own that name a document. */
export const idParameters: readonly string[] = ['documentId', 'id', 'doc_id'];

/** The document of an id, which may be written `sha256:…` (https://github.com/graphql/graphql-over-http/pull/264). */
export function findDocument(documents: PersistedDocuments, id: string): string | null {
  return documents.get(id) ?? documents.get(id.replace(/^sha256:/, '')) ?? documents.get(`sha256:${id}`) ?? null;
}

interface JsonObject {
  readonly [key: string]: unknown;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
