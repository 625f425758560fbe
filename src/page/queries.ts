// The questions that the page asks the API, and what it takes of the answers.

/** A moment as the API writes it. */
type Moment = string;

/** A result's head: everything that needs no large text. */
export interface Head {
  readonly url: string;
  readonly title: string | null;
  readonly domain: string | null;
  readonly success: boolean;
  readonly statusCode: number | null;
  readonly errorMessage: string | null;
  readonly createdAt: Moment | null;
  readonly updatedAt: Moment | null;
  readonly expiresAt: Moment | null;
  readonly validatedAt: Moment | null;
  readonly redirectedUrl: string | null;
  readonly redirectedStatusCode: number | null;
  readonly sessionId: string | null;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly cache: { readonly source: string; readonly status: string; readonly age: number };
}

/** A failed crawl after the result. */
export interface LaterFailure {
  readonly createdAt: Moment;
  readonly statusCode: number | null;
  readonly errorMessage: string | null;
}

const head = `url title domain success statusCode errorMessage createdAt updatedAt expiresAt validatedAt redirectedUrl
  redirectedStatusCode sessionId etag lastModified cache { source status age }`;

/** One URL: its last success with what failed since, or else its failure. */
export const resultQuery = `query Result($url: String!) {
  success: crawlResult(url: $url, outcome: SUCCESS) { ${head} laterFailure { createdAt statusCode errorMessage } }
  newest: crawlResult(url: $url) { ${head} }
}`;
export interface ResultData {
  readonly success: (Head & { readonly laterFailure: LaterFailure | null }) | null;
  readonly newest: Head | null;
}

/** Which of some URLs are stored. */
export const storedQuery = 'query Stored($urls: [String!]!) { crawlResults(urls: $urls) { url } }';
export interface StoredData {
  readonly crawlResults: readonly ({ readonly url: string } | null)[];
}

/** A page of the newest results. */
export const listQuery = `query Newest($filter: CrawlFeedFilter, $first: Int!, $after: String) {
  crawlFeed(filter: $filter, first: $first, after: $after) {
    edges { node { url title success statusCode errorMessage createdAt } }
    pageInfo { hasNextPage endCursor }
  }
}`;
export type Listed = Pick<Head, 'url' | 'title' | 'success' | 'statusCode' | 'errorMessage' | 'createdAt'>;
export interface ListData {
  readonly crawlFeed: {
    readonly edges: readonly { readonly node: Listed }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** Stored URLs and hosts, without reading a single result. */
export const namesQuery = `query Names($filter: CrawlFeedFilter, $first: Int!) {
  crawlFeed(filter: $filter, first: $first) { edges { node { url domain } } }
}`;
export interface NamesData {
  readonly crawlFeed: {
    readonly edges: readonly { readonly node: { readonly url: string; readonly domain: string | null } }[];
  };
}

/** Whether the store can be read right now, and what stands before it. */
export const healthQuery = `{ health { status responseTimeMs error circuit
  store { kind table region layout reachable itemCount } memory { entries bytes maxBytes } } }`;
export interface HealthData {
  readonly health: {
    readonly status: 'HEALTHY' | 'DEGRADED' | 'UNHEALTHY';
    readonly responseTimeMs: number;
    readonly error: string | null;
    readonly circuit: 'CLOSED' | 'HALF_OPEN' | 'OPEN';
    readonly store: {
      readonly kind: string;
      readonly table: string | null;
      readonly region: string | null;
      readonly layout: string | null;
      readonly reachable: boolean;
      readonly itemCount: number | null;
    };
    readonly memory: { readonly entries: number; readonly bytes: number; readonly maxBytes: number };
  };
}

/** The Markdown that is rendered. */
export const markdownSelection = 'markdown { rawMarkdown }';
export interface MarkdownPart {
  readonly markdown: { readonly rawMarkdown: string | null } | null;
}

/** The HTML that is previewed. */
export const previewSelection = 'html';
export interface PreviewPart {
  readonly html: string | null;
}

/** The links of a result. */
export const linksSelection =
  'links { internal { href text title baseDomain } external { href text title baseDomain } }';
export interface Link {
  readonly href: string | null;
  readonly text: string | null;
  readonly title: string | null;
  readonly baseDomain: string | null;
}
export interface LinksPart {
  readonly links: { readonly internal: readonly Link[]; readonly external: readonly Link[] } | null;
}

const mediaItem = '{ src alt desc type format width score }';
/** The media of a result. */
export const mediaSelection = `media { images ${mediaItem} videos ${mediaItem} audios ${mediaItem} }`;
export interface MediaItem {
  readonly src: string | null;
  readonly alt: string | null;
  readonly desc: string | null;
  readonly type: string | null;
  readonly format: string | null;
  readonly width: number | null;
  readonly score: number | null;
}
export interface MediaPart {
  readonly media: Readonly<Record<'images' | 'videos' | 'audios', readonly MediaItem[]>> | null;
}

/** The earlier results of a URL, newest first. */
export const versionsSelection = `versions(first: 100) {
  edges { node { createdAt success statusCode title } } pageInfo { hasNextPage } }`;
export type Version = Pick<Head, 'createdAt' | 'success' | 'statusCode' | 'title'>;
export interface VersionsPart {
  readonly versions: {
    readonly edges: readonly { readonly node: Version }[];
    readonly pageInfo: { readonly hasNextPage: boolean };
  };
}

/** How large it is, in bytes of all of its fields' text. Not in the head: memory that holds a head must be enough for it. */
export const sizeSelection = 'sizeBytes';
export interface SizePart {
  readonly sizeBytes: number;
}

/** What is kept of a result besides its head, its texts by their selections: for telling what is empty before it is opened. */
export function keptQuery(texts: readonly string[]): string {
  return `query Kept($url: String!, $outcome: Outcome!) {
  crawlResult(url: $url, outcome: $outcome) {
    ${texts.join(' ')}
    links { internal { href } external { href } }
    media { images { src } videos { src } audios { src } }
    versions(first: 1) { edges { node { createdAt } } } } }`;
}
export interface KeptData {
  readonly crawlResult: Readonly<Record<string, unknown>> | null;
}

/** A part of one URL's result: of the last success, or of the newest crawl where none succeeded. */
export function partQuery(selection: string): string {
  return `query Part($url: String!, $outcome: Outcome!) {
  crawlResult(url: $url, outcome: $outcome) { createdAt cache { source status age } ${selection} } }`;
}
export interface PartData<Part> {
  readonly crawlResult: (Part & Pick<Head, 'createdAt' | 'cache'>) | null;
}

/** The same part of the earlier result of a certain moment. */
export function versionPartQuery(selection: string): string {
  return `query VersionPart($url: String!, $outcome: Outcome!, $at: DateTime!) {
  crawlResult(url: $url, outcome: $outcome) {
    versions(first: 1, closest: $at) { edges { node { createdAt ${selection} } } } } }`;
}
export interface VersionPartData {
  readonly crawlResult: { readonly versions: { readonly edges: readonly { readonly node: object }[] } } | null;
}
