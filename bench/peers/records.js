// The results as peers hold them in memory: plain objects in a Map, every text a JavaScript string.
import { loadDocuments } from '../data/documents.js';

/**
 * @typedef {object} PeerRecord
 * @property {string} url
 * @property {string | null} title
 * @property {boolean} success
 * @property {number | null} statusCode
 * @property {string | null} createdAt
 * @property {string | null} html
 */

/** @returns {ReadonlyMap<string, PeerRecord>} */
export function loadRecords() {
  const { documents } = loadDocuments();
  return new Map(
    documents.map((doc) => [
      doc.url,
      {
        url: doc.url,
        title: doc.metadata.title,
        success: doc.success,
        statusCode: doc.status_code,
        createdAt: doc.created_at,
        html: doc.html,
      },
    ]),
  );
}
