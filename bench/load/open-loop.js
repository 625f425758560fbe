// Open-loop load: every request is due at a fixed time, and its latency counts from then, however late it could be sent.
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { createAnswerReader } from './answer-reader.js';

/**
 * @typedef {object} OpenLoad
 * @property {string} url
 * @property {readonly string[]} bodies Sent in turn.
 * @property {number} perSecond
 * @property {number} seconds
 * @property {number} connections
 */

/** How long answers are waited for after the last request was due; what is missing then has this latency. */
const graceMs = 1_000;

/** @param {OpenLoad} load @returns {Promise<{ answered: number, p50Ms: number, p99Ms: number, errors: number }>} */
export async function runOpenLoop({ url, bodies, perSecond, seconds, connections }) {
  const { host, hostname, port, pathname } = new URL(url);
  const requests = bodies.map((body) =>
    Buffer.from(
      `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
  );
  const total = Math.round(perSecond * seconds);
  /** @type {number[]} */
  const latencies = [];
  let errors = 0;
  let sent = 0;

  /** @typedef {{ write: (bytes: Buffer) => void, due: number }} Connection */
  /** @type {Connection[]} */
  const idle = [];
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      /** @type {Connection} */
      const connection = { write: (bytes) => socket.write(bytes), due: 0 };
      const read = createAnswerReader((status) => {
        latencies.push(performance.now() - connection.due);
        if (status !== 200) errors += 1;
        idle.push(connection);
      });
      socket.on('data', read);
      socket.on('error', () => {
        errors += 1;
      });
      idle.push(connection);
      return socket;
    }),
  );

  const begun = performance.now();
  const dueAt = (/** @type {number} */ index) => begun + (index * 1000) / perSecond;
  const end = dueAt(total) + graceMs;
  // Timers are a millisecond coarse: this looks at the clock at every turn of the loop instead, and costs a core.
  await new Promise((resolve) => {
    const turn = () => {
      const now = performance.now();
      while (sent < total && dueAt(sent) <= now) {
        const connection = idle.shift();
        if (connection === undefined) break;
        connection.due = dueAt(sent);
        connection.write(requests[sent % requests.length]);
        sent += 1;
      }
      if (latencies.length === total || now > end) resolve(undefined);
      else setImmediate(turn);
    };
    turn();
  });
  const took = (performance.now() - begun) / 1000;
  for (const socket of sockets) socket.destroy();
  const answered = latencies.length / Math.max(seconds, took);
  const now = begun + took * 1000;
  for (let index = latencies.length; index < total; index += 1) latencies.push(now - dueAt(index));
  latencies.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => latencies[Math.min(total - 1, Math.floor(total * share))];
  return { answered, p50Ms: at(0.5), p99Ms: at(0.99), errors };
}
