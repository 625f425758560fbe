// www.tidewater-museum.example/collection: single objects, and the whole catalogue on one very long page.
import type { SamplePage } from '../page.js';
import { catalogueTable } from './catalogue-table.js';
import { museum } from './sites.js';

/** The museum's collection pages. */
export const collectionPages: readonly SamplePage[] = [
  {
    site: museum,
    path: '/collection',
    title: 'The collection',
    description: 'Lamps, gauges, charts, letters and boats: 3,200 objects, all of them in the open catalogue.',
    crawledHoursAgo: 60,
    modifiedDaysBefore: 9,
    body: `
About one object in nine is on show. The rest is in the store at Vik, dry, dark and at eleven degrees, and can be seen by appointment.

## Start here

- [First-order Fresnel lens](/collection/first-order-fresnel-lens)
- [Tide-predicting machine](/collection/tide-predicting-machine)
- [Letters of Maren Oskala](/collection/letters-of-maren-oskala)
- [The fog signal](/collection/fog-signal)

Everything is listed in [the complete catalogue](/collection/catalogue) (one long page, good for searching with Ctrl-F).
`,
  },
  {
    site: museum,
    path: '/collection/first-order-fresnel-lens',
    title: 'First-order Fresnel lens',
    description: 'The lens of the Oskala light, 1884: 2.59 metres high, 1,176 prisms, 3.2 tonnes, still turning.',
    keywords: 'Fresnel lens, lighthouse, optics, 1884',
    author: 'Tomasz Reke',
    image: '/media/lens-from-inside.jpg',
    crawledHoursAgo: 82,
    modifiedDaysBefore: 30,
    body: `
The lens came from Paris in 1884 in forty crates, three of which went over the side at the quay and were fetched up by a diver from Vik. It floats on 140 litres of mercury and turns at the push of a finger.

![Looking out from inside the lens, rings of prisms splitting the evening light|1600](/media/lens-from-inside.jpg "From the keeper's place inside the lens.")

![Drawing of the lens in section with its rings numbered|900](/media/lens-section.png "Section, after the maker's drawing of 1883.")

Table: Measurements
| Property | Value |
| Accession number | TM-1994-0001 |
| Height | 2.59 m |
| Prisms | 1,176, of which 1,175 are original |
| Focal length | 920 mm |
| Mass without pedestal | 3.2 t |
| Character | Fl(2) W 15s |

The one that is not original is in the fourth ring; [its restoration](https://journal.tidewater-museum.example/restoring-the-fourth-prism) took eleven weeks. A plate of the section is sold as [a print](https://shop.tidewater-museum.example/prints/lens-plate-no-4).
`,
  },
  {
    site: museum,
    path: '/collection/tide-predicting-machine',
    title: 'Tide-predicting machine',
    description:
      'Twenty-four brass wheels and one long wire: the machine that computed Oskala’s tides from 1931 to 1968.',
    keywords: 'tide prediction, harmonic analysis, analogue computer',
    author: 'Aiko Morland',
    image: '/media/tide-machine.jpg',
    crawledHoursAgo: 83,
    modifiedDaysBefore: 55,
    body: `
Each wheel stands for one cause of the tide: the moon, the sun, the moon's distance, the shallow bay. A wire runs over all of them and adds them up; its end holds a pen. Turn the crank for four hours and you have drawn a year.

![A brass frame with twenty-four pulleys and a wire threaded through them|1400](/media/tide-machine.jpg "Wheel nine was re-cut in 1938. Nobody wrote down why.")

Table: The largest constituents at Harbour Steps
| Name | Period (h) | Amplitude (m) | Cause |
| M2 | 12.4206 | 1.21 | the moon |
| S2 | 12.0000 | 0.43 | the sun |
| N2 | 12.6583 | 0.24 | the moon's distance |
| K1 | 23.9345 | 0.11 | the moon's and sun's declination |
| M4 | 6.2103 | 0.09 | the shallow bay |

Its successor is a program, [Lampwright](https://docs.lampwright.example/harmonics), which uses 37 constituents and no oil.
`,
  },
  {
    site: museum,
    path: '/collection/letters-of-maren-oskala',
    title: 'Letters of Maren Oskala',
    description: 'Sixty-two letters from the lamp room, 1879 to 1893, transcribed and translated.',
    author: 'Ines Halloran',
    crawledHoursAgo: 130,
    modifiedDaysBefore: 400,
    body: `
Maren Oskala was fourteen when her father began to let her keep the middle watch. She wrote to her brother at sea on the backs of oil receipts, and he kept all of them.

> You ask whether it is dull. It is not dull. It is the same every night, and I am different.

> Tonight a thrush came in by the vent and sat on the warm brass until four. I have entered it in the log as *one visitor*.

The originals are too faint to be shown in light. [The exhibition](/exhibitions/keepers-of-the-light) has copies, read aloud by the keeper's great-granddaughter.

![Letter of 2 November 1886, read by Kari Oskala Berg](/media/letter-1886-11-02.mp3 "Sound: the letter of 2 November 1886, 3 minutes.")
`,
  },
  {
    site: museum,
    path: '/collection/fog-signal',
    title: 'The fog signal',
    description: 'A compressed-air horn of 1923, heard on still days as far as Vik church, eleven kilometres away.',
    crawledHoursAgo: 131,
    modifiedDaysBefore: 18,
    body: `
Two blasts of three seconds in every minute: for forty years that was the sound of bad weather in Oskala. Children born before 1963 still wake when it stops.

![The fog signal, two blasts, recorded from the breakwater](/media/fog-signal.ogg "Sound: recorded from the breakwater, 600 m away.")

![Trumpet of the fog signal pointing out to sea over a railing|1200](/media/fog-horn.jpg "The trumpet was painted red in 1951 after a pilot sat down in it.")

It is [sounded again on Sundays](https://journal.tidewater-museum.example/the-fog-signal-is-back), except in [quiet hours](/visit/access).
`,
  },
  {
    site: museum,
    path: '/collection/catalogue',
    title: 'The complete catalogue',
    description:
      'All 3,200 objects of the Tidewater Museum on one page: number, object, maker or place, year and where it is kept.',
    crawledHoursAgo: 61,
    modifiedDaysBefore: 9,
    // Crawled without a content filter: a table of this size is what such a filter takes for noise.
    contentFilter: false,
    crawl: {
      crawl_stats: { attempts: 1, retries: 0, proxies_used: [], fallback_fetch_used: false, resolved_by: 'direct' },
    },
    body: () => `
Corrections are welcome at the desk. Objects marked *store* can be seen by appointment; begin with [the highlights](/collection) if you have only an afternoon.

${catalogueTable()}
`,
  },
];
