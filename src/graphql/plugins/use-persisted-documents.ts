// Documents by their ids, through yoga's own plugin: what the gateway adds is where ids are found.
import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import type { Plugin } from 'graphql-yoga';
import { documentIdOf, findDocument, type PersistedDocuments } from '../persisted-documents.js';

/** What the plugin takes. */
export interface PersistedDeps {
  /** Whether documents that are not in the manifest are run too. */
  readonly allowOthers: boolean;
  /** As last read. */
  readonly documents: () => PersistedDocuments;
  /** Texts that are run as they are sent, besides: those of the gateway's own page, byte for byte. */
  readonly ownTexts: ReadonlySet<string>;
}

/** Runs the document that a request names. Codes are Apollo's where it has them: its clients look at them. */
export function usePersistedDocuments({ allowOthers, documents, ownTexts }: PersistedDeps): Plugin {
  const byId = usePersistedOperations({
    allowArbitraryOperations: allowOthers,
    extractPersistedOperationId: (params, request) =>
      documentIdOf({ ...params }, request.method === 'GET' ? new URL(request.url).searchParams : null),
    getPersistedOperation: (id) => findDocument(documents(), id),
    customErrors: {
      notFound: refusal('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND'),
      keyNotFound: refusal('The request has neither a query nor the id of a persisted document.', 'BAD_REQUEST'),
      persistedQueryOnly: refusal('Only persisted documents are run here, by their ids.', 'PERSISTED_QUERY_ONLY'),
    },
  });
  const { onParams } = byId;
  return {
    ...byId,
    onParams(payload) {
      const { query } = payload.params;
      return query !== undefined && ownTexts.has(query) ? undefined : onParams?.(payload);
    },
  };
}

function refusal(message: string, code: string) {
  return { message, extensions: { code, http: { spec: true, status: 400 } } };
}
