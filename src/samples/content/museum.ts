// www.tidewater-museum.example: the museum's front door, visits and history.
import type { SamplePage } from '../page.js';
import { museum } from './sites.js';

const nightRun = { session_id: 'museum-night-run' } as const;

const home: SamplePage = {
  site: museum,
  path: '/',
  title: 'Tidewater Museum',
  description: 'A museum of tides, lights and small boats in the old pilot station at Oskala.',
  keywords: 'museum, lighthouse, tides, Oskala',
  image: '/media/pilot-station-dusk.jpg',
  crawledHoursAgo: 9,
  modifiedDaysBefore: 1,
  crawl: nightRun,
  body: `
The old pilot station at Oskala has watched the harbour mouth since 1868. Today it holds four floors of tide gauges, lamps, charts and boats, and a [lamp room](/collection/first-order-fresnel-lens) you can stand inside.

![The pilot station at dusk, its lamp just lit|1600](/media/pilot-station-dusk.jpg "The lamp is lit every evening from October to March.")

## Now showing

- [Keepers of the Light](/exhibitions/keepers-of-the-light): six families, one lamp, 119 years
- [The Drowned Road](/exhibitions/the-drowned-road): walking a causeway that is only there for four hours a day
- [Small Boats](/exhibitions/small-boats): made by hand, and meant to be touched

## Today

Check the [tide times](/visit/tide-times) before you set out: at spring tides the lower car park is under water for an hour either side of high water.

> I came for the lens and stayed for the letters. (Visitor's book, August)
`,
};

