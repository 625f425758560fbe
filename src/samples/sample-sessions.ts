// Two crawler sessions as Crawl4AI's Python managers keep them: an identity, whatever state they hold, and an expiry.
import type { JsonValue } from '../domain/packed-text.js';
import { withMicroseconds } from './render-page.js';

/** One session. Everything but the named keys is its state. */
export type SampleSession = {
  readonly session_id: string;
  /** ISO 8601 with microseconds in UTC, without an offset: Python's `datetime.utcnow().isoformat()`. */
  readonly updated_at: string;
  /** Epoch seconds. */
  readonly ttl: number;
  readonly [attribute: string]: JsonValue;
};

/** The sessions that some of the sample results name. */
export function sampleSessions(now: Date): readonly SampleSession[] {
  const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
  const expiry = (hours: number) => Math.floor(now.getTime() / 1000) + hours * 3600;
  return [
    {
      session_id: 'museum-night-run',
      user_agent: 'TidewaterIndexer/2.1 (+https://www.tidewater-museum.example/about/history)',
      cookies: [{ name: 'consent', value: 'necessary', domain: '.tidewater-museum.example', path: '/', secure: true }],
      proxy: null,
      pages_crawled: 10,
      current_url: 'https://www.tidewater-museum.example/about/people',
      updated_at: withMicroseconds(minutesAgo(466), 'museum-night-run', ''),
      ttl: expiry(24),
    },
    {
      session_id: 'shop-price-watch',
      user_agent: 'TidewaterIndexer/2.1',
      cookies: [
        { name: 'basket', value: 'b-20417', domain: 'shop.tidewater-museum.example', path: '/', secure: true },
        { name: 'currency', value: 'EUR', domain: 'shop.tidewater-museum.example', path: '/', secure: true },
      ],
      local_storage: { 'https://shop.tidewater-museum.example': { seenNotice: 'true' } },
      pages_crawled: 5,
      current_url: 'https://shop.tidewater-museum.example/basket',
      last_error: 'HTTP 503',
      updated_at: withMicroseconds(minutesAgo(171), 'shop-price-watch', ''),
      ttl: expiry(6),
    },
  ];
}
