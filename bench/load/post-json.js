// One POST of JSON and its whole answer, over connections that are kept.
import { Agent, request } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** As many connections as callers; the cases bound the callers. */
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/**
 * @param {string} url
 * @param {string} body
 * @param {Record<string, string>} [headers]
 * @returns {Promise<{ status: number, text: string }>}
 */
export function postJson(url, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        timeout: 60_000,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
      },
      (response) => {
        /** @type {Buffer[]} */
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const plain = response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
          resolve({ status: response.statusCode ?? 0, text: plain.toString() });
        });
      },
    );
    sent.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      // A server may close a kept connection in the moment in which it is used again.
      if (sent.reusedSocket && error.code === 'ECONNRESET') resolve(postJson(url, body, headers));
      else reject(error);
    });
    sent.on('timeout', () => sent.destroy(new Error(`${url} did not answer within 60 s`)));
    sent.end(body);
  });
}

/**
 * The answer's data.
 * @param {string} url @param {string} body @param {Record<string, string>} [headers]
 * @returns {Promise<any>}
 */
export async function dataOf(url, body, headers) {
  const { status, text } = await postJson(url, body, headers);
  const answer = JSON.parse(text);
  if (status !== 200 || answer.errors !== undefined)
    throw new Error(`${url} answered ${status}: ${text.slice(0, 500)}`);
  return answer.data;
}

/** Closes what is kept. */
export function closeConnections() {
  agent.destroy();
}
