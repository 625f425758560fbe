// docs.lampwright.example: the documentation of the tide software, its links scored and its linked heads fetched.
import type { SamplePage } from '../page.js';
import { docs } from './sites.js';

/** The documentation's pages. */
export const docsPages: readonly SamplePage[] = [
  {
    site: docs,
    path: '/',
    title: 'Lampwright',
    description: 'Lampwright reads a tide gauge, predicts the tide and serves both over HTTP.',
    keywords: 'tides, harmonic analysis, open source',
    crawledHoursAgo: 100,
    modifiedDaysBefore: 13,
    body: `
Lampwright turns a tide gauge and a list of constituents into three things: a prediction, a measurement, and the difference between them.

1. [Install it](/install) on anything that runs Linux and has a serial port
2. [Configure](/configuration) your station
3. Ask the [HTTP API](/http-api)

It was written for the gauge at [Harbour Steps](https://www.tidewater-museum.example/visit/tide-times) and runs at eleven stations today.
`,
  },
  {
    site: docs,
    path: '/install',
    title: 'Install',
    description: 'Packages for Debian and Alpine, a container image, and building from source.',
    crawledHoursAgo: 101,
    modifiedDaysBefore: 13,
    body: `
## Debian

\`\`\`sh
sudo apt install ./lampwright_2.4.1_amd64.deb
sudo systemctl enable --now lampwright
\`\`\`

## Container

\`\`\`sh
docker run --device /dev/ttyUSB0 -p 8730:8730 \\
  -v /etc/lampwright:/etc/lampwright:ro \\
  registry.lampwright.example/lampwright:2.4
\`\`\`

## From source

You need Go 1.22 or later and nothing else.

\`\`\`sh
git clone https://git.lampwright.example/lampwright.git

cd lampwright && make install PREFIX=/usr/local
\`\`\`

Then go on with [the configuration](/configuration).
`,
  },
  {
    site: docs,
    path: '/configuration',
    title: 'Configuration',
    description: 'Every setting of lampwright.toml with its default.',
    crawledHoursAgo: 102,
    modifiedDaysBefore: 13,
    body: `
Settings are read once at start from \`/etc/lampwright/lampwright.toml\`. Unknown names are errors.

\`\`\`toml
[station]
name = "harbour-steps"
datum = "chart"          # chart | mean-sea-level

[gauge]
device = "/dev/ttyUSB0"
interval = "6m"

[prediction]
constituents = "/etc/lampwright/harbour-steps.csv"
\`\`\`

Table: Settings
| Name | Default | Meaning |
| \`station.name\` | none | Lower case, digits and hyphens; part of every URL |
| \`station.datum\` | \`chart\` | What heights are measured from |
| \`gauge.device\` | none | A serial device, or \`http://…\` of another Lampwright |
| \`gauge.interval\` | \`6m\` | Between one minute and one hour |
| \`gauge.reject_jump\` | \`0.5\` | Metres between two readings that make the second doubtful |
| \`prediction.constituents\` | none | See [harmonics](/harmonics) |
| \`http.listen\` | \`127.0.0.1:8730\` | Where the [API](/http-api) listens |
`,
  },
  {
    site: docs,
    path: '/http-api',
    title: 'HTTP API',
    description: 'Levels, predictions and residuals as JSON, one endpoint each.',
    keywords: 'API, JSON, tides',
    crawledHoursAgo: 103,
    modifiedDaysBefore: 13,
    body: `
All endpoints answer GET, speak JSON, and take \`station\`. Times are RFC 3339 in UTC.

Table: Endpoints
| Path | Answers | Cached for |
| \`/api/v1/level\` | The last reading | 60 s |
| \`/api/v1/prediction\` | Predicted levels between \`from\` and \`to\`, at most 31 days | 1 day |
| \`/api/v1/extremes\` | High and low waters between \`from\` and \`to\` | 1 day |
| \`/api/v1/residual\` | The last reading minus the prediction | 60 s |

\`\`\`json
{
  "station": "harbour-steps",
  "level_m": 3.41,
  "predicted_m": 3.14,
  "residual_m": 0.27
}
\`\`\`

Errors are problem documents ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457 "Problem Details for HTTP APIs")). Try requests in the [playground](/playground).
`,
  },
  {
    site: docs,
    path: '/harmonics',
    title: 'Harmonics',
    description: 'How Lampwright predicts: constituents, nodal corrections and how many you need.',
    author: 'Aiko Morland',
    crawledHoursAgo: 127,
    modifiedDaysBefore: 48,
    body: `
A prediction is a sum of cosines. Each constituent has a speed that astronomy fixes and an amplitude and phase that your harbour fixes.

\`\`\`text
h(t) = Z0 + Σ f(t) · A · cos(V + u(t) + speed · t − g)
\`\`\`

Fit the amplitudes with a year of readings; a month will do for the [largest five](https://www.tidewater-museum.example/collection/tide-predicting-machine). More constituents than your data can separate make the prediction *worse*, which [the changelog](/changelog) of 2.1 tells from experience.

- Up to 15 days of data: M2, S2, O1, K1 and nothing else
- A month: 9 constituents
- A year: 37
- 19 years: as many as you dare
`,
  },
  {
    site: docs,
    path: '/changelog',
    title: 'Changelog',
    description: 'What changed in each release of Lampwright.',
    crawledHoursAgo: 30,
    modifiedDaysBefore: 1,
    body: `
## 2.4.1

- A gauge that sends the same reading for an hour is reported as stuck, no longer as a remarkable calm
- \`/api/v1/extremes\` finds both high waters on days that have three

## 2.4.0

- Readings can come from another Lampwright ([configuration](/configuration))
- Go 1.22

## 2.1.0

- 114 constituents by default. Withdrawn in 2.1.1: with one year of data they described our noise in beautiful detail
`,
  },
  {
    site: docs,
    path: '/playground',
    title: 'Playground',
    description: 'Send requests to the public station at Harbour Steps from your browser.',
    crawledHoursAgo: 104,
    modifiedDaysBefore: 48,
    crawl: {
      js_execution_result: {
        success: true,
        results: [{ success: true, result: { station: 'harbour-steps', residual_m: 0.27 } }],
      },
      network_requests: [
        {
          event_type: 'request',
          url: 'https://docs.lampwright.example/api/v1/residual?station=harbour-steps',
          method: 'GET',
          resource_type: 'fetch',
          is_navigation_request: false,
        },
        {
          event_type: 'response',
          url: 'https://docs.lampwright.example/api/v1/residual?station=harbour-steps',
          status: 200,
          status_text: 'OK',
          from_service_worker: false,
        },
        {
          event_type: 'request_failed',
          url: 'https://docs.lampwright.example/assets/confetti.js',
          method: 'GET',
          resource_type: 'script',
          failure_text: 'net::ERR_ABORTED',
        },
      ],
      console_messages: [
        { type: 'log', text: 'playground ready', location: 'https://docs.lampwright.example/assets/site.js:1:204' },
        {
          type: 'error',
          text: 'Failed to load resource: net::ERR_ABORTED',
          location: 'https://docs.lampwright.example/assets/confetti.js',
        },
      ],
    },
    body: `
Choose an endpoint, press *Send*, and read the answer below. Requests go to the station at [Harbour Steps](https://www.tidewater-museum.example/visit/tide-times) and are limited to thirty a minute.

The endpoints are described under [HTTP API](/http-api).
`,
  },
  {
    site: docs,
    path: '/downloads',
    title: 'Downloads',
    description: 'Releases of Lampwright and constituents of public stations.',
    crawledHoursAgo: 428,
    modifiedDaysBefore: 60,
    crawl: {
      downloaded_files: [
        '/home/crawler/.crawl4ai/downloads/lampwright-2.4.0.tar.gz',
        '/home/crawler/.crawl4ai/downloads/harbour-steps.csv',
      ],
    },
    body: `
Table: Files
| File | Size | SHA-256 begins |
| [lampwright-2.4.0.tar.gz](/files/lampwright-2.4.0.tar.gz) | 1.9 MB | \`5f0c2a91\` |
| [harbour-steps.csv](/files/harbour-steps.csv) | 3 KB | \`b7711e04\` |

How to install them is described [here](/install).
`,
  },
];