/** The museum's general pages. */
export const museumPages: readonly SamplePage[] = [
  home,
  {
    ...home,
    askedAs: 'http://tidewater-museum.example/',
    crawledHoursAgo: 212,
    modifiedDaysBefore: 3,
    crawl: {},
  },
  {
    site: museum,
    path: '/visit',
    title: 'Visit us',
    description: 'Opening hours, tickets and how to reach the Tidewater Museum by bus, boat and on foot.',
    keywords: 'opening hours, tickets, directions',
    crawledHoursAgo: 9,
    modifiedDaysBefore: 12,
    crawl: nightRun,
    body: `
We are open **Tuesday to Sunday, 10:00 to 17:00**, and until 21:00 on the first Thursday of the month, when the lamp is shown from inside.

Table: Tickets
| Ticket | Price | Includes |
| Adult | €9.50 | All floors and the lamp room |
| Under 18 | free | All floors; the lamp room from the age of eight |
| Oskala resident | €4.00 | All floors and the lamp room |
| Season | €28.00 | As often as you like, and [the journal](https://journal.tidewater-museum.example/) by post |

## Getting here

1. Bus 14 from the railway station to *Harbour Steps*, every 20 minutes
2. The foot ferry from Vik, except in easterly winds above 12 m/s
3. On foot along the breakwater, 25 minutes from the old town

The lower car park floods at spring tides. Look at the [tide times](/visit/tide-times) first. Step-free routes are described under [access](/visit/access); classes and groups have [a page of their own](/visit/groups-and-schools).
`,
  },
  {
    site: museum,
    path: '/visit/tide-times',
    title: 'Tide times at Harbour Steps',
    description:
      'High and low water for the week at the museum gauge, with the hours at which the lower car park floods.',
    keywords: 'tides, high water, low water, Oskala',
    crawledHoursAgo: 53,
    modifiedDaysBefore: 0,
    body: `
Heights are in metres above chart datum, computed from 37 constituents by [Lampwright](https://docs.lampwright.example/) and corrected by last month's gauge readings. The gauge itself is in [the collection](/collection/tide-predicting-machine).

Table: High and low water this week
| Day | High | Height | Low | Height | Lower car park |
| Monday | 04:12 | 3.1 | 10:25 | 0.9 | open |
| Tuesday | 04:58 | 3.3 | 11:09 | 0.7 | open |
| Wednesday | 05:41 | 3.6 | 11:52 | 0.5 | closed 05:00 to 06:20 |
| Thursday | 06:23 | 3.8 | 12:34 | 0.3 | closed 05:25 to 07:20 |
| Friday | 07:06 | 3.9 | 13:17 | 0.3 | closed 06:05 to 08:05 |
| Saturday | 07:51 | 3.8 | 14:02 | 0.4 | closed 06:55 to 08:45 |
| Sunday | 08:39 | 3.5 | 14:50 | 0.7 | closed 08:10 to 09:05 |

**Not for navigation.** Wind from the south-west can raise the level by half a metre and bring high water forward by twenty minutes; [why that is](https://journal.tidewater-museum.example/why-high-water-is-never-on-time) is a story of its own.
`,
  },
  {
    site: museum,
    path: '/visit/access',
    title: 'Access',
    description: 'Step-free routes, quiet hours, touch tours and what to expect on each floor.',
    crawledHoursAgo: 10,
    modifiedDaysBefore: 40,
    crawl: nightRun,
    body: `
Three of our four floors are step-free by lift (door 84 cm, cabin 110 by 140 cm). The lamp room is reached by 41 steps only; a live picture from inside is shown on the third floor.

## Quiet hours

Wednesdays from 10:00 to 12:00 the fog signal is off, sounds are low and lights do not flash.

## Touch tours

Every second Saturday at 11:00 you may handle a lens prism, a lead line and the oar of the *Sigrun*. Tours are given in English and in sign language. Please book through [groups and schools](/visit/groups-and-schools) if you are more than six.

- Assistance dogs are welcome everywhere, the lamp room included
- Folding stools hang beside every lift door
- Large-print labels are at the desk
`,
  },
  {
    site: museum,
    path: '/visit/groups-and-schools',
    title: 'Groups and schools',
    description: 'Workshops for classes, and visits for groups of up to thirty.',
    crawledHoursAgo: 10,
    modifiedDaysBefore: 96,
    crawl: nightRun,
    body: `
Classes from Oskala come free of charge; others pay €3 a pupil. Each workshop takes 75 minutes and at most 30 pupils.

Table: Workshops
| Workshop | Age | What happens |
| Build a tide | 6 to 9 | A tank, two moons and a great many towels |
| Knots that hold | 8 to 12 | Six knots, one of them behind your back |
| Predict it yourself | 14 to 18 | Fit three constituents to a week of [gauge data](https://docs.lampwright.example/http-api) |

Bring rubber boots for *Build a tide*. The [tide times](/visit/tide-times) decide when groups can walk the [Drowned Road](/exhibitions/the-drowned-road).
`,
  },
  {
    site: museum,
    path: '/about/history',
    title: 'The house and its history',
    description: 'From pilot station to museum: the building at Harbour Steps since 1868.',
    crawledHoursAgo: 9,
    modifiedDaysBefore: 210,
    crawl: nightRun,
    body: `
The pilots built the house in 1868 with stone from a wrecked breakwater, and put a lamp on it because they were tired of waiting for the state to do so.

1. **1868** The lamp is first shown, on the evening of 14 October
2. **1884** A [first-order lens](/collection/first-order-fresnel-lens) replaces four reflectors
3. **1931** The [tide-predicting machine](/collection/tide-predicting-machine) arrives in eleven crates
4. **1987** The light is switched off; the Aunes keep the key
5. **1994** The museum opens, with one room and a stove

The people who run it today are [introduced here](/about/people).
`,
  },
  {
    site: museum,
    path: '/about/people',
    title: 'People',
    description: 'Who works at the Tidewater Museum, and what to ask them about.',
    crawledHoursAgo: 8,
    modifiedDaysBefore: 15,
    crawl: nightRun,
    body: `
Table: Ask us
| Name | Work | Ask about |
| Ines Halloran | Curator | Logbooks, handwriting, who married whom |
| Tomasz Reke | Conservator | Glass, shellac, [prism four](https://journal.tidewater-museum.example/restoring-the-fourth-prism) |
| Aiko Morland | Tides and instruments | Harmonics, [Lampwright](https://docs.lampwright.example/), the machine |
| Dag Aune | House and lamp | Anything that drips; he grew up upstairs |

We also have 31 volunteers, two of whom kept the light themselves.
`,
  },
];
