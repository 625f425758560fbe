// www.tidewater-museum.example/exhibitions: what is on.
import type { SamplePage } from '../page.js';
import { museum } from './sites.js';

const nightRun = { session_id: 'museum-night-run' } as const;

/** The museum's exhibition pages. */
export const exhibitionPages: readonly SamplePage[] = [
  {
    site: museum,
    path: '/exhibitions',
    title: 'Exhibitions',
    description: 'What is on at the Tidewater Museum, what is coming, and what was.',
    crawledHoursAgo: 11,
    modifiedDaysBefore: 6,
    crawl: nightRun,
    body: `
## On now

- [Keepers of the Light](/exhibitions/keepers-of-the-light), third floor
- [The Drowned Road](/exhibitions/the-drowned-road), ground floor and outdoors
- [Small Boats](/exhibitions/small-boats), boat shed

## Over

[Winter Lights](/exhibitions/winter-lights) ended in February. Its catalogue is still to be had in [the shop](https://shop.tidewater-museum.example/books/keepers-of-the-light).
`,
  },
  {
    site: museum,
    path: '/exhibitions/keepers-of-the-light',
    title: 'Keepers of the Light',
    description: 'Six families kept the Oskala lamp between 1868 and 1987. Their logbooks, tools and letters.',
    keywords: 'lighthouse keepers, logbooks, exhibition',
    author: 'Ines Halloran',
    image: '/media/logbook-1911.jpg',
    crawledHoursAgo: 11,
    modifiedDaysBefore: 20,
    crawl: nightRun,
    body: `
A keeper wound the clockwork every four hours, trimmed the wick twice a night, and wrote both down. The 119 logbooks fill eleven metres of shelf, and only nine nights are missing.

![Page of a logbook in brown ink, the entry for 3 January 1911 crossed out|1200](/media/logbook-1911.jpg "The entry of 3 January 1911 was crossed out by the keeper and written again by his wife.")

## Six families

1. The Oskalas, 1868 to 1894, whose daughter [Maren wrote the letters](/collection/letters-of-maren-oskala)
2. The Brandts, 1894 to 1911
3. The Halvorsens, 1911 to 1929
4. The Quists, 1929 to 1946
5. The Lindes, 1946 to 1970
6. Per and Signe Aune, 1970 to 1987, who locked the door behind them

> 02:10 wind SW 9, glass cracked in pane four, lamp not interrupted. (Log, 3 January 1911)

The lamp itself is [upstairs](/collection/first-order-fresnel-lens). The book is in [the shop](https://shop.tidewater-museum.example/books/keepers-of-the-light).
`,
  },
  {
    site: museum,
    path: '/exhibitions/the-drowned-road',
    title: 'The Drowned Road',
    description: 'A causeway that is only there for four hours a day: walk it with us, or see how it was built.',
    image: '/media/causeway-low-water.jpg',
    crawledHoursAgo: 12,
    modifiedDaysBefore: 33,
    crawl: nightRun,
    body: `
Twice a day the sea uncovers a road of 1,400 oak sleepers between Oskala and the islet of Vik. Nobody knows who laid it; the oldest sleeper was felled in the winter of 1327.

![The causeway at low water, wet sleepers running towards a low green islet|1600](/media/causeway-low-water.jpg "Two hours after low water the far end is already gone.")

![Walking the road from end to end in four minutes](/media/causeway-walk.mp4 "Film: the whole road in four minutes, with sound.")

Guided walks leave an hour before low water; the hour is on the page of [tide times](/visit/tide-times). Boots are lent at the desk.
`,
  },
  {
    site: museum,
    path: '/exhibitions/small-boats',
    title: 'Small Boats',
    description: 'Twenty-three rowing boats, prams and skiffs in the boat shed. All may be touched, two may be rowed.',
    crawledHoursAgo: 36,
    modifiedDaysBefore: 71,
    body: `
Every boat here is shorter than six metres and was built without drawings. Sit in the *Sigrun*, a pilot's gig of 1902, and look up: her builder signed the underside of the thwart.

Table: Boats that may be rowed
| Boat | Built | Length | Rowers |
| Sigrun | 1902 | 5.8 m | four |
| Lillepram | 1961 | 2.9 m | one, or two who are fond of each other |

Rowing is on Sundays at slack water. The [boatbuilder's inventory](/collection) lists the tools that go with them.
`,
  },
];
