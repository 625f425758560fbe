// journal.tidewater-museum.example: what the museum's people write about their work.
import type { SamplePage } from '../page.js';
import { journal } from './sites.js';

/** The journal's pages. */
export const journalPages: readonly SamplePage[] = [
  {
    site: journal,
    path: '/',
    title: 'The Tidewater Journal',
    description: 'Notes from the lamp room, the workshop and the mud.',
    crawledHoursAgo: 14,
    modifiedDaysBefore: 2,
    body: `
- [The fog signal is back](/the-fog-signal-is-back), by Dag Aune
- [What you wrote this summer](/what-you-wrote-this-summer), by Ines Halloran
- [Why high water is never on time](/why-high-water-is-never-on-time), by Aiko Morland
- [Restoring the fourth prism](/restoring-the-fourth-prism), by Tomasz Reke
- [A night in the lamp room](/a-night-in-the-lamp-room), by Dag Aune
- [Counting eiders](/counting-eiders), by Ines Halloran
- [The keepers' rye bread](/the-keepers-rye-bread), by Signe Aune
`,
  },
  {
    site: journal,
    path: '/the-fog-signal-is-back',
    title: 'The fog signal is back',
    description: 'After sixty years the horn sounds again, on Sundays, at noon, twice.',
    author: 'Dag Aune',
    image: '/images/compressor.jpg',
    crawledHoursAgo: 15,
    modifiedDaysBefore: 2,
    body: `
It needed a new compressor, a great deal of leather, and a letter from the harbour master. Last Sunday at noon [the horn](https://www.tidewater-museum.example/collection/fog-signal) spoke again, and my mother, who is 91, put down her cup and said: *late*.

![A green compressor on a pallet in front of the horn house|1200](/images/compressor.jpg "The compressor came from a shipyard that no longer needed it.")

![The first two blasts, filmed from the ferry](/images/first-blast.webm "Film: the first two blasts, from the ferry. Mind your ears.")

We checked the pressure against the [maker's table](https://www.tidewater-museum.example/collection), not against memory. Memory says it was louder.
`,
  },
  {
    site: journal,
    path: '/what-you-wrote-this-summer',
    title: 'What you wrote this summer',
    description: 'The visitor’s book from June to August, unedited, drawings described.',
    author: 'Ines Halloran',
    crawledHoursAgo: 39,
    modifiedDaysBefore: 22,
    body: `
We read every page. Some of you write long letters, some of you draw, and some of you do this:

> 🌊🌊🌊⛵️🌊 (Noor, 6)

> The lens 😍 the stairs 😩 the lens again 😍😍 (M. & J.)

> 灯台がとても美しかったです。また来ます。 (Haruka)

> Meine Oma hat hier 1958 auf die Fähre gewartet. Sie hat geweint, aber schön. (Jule)

> שמענו את הצופר מהסירה. הילדים ביקשו עוד פעם. (משפחת לוי)

> 👨‍👩‍👧‍👦 + 🐕 = 🎟️×4 (the dog was free 👍🏽)

The drawing of the keeper with a thrush on her head hangs in [the exhibition](https://www.tidewater-museum.example/exhibitions/keepers-of-the-light) now. If it is yours, please write to us: you left no name.
`,
  },
  {
    site: journal,
    path: '/why-high-water-is-never-on-time',
    title: 'Why high water is never on time',
    description: 'A tide table is a forecast of the moon, not of the sea. On wind, pressure and a shallow bay.',
    keywords: 'tides, surge, prediction',
    author: 'Aiko Morland',
    crawledHoursAgo: 88,
    modifiedDaysBefore: 35,
    body: `
Somebody asks at the desk about once a day: the table says 06:23, the water says 06:05, who is lying? Nobody. The table knows about the moon. It does not know about Thursday.

## Three things the table cannot know

1. **Pressure.** One hectopascal less of air lets the sea rise by one centimetre. A deep low is worth forty of them.
2. **Wind.** South-westerly wind pushes water into our bay faster than it can leave.
3. **The bay itself.** It is so shallow that the crest of the tide runs faster than its trough. That is the small wheel M4 on [the machine](https://www.tidewater-museum.example/collection/tide-predicting-machine).

What we can do is to measure. The gauge reports every six minutes, and the difference from the table is public:

\`\`\`sh
curl 'https://docs.lampwright.example/api/v1/residual?station=harbour-steps'
# {"station":"harbour-steps","residual_m":0.27,"at":"06:06"}
\`\`\`

The fields are explained in [the HTTP API](https://docs.lampwright.example/http-api). Twenty-seven centimetres, that morning. The car park was [closed](https://www.tidewater-museum.example/visit/tide-times) twenty minutes early and nobody's shoes got wet.
`,
  },
  {
    site: journal,
    path: '/restoring-the-fourth-prism',
    title: 'Restoring the fourth prism',
    description: 'Eleven weeks, one piece of glass: how the missing prism of the Oskala lens was replaced.',
    keywords: 'conservation, glass, Fresnel lens',
    author: 'Tomasz Reke',
    image: '/images/prism-before.jpg',
    crawledHoursAgo: 134,
    modifiedDaysBefore: 120,
    body: `
The fourth prism of the fourth ring broke in January 1911, was patched with pitch, and stayed so for a hundred years. [The lens](https://www.tidewater-museum.example/collection/first-order-fresnel-lens) had a dark stripe that fishermen steered by.

![The broken prism held together with black pitch|1000](/images/prism-before.jpg "Before: pitch, linen and good intentions.")

![The new prism in its brass frame, faintly greener than its neighbours|1000](/images/prism-after.jpg "After: a shade greener than its neighbours, on purpose.")

## How it went

1. Six weeks to find glass with a refractive index of 1.52 that was not too clear
2. Three weeks of grinding, a tenth of a millimetre at a time
3. Two weeks of waiting for a calm day to carry it up 41 steps

We left it slightly greener than the others. Whoever comes after us should be able to see what we did.
`,
  },
  {
    site: journal,
    path: '/a-night-in-the-lamp-room',
    title: 'A night in the lamp room',
    description:
      'Four-hour watches, a clockwork and a thermos: keeping the light for one night as it was done in 1925.',
    author: 'Dag Aune',
    crawledHoursAgo: 206,
    modifiedDaysBefore: 260,
    body: `
**20:00** Wound the clockwork: 96 turns. My grandfather did it in one breath.

**23:40** A moth. I have let it stay; Maren Oskala [let hers stay too](https://www.tidewater-museum.example/collection/letters-of-maren-oskala).

**02:10** The lens makes a sound like a fingernail on a plate when it passes north. It is not in any manual.

**04:00** Wound again. Rain. The beam has sides now, like a room that goes round.

**06:55** Sunrise. Drew the curtains, since the lens would set the hill on fire. This is not a joke; see the log of 7 May 1889.
`,
  },
  {
    site: journal,
    path: '/counting-eiders',
    title: 'Counting eiders',
    description: 'The museum has counted eiders from the gallery every November since 1994. The last four years.',
    crawledHoursAgo: 280,
    modifiedDaysBefore: 9,
    body: `
We count on the second Sunday of November, from the gallery, for one hour, whatever the weather. It is not science. It is a habit with numbers.

Table: Eiders from the gallery
| Year | Eiders | Weather | Counters |
| 2022 | 412 | fog, then none | 5 |
| 2023 | 388 | westerly 8 | 3 |
| 2024 | 455 | clear, calm | 9 |
| 2025 | 471 | drizzle | 6 |

The fog of 2022 is why [the horn](/the-fog-signal-is-back) was on our minds in the first place.
`,
  },
  {
    site: journal,
    path: '/the-keepers-rye-bread',
    title: 'The keepers’ rye bread',
    description: 'Baked on Fridays in the pilot station’s oven from 1970 to 1987. The recipe, for one tin.',
    author: 'Signe Aune',
    crawledHoursAgo: 376,
    modifiedDaysBefore: 500,
    body: `
You need a night for the sourdough and a watch for the baking. I used to set it when the lamp was lit.

- 500 g coarse rye flour, 100 g of it for the sourdough
- 420 ml water, warm as a hand
- 60 g cracked rye, soaked
- 12 g salt, a spoon of syrup

1. Evening: stir 100 g flour and 100 ml water into an old spoonful of sourdough
2. Morning: add everything; it should be as stiff as wet sand
3. Three hours in the tin, then **80 minutes at 180 °C**
4. Do not cut it until the next day. Nobody keeps to this.
`,
  },
];
