// A page that was crawled from a disk: results are keyed by URL, and file:// is one.
import type { SamplePage, SampleSite } from '../page.js';

const intake: SampleSite = {
  origin: 'file:///srv/intake',
  name: 'Intake',
  language: 'en',
  navigation: [['Museum', 'https://www.tidewater-museum.example/']],
  footer: 'Exported from the museum’s register.',
  server: '',
  cacheable: false,
  linksScored: false,
};

/** The pages from files. */
export const filePages: readonly SamplePage[] = [
  {
    site: intake,
    path: '/lamp-room-inventory.html',
    title: 'Lamp room inventory',
    description: 'What stands in the lamp room, as counted in spring.',
    crawledHoursAgo: 455,
    modifiedDaysBefore: 0,
    body: `
Counted by Dag Aune and two volunteers. Differences from the [catalogue](https://www.tidewater-museum.example/collection/catalogue) are marked.

Table: Inventory
| Number | Object | Remark |
| TM-1994-0001 | First-order lens | in place, obviously |
| TM-1994-0007 | Clockwork | in place, oiled |
| TM-1994-0012 | Oil can | **two found, one listed** |
| TM-1996-0148 | Stool | missing since the concert |
`,
  },
];
