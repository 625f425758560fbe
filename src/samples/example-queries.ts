// The operations that GraphiQL opens with: what the gateway is for, said over the sample results.

/** An operation over the samples, with the sentence that names it. */
export interface ExampleQuery {
  readonly title: string;
  /** One operation, named, with comments for whoever reads it in an editor. */
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** One operation per tab, in the order in which they are best read. Without variables, so that a copy runs anywhere. */
export const exampleQueries: readonly ExampleQuery[] = [
  {
    title: 'One page: its newest crawl, as text and as facts.',
    query: `# The key is the URL exactly as it was crawled; nothing is normalised.
# Take fields out and look at "cache": the second run is answered from memory.
query OnePage {
  crawlResult(url: "https://www.tidewater-museum.example/collection/first-order-fresnel-lens") {
    title
    statusCode
    createdAt
    etag
    sizeBytes
    markdown {
      fitMarkdown
    }
    links {
      internal {
        text
        href
      }
    }
    tables
    cache {
      source
      status
      age
    }
  }
}`,
  },
  {
    title: 'Many pages at once: one entry for each URL, in the order asked.',
    query: `# One read of the store for up to 100 URLs. The fourth URL was never crawled: null, and no error.
query ManyPages {
  crawlResults(
    urls: [
      "https://www.tidewater-museum.example/ja/来館案内"
      "https://shop.tidewater-museum.example/tide-calendar?size=a3"
      "https://www.tidewater-museum.example/exhibitions/winter-lights"
      "https://www.tidewater-museum.example/never-crawled"
      "file:///srv/intake/lamp-room-inventory.html"
    ]
  ) {
    url
    title
    success
    statusCode
    errorMessage
  }
}`,
  },
  {
    title: 'A dashboard: the newest crawls, heads only.',
    query: `# No large field is asked for, so no HTML leaves the store. For the next page, add: after: <endCursor>.
query NewestCrawls {
  crawlFeed(first: 15) {
    edges {
      node {
        createdAt
        success
        statusCode
        url
        title
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}`,
  },
  {
    title: 'One host: its crawls, and among all hosts those that failed.',
    query: `# match: EXACT is one page, PREFIX what lies under a path, HOST one host, DOMAIN a domain with its subdomains.
query OneHost {
  journal: crawlFeed(filter: { url: "https://journal.tidewater-museum.example/", match: HOST }) {
    edges {
      node {
        createdAt
        title
        url
      }
    }
  }
  failed: crawlFeed(filter: { url: "https://tidewater-museum.example/", match: DOMAIN, success: false }) {
    edges {
      node {
        createdAt
        statusCode
        errorMessage
        url
      }
    }
  }
}`,
  },
  {
    title: 'A failure never hides the last success.',
    query: `# This page was crawled with success two days ago and has failed since. With outcome ANY (the default) the newer
# failure is the answer; with SUCCESS the last good result is, and laterFailure tells what came after it.
query LastGoodResult {
  newest: crawlResult(url: "https://www.tidewater-museum.example/visit/tide-times") {
    createdAt
    success
    statusCode
    errorMessage
  }
  lastGood: crawlResult(url: "https://www.tidewater-museum.example/visit/tide-times", outcome: SUCCESS) {
    createdAt
    success
    tables
    laterFailure {
      createdAt
      statusCode
      errorMessage
    }
  }
}`,
  },
  {
    title: 'The gateway itself: health, counts, and what memory alone can answer.',
    query: `# onlyIfCached never asks the store: before the tab "OnePage" was run this answers null with NOT_IN_MEMORY.
query Gateway {
  health {
    status
    responseTimeMs
    circuit
    store {
      kind
      table
      layout
      reachable
    }
    memory {
      entries
      bytes
      maxBytes
    }
  }
  stats {
    lookups
    memoryHits
    hitRate
    storeCalls
    storeKeys
    consumedReadUnits
  }
  fromMemory: crawlResult(
    url: "https://www.tidewater-museum.example/collection/first-order-fresnel-lens"
    onlyIfCached: true
  ) {
    title
    cache {
      source
      age
    }
  }
}`,
  },
];
