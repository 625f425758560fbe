// shop.tidewater-museum.example: goods, with the structured content that an extraction strategy took from each page.
import type { SamplePage } from '../page.js';
import type { SampleResult } from '../sample-result.js';
import { shop } from './sites.js';

/** What the shop's extraction schema yields, as the JSON text that Crawl4AI stores. */
function extracted(product: { name: string; sku: string; price: string; in_stock: boolean }): Partial<SampleResult> {
  return { extracted_content: JSON.stringify([product], null, 4), session_id: 'shop-price-watch' };
}

const lensPlate: SamplePage = {
  site: shop,
  path: '/prints/lens-plate-no-4',
  title: 'Print: Lens plate no. 4',
  description: 'The Oskala lens in section, after the maker’s drawing of 1883. 50 × 70 cm.',
  image: '/goods/lens-plate-4.jpg',
  crawledHoursAgo: 26,
  modifiedDaysBefore: 4,
  crawl: extracted({ name: 'Lens plate no. 4', sku: 'PR-004', price: '€32.00', in_stock: true }),
  body: `
![The print, black lines on cream paper, leaning against a wall|900](/goods/lens-plate-4.jpg "50 × 70 cm, unframed.")

The maker's drawing of [the lens](https://www.tidewater-museum.example/collection/first-order-fresnel-lens), printed from a new plate on 300 g cotton paper in Oskala.

Table: Details
| Property | Value |
| Price | €32.00 |
| Size | 50 × 70 cm |
| Number | PR-004 |
| In stock | 17 |
`,
};

/** The shop's pages. */
export const shopPages: readonly SamplePage[] = [
  {
    site: shop,
    path: '/',
    title: 'Tidewater Museum Shop',
    description: 'Prints, books, tide calendars and one loud mug.',
    crawledHoursAgo: 25,
    modifiedDaysBefore: 0,
    crawl: { session_id: 'shop-price-watch' },
    body: `
- [Lens plate no. 4](/prints/lens-plate-no-4), €32.00
- [Keepers of the Light](/books/keepers-of-the-light), €28.50
- [Tide calendar, A3](/tide-calendar?size=a3), €14.00
- [Fog signal mug](/mugs/fog-signal), €11.00

Sent from Oskala on weekdays; see [delivery](/delivery).
`,
  },
  lensPlate,
  { ...lensPlate, askedAs: 'https://shop.tidewater-museum.example/products/4', crawledHoursAgo: 302, crawl: {} },
  {
    site: shop,
    path: '/books/keepers-of-the-light',
    title: 'Book: Keepers of the Light',
    description: 'The exhibition’s catalogue: 214 pages, 96 pictures, six families.',
    image: '/goods/keepers-book.jpg',
    crawledHoursAgo: 26,
    modifiedDaysBefore: 4,
    crawl: extracted({ name: 'Keepers of the Light', sku: 'BK-011', price: '€28.50', in_stock: true }),
    body: `
![The book, dark blue cloth with a small gold lamp|900](/goods/keepers-book.jpg "Cloth, 214 pages.")

Edited by Ines Halloran. With all sixty-two [letters of Maren Oskala](https://www.tidewater-museum.example/collection/letters-of-maren-oskala) in transcription, and a chapter on the nine missing nights.

**€28.50** · Number BK-011 · In stock
`,
  },
  {
    site: shop,
    path: '/tide-calendar?size=a3',
    title: 'Tide calendar, A3',
    description: 'A year of high water at Harbour Steps as one long curve, drawn by the machine.',
    crawledHoursAgo: 27,
    modifiedDaysBefore: 1,
    crawl: extracted({ name: 'Tide calendar', sku: 'CA-2027-A3', price: '€14.00', in_stock: true }),
    body: `
Twelve sheets, one for each month, each with the curve as [the machine](https://www.tidewater-museum.example/collection/tide-predicting-machine) draws it. Good enough for planning a picnic, **not for navigation**.

Table: Sizes
| Size | Price | Number |
| A3 | €14.00 | CA-2027-A3 |
| A2 | €19.00 | CA-2027-A2 |
`,
  },
  {
    site: shop,
    path: '/mugs/fog-signal',
    title: 'Fog signal mug',
    description: 'Two red bands, two short handles. Holds 0.4 litres of bad weather.',
    crawledHoursAgo: 27,
    modifiedDaysBefore: 11,
    crawl: extracted({ name: 'Fog signal mug', sku: 'MG-002', price: '€11.00', in_stock: false }),
    body: `
![A white mug with two red bands and, oddly, two handles|700](/goods/mug.jpg "Dishwasher proof, gale proof.")

Made in Vik. The second handle is for the second blast.

**€11.00** · Number MG-002 · *Sold out until the next firing*
`,
  },
  {
    site: shop,
    path: '/delivery',
    title: 'Delivery and returns',
    description: 'What sending costs, how long it takes, and how to send things back.',
    crawledHoursAgo: 330,
    modifiedDaysBefore: 180,
    body: `
Table: Delivery
| To | Price | Days |
| Oskala and Vik | free, by bicycle or ferry | 1 |
| Europe | €6.90 | 3 to 6 |
| Elsewhere | €14.50 | 7 to 20 |

Send back what you do not like within 30 days, in the box it came in. Prints travel in tubes; please keep the tube.
`,
  },
];
