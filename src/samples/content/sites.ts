// The hosts of the made-up web: a maritime museum with its journal and shop, and the makers of its tide software.
import type { SampleSite } from '../page.js';

const museumServer = 'nginx';

/** The museum itself. */
export const museum: SampleSite = {
  origin: 'https://www.tidewater-museum.example',
  name: 'Tidewater Museum',
  language: 'en',
  navigation: [
    ['Visit', '/visit'],
    ['Exhibitions', '/exhibitions'],
    ['Collection', '/collection'],
    ['About', '/about/history'],
    ['Journal', 'https://journal.tidewater-museum.example/'],
    ['Shop', 'https://shop.tidewater-museum.example/'],
  ],
  footer:
    'Tidewater Museum, Harbour Steps 3, Oskala. Open Tuesday to Sunday. [Getting here](/visit) · [Access](/visit/access) · [日本語](/ja/来館案内) · [العربية](/ar/visit)',
  server: museumServer,
  cacheable: true,
  linksScored: false,
};

/** The museum's weblog. */
export const journal: SampleSite = {
  origin: 'https://journal.tidewater-museum.example',
  name: 'The Tidewater Journal',
  language: 'en',
  navigation: [
    ['Journal', '/'],
    ['Museum', 'https://www.tidewater-museum.example/'],
    ['Everything since 2009', '/archive?everything=1'],
  ],
  footer: 'Written by the people who work at the [Tidewater Museum](https://www.tidewater-museum.example/).',
  server: museumServer,
  cacheable: true,
  linksScored: false,
};

/** The museum's shop: its pages are made for every visitor, so they carry no validators. */
export const shop: SampleSite = {
  origin: 'https://shop.tidewater-museum.example',
  name: 'Tidewater Museum Shop',
  language: 'en',
  navigation: [
    ['All things', '/'],
    ['Delivery', '/delivery'],
    ['Basket', '/basket'],
    ['Museum', 'https://www.tidewater-museum.example/'],
  ],
  footer: 'Every purchase keeps the lamp lit. [Delivery and returns](/delivery)',
  server: 'Caddy',
  cacheable: false,
  linksScored: false,
};

/** The documentation of the tide software. */
export const docs: SampleSite = {
  origin: 'https://docs.lampwright.example',
  name: 'Lampwright',
  language: 'en',
  navigation: [
    ['Start', '/'],
    ['Install', '/install'],
    ['Configuration', '/configuration'],
    ['HTTP API', '/http-api'],
    ['Harmonics', '/harmonics'],
    ['Changelog', '/changelog'],
  ],
  footer:
    'Lampwright is free software under the EUPL. First user: the [Tidewater Museum](https://www.tidewater-museum.example/).',
  server: 'nginx/1.26.2',
  cacheable: true,
  linksScored: true,
};
