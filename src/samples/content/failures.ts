// Crawls of the made-up web that failed: pages that are gone, slow or refused, and one that had been crawled well before.
import type { SampleFailure } from '../page.js';

/** The failures. `/visit/tide-times` is also among the museum's pages, two days older. */
export const failures: readonly SampleFailure[] = [
  {
    url: 'https://www.tidewater-museum.example/visit/tide-times',
    crawledHoursAgo: 5,
    statusCode: 502,
    errorMessage: 'HTTP 502: the server behind the proxy did not answer (Bad Gateway)',
    html: '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>',
    headers: { server: 'nginx', 'content-type': 'text/html', 'content-length': '150' },
  },
  {
    url: 'https://www.tidewater-museum.example/exhibitions/winter-lights',
    crawledHoursAgo: 11,
    statusCode: 404,
    errorMessage: 'HTTP 404: Not Found',
    html: '<!DOCTYPE html><html lang="en"><head><title>Not here – Tidewater Museum</title></head><body><h1>Not here</h1><p>The tide has taken this page. <a href="/exhibitions">What is on now</a></p></body></html>',
    headers: { server: 'nginx', 'content-type': 'text/html; charset=utf-8' },
    sessionId: 'museum-night-run',
  },
  {
    url: 'https://journal.tidewater-museum.example/archive?everything=1',
    crawledHoursAgo: 14,
    statusCode: null,
    errorMessage:
      'Unexpected error in _crawl_web: Failed on navigating ACS-GOTO:\nPage.goto: Timeout 60000ms exceeded.\nCall log:\n  - navigating to "https://journal.tidewater-museum.example/archive?everything=1", waiting until "domcontentloaded"\n',
  },
  {
    url: 'https://shop.tidewater-museum.example/basket',
    crawledHoursAgo: 3,
    statusCode: 503,
    errorMessage: 'HTTP 503: Service Unavailable',
    html: '<html><body><h1>We are counting the mugs</h1><p>Back in ten minutes.</p></body></html>',
    headers: { server: 'Caddy', 'content-type': 'text/html; charset=utf-8', 'retry-after': '600' },
    sessionId: 'shop-price-watch',
  },
  {
    url: 'https://registry.lampwright.example/',
    crawledHoursAgo: 351,
    statusCode: 403,
    errorMessage: 'Access denied by robots.txt',
    headers: { 'x-robots-tag': 'noindex' },
  },
  {
    url: 'https://old.tidewater-museum.example/',
    crawledHoursAgo: 470,
    statusCode: null,
    errorMessage:
      'Unexpected error in _crawl_web: Failed on navigating ACS-GOTO:\nPage.goto: net::ERR_NAME_NOT_RESOLVED at https://old.tidewater-museum.example/\n',
  },
];
