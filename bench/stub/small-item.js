// A small crawl result as Crawl4AI's Python managers store it (about 700 bytes), under any URL but those that are absent.

/** https://test{i}.com, as the classic load test asks for, and keys that are no URL. */
const absent = /^https:\/\/test\d+\.com|^crawlgate-/;

/** Attribute names to DynamoDB JSON. */
const attributes = Object.entries({
  success: { BOOL: true },
  status_code: { N: '200' },
  created_at: { S: '2026-05-01T12:30:00.123Z' },
  updated_at: { S: '2026-05-01T12:30:01.456Z' },
  ttl: { N: '4102444800' },
  error_message: { S: '' },
  redirected_url: { S: 'https://www.bench.example/final' },
  etag: { S: '"33a64df551425fcc55e4d42a148795d9f25f89d4"' },
  last_modified: { S: 'Fri, 01 May 2026 12:00:00 GMT' },
  metadata: { M: { title: { S: 'A small page' }, description: { S: 'One of very many.' } } },
}).map(([name, value]) => /** @type {const} */ ([name, `${JSON.stringify(name)}:${JSON.stringify(value)}`]));

const whole = attributes.map(([, text]) => text).join(',');

/** @param {string} url @param {ReadonlySet<string> | null} names Null: all. @returns {string | null} The item as JSON text. */
export function smallItem(url, names) {
  if (absent.test(url)) return null;
  const rest = names === null ? whole : attributes.flatMap(([name, text]) => (names.has(name) ? [text] : [])).join(',');
  return `{"url":{"S":${JSON.stringify(url)}}${rest === '' ? '' : `,${rest}`}}`;
}
