import type { Instant } from '../domain/instant.js';
import type { JsonValue } from '../domain/packed-text.js';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ResultView, ResultView as MarkdownOf } from './result-view.js';
import type { CrawlResult as DomainCrawlResult } from '../domain/crawl-result.js';
import type { Session } from '../domain/session.js';
import type { GatewayContext } from './context.js';
export type Maybe<T> = T extends Promise<infer Value> ? Promise<Value | null> : T | null;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A moment as RFC 3339 text in UTC, with as many fraction digits (up to microseconds) as it has: `2026-05-01T12:30:00.123456Z`. Input may carry any offset, of the years 1685 to 2254. */
  DateTime: { input: Instant; output: Instant; }
  /** Any JSON value: object, list, text, number, true, false or null. */
  JSON: { input: JsonValue; output: JsonValue; }
};

/** Where an answer came from, and how old it is. */
export type CacheInfo = {
  readonly __typename?: 'CacheInfo';
  /** Seconds since it was read from the store. */
  readonly age: Scalars['Float']['output'];
  /** What gave the answer. */
  readonly source: CacheSource;
  /** Whether the answer is as fresh as the gateway is set up to give. */
  readonly status: CacheStatus;
};

/** What gave an answer. */
export type CacheSource =
  /** The DynamoDB table. */
  | 'DYNAMODB'
  /** The gateway's memory. */
  | 'MEMORY'
  /** A SQLite file that is being migrated from. */
  | 'SQLITE';

/** How fresh an answer is. */
export type CacheStatus =
  /** Within the time that memory is trusted without asking. */
  | 'FRESH'
  /** Older than that; answered because the store could not be read. */
  | 'STALE';

/** What became of one result that was to be stored. */
export type CachedCrawlResult = {
  readonly __typename?: 'CachedCrawlResult';
  /** Why it is not. */
  readonly error?: Maybe<StoreError>;
  /** Items written. */
  readonly items?: Maybe<Scalars['Int']['output']>;
  /** Whether it is stored now. */
  readonly stored: Scalars['Boolean']['output'];
  /** Bytes written, after packing. */
  readonly storedBytes?: Maybe<Scalars['Int']['output']>;
  /** The URL as given; empty where a document had none. */
  readonly url: Scalars['String']['output'];
};

/** The state of the circuit before the store. */
export type CircuitState =
  /** Calls go through. */
  | 'CLOSED'
  /** A probe finds out whether the store is back. */
  | 'HALF_OPEN'
  /** Calls fail at once. */
  | 'OPEN';

/** DynamoDB's read consistency. */
export type Consistency =
  /** Memory may answer; a read of the store may miss a write of the last second. Half the cost. */
  | 'EVENTUAL'
  /** The store is read and answers with every write that was acknowledged before. */
  | 'STRONG';

/** A failed crawl that came after the stored success. */
export type CrawlFailure = {
  readonly __typename?: 'CrawlFailure';
  /** When the crawl failed. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Why it failed. */
  readonly errorMessage?: Maybe<Scalars['String']['output']>;
  /** The HTTP status, where there was one. */
  readonly statusCode?: Maybe<Scalars['Int']['output']>;
};

/** What a page of crawlFeed is narrowed to. All that is given must hold. */
export type CrawlFeedFilter = {
  /** Only results crawled after this moment. */
  readonly createdAfter?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only results crawled before this moment. */
  readonly createdBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** What the URL picks. */
  readonly match?: InputMaybe<UrlMatch>;
  /** Only results with this HTTP status. */
  readonly statusCode?: InputMaybe<Scalars['Int']['input']>;
  /** Only crawls that succeeded, or only such that failed. */
  readonly success?: InputMaybe<Scalars['Boolean']['input']>;
  /** A URL, or for HOST and DOMAIN a host name too; see match. */
  readonly url?: InputMaybe<Scalars['String']['input']>;
};

/** One stored crawl of one URL. A field that cannot be read is null with MALFORMED_ITEM at its path; the others are answered. */
export type CrawlResult = {
  readonly __typename?: 'CrawlResult';
  /** Where this answer came from, and how old it is. */
  readonly cache: CacheInfo;
  /** The page without scripts, styles and the like. */
  readonly cleanedHtml?: Maybe<Scalars['String']['output']>;
  /** Console messages that were captured. */
  readonly consoleMessages?: Maybe<Scalars['JSON']['output']>;
  /** The whole result as Crawl4AI's CrawlResult(**value) takes it, snake_case, keys of no other field here included. */
  readonly crawl4ai: Scalars['JSON']['output'];
  /** Crawl4AI's own figures about the crawl: retries, proxies, how it was resolved. */
  readonly crawlStats?: Maybe<Scalars['JSON']['output']>;
  /** When the page was crawled; what decides which result is newer. */
  readonly createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** How the crawler's dispatcher ran this crawl. */
  readonly dispatchResult?: Maybe<Scalars['JSON']['output']>;
  /** The URL's host name; null where it has none, as with file://. */
  readonly domain?: Maybe<Scalars['String']['output']>;
  /** Paths of files that the crawl downloaded. */
  readonly downloadedFiles?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** Why the crawl failed. */
  readonly errorMessage?: Maybe<Scalars['String']['output']>;
  /** The ETag that the origin gave, for revalidation. */
  readonly etag?: Maybe<Scalars['String']['output']>;
  /** When the stored result ceases to be answered; null means never. */
  readonly expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** What the extraction strategy drew from the page; often JSON as text. */
  readonly extractedContent?: Maybe<Scalars['String']['output']>;
  /** The part of the page that the content filter kept. */
  readonly fitHtml?: Maybe<Scalars['String']['output']>;
  /** Crawl4AI's fingerprint of the page's head, for revalidation. */
  readonly headFingerprint?: Maybe<Scalars['String']['output']>;
  /** The page as fetched. */
  readonly html?: Maybe<Scalars['String']['output']>;
  /** What the crawl's JavaScript returned. */
  readonly jsExecutionResult?: Maybe<Scalars['JSON']['output']>;
  /** The Last-Modified that the origin gave, for revalidation. */
  readonly lastModified?: Maybe<Scalars['String']['output']>;
  /** The newest failed crawl of this URL after this result, if there was one. A failure never replaces the last success. */
  readonly laterFailure?: Maybe<CrawlFailure>;
  /** The page's links; null where none were stored. */
  readonly links?: Maybe<Links>;
  /** The page as Markdown. Null where none of the texts asked for is stored. */
  readonly markdown?: Maybe<Markdown>;
  /** The page's images, videos and audios; null where none were stored. */
  readonly media?: Maybe<Media>;
  /** The page's metadata: title, description, Open Graph and so on. */
  readonly metadata?: Maybe<Scalars['JSON']['output']>;
  /** The page as an MHTML archive. */
  readonly mhtml?: Maybe<Scalars['String']['output']>;
  /** Network requests that were captured. */
  readonly networkRequests?: Maybe<Scalars['JSON']['output']>;
  /** The page as PDF, base64. */
  readonly pdf?: Maybe<Scalars['String']['output']>;
  /** The HTTP status at the end of the redirects. */
  readonly redirectedStatusCode?: Maybe<Scalars['Int']['output']>;
  /** Where the page's redirects led. */
  readonly redirectedUrl?: Maybe<Scalars['String']['output']>;
  /** The HTTP response headers. */
  readonly responseHeaders?: Maybe<Scalars['JSON']['output']>;
  /** A picture of the page, base64. */
  readonly screenshot?: Maybe<Scalars['String']['output']>;
  /** The crawler session that fetched the page. */
  readonly sessionId?: Maybe<Scalars['ID']['output']>;
  /** Bytes of the result as its fields' UTF-8 text, before any packing. */
  readonly sizeBytes: Scalars['Int']['output'];
  /** The origin's TLS certificate. */
  readonly sslCertificate?: Maybe<Scalars['JSON']['output']>;
  /** The HTTP status of the page; null where the crawler did not know it. */
  readonly statusCode?: Maybe<Scalars['Int']['output']>;
  /** Whether the crawl succeeded. */
  readonly success: Scalars['Boolean']['output'];
  /** The page's data tables as Crawl4AI extracts them. */
  readonly tables?: Maybe<Scalars['JSON']['output']>;
  /** The page's title, from its metadata. */
  readonly title?: Maybe<Scalars['String']['output']>;
  /** Names of fields that an earlier writer cut short (they end in ...[TRUNCATED]). */
  readonly truncatedFields: ReadonlyArray<Scalars['String']['output']>;
  /** When the stored result was last written. */
  readonly updatedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The URL exactly as the crawler stored it. */
  readonly url: Scalars['String']['output'];
  /** When the origin last confirmed that this result still holds. */
  readonly validatedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Earlier results of this URL, newest first, or with closest nearest to that time first. They are kept in the versioned layout, as many as CRAWLGATE_KEEP_VERSIONS says; its default is 0: none. */
  readonly versions: CrawlResultConnection;
};


/** One stored crawl of one URL. A field that cannot be read is null with MALFORMED_ITEM at its path; the others are answered. */
export type CrawlResultVersionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  closest?: InputMaybe<Scalars['DateTime']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** One page of results. */
export type CrawlResultConnection = {
  readonly __typename?: 'CrawlResultConnection';
  /** The results of this page, in order. */
  readonly edges: ReadonlyArray<CrawlResultEdge>;
  /** Whether and how it goes on. */
  readonly pageInfo: PageInfo;
};

/** One result's place in a page. */
export type CrawlResultEdge = {
  readonly __typename?: 'CrawlResultEdge';
  /** Given as `after`, the page that follows this entry is answered. */
  readonly cursor: Scalars['String']['output'];
  /** The result. */
  readonly node: CrawlResult;
};

/** A result to be stored. What is left out is not stored; what is given as null comes back as null in crawl4ai. */
export type CrawlResultInput = {
  /** The page without scripts, styles and the like. */
  readonly cleanedHtml?: InputMaybe<Scalars['String']['input']>;
  /** Console messages that were captured. */
  readonly consoleMessages?: InputMaybe<Scalars['JSON']['input']>;
  /** Crawl4AI's own figures about the crawl. */
  readonly crawlStats?: InputMaybe<Scalars['JSON']['input']>;
  /** When the page was crawled, at most 5 minutes ahead. Left out: now. */
  readonly createdAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** How the crawler's dispatcher ran this crawl. */
  readonly dispatchResult?: InputMaybe<Scalars['JSON']['input']>;
  /** Paths of files that the crawl downloaded. */
  readonly downloadedFiles?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Why the crawl failed. */
  readonly errorMessage?: InputMaybe<Scalars['String']['input']>;
  /** The ETag that the origin gave. Left out: taken from responseHeaders. */
  readonly etag?: InputMaybe<Scalars['String']['input']>;
  /** What the extraction strategy drew from the page. */
  readonly extractedContent?: InputMaybe<Scalars['String']['input']>;
  /** The part of the page that the content filter kept. */
  readonly fitHtml?: InputMaybe<Scalars['String']['input']>;
  /** Crawl4AI's fingerprint of the page's head. */
  readonly headFingerprint?: InputMaybe<Scalars['String']['input']>;
  /** The page as fetched. Nothing is cut short. */
  readonly html?: InputMaybe<Scalars['String']['input']>;
  /** What the crawl's JavaScript returned. */
  readonly jsExecutionResult?: InputMaybe<Scalars['JSON']['input']>;
  /** The Last-Modified that the origin gave. Left out: taken from responseHeaders. */
  readonly lastModified?: InputMaybe<Scalars['String']['input']>;
  /** The page's links as Crawl4AI has them: `{ internal: [...], external: [...] }`, keys in snake_case. */
  readonly links?: InputMaybe<Scalars['JSON']['input']>;
  /** The page as Markdown. */
  readonly markdown?: InputMaybe<MarkdownInput>;
  /** The page's media as Crawl4AI has them: `{ images: [...], videos: [...], audios: [...] }`, keys in snake_case. */
  readonly media?: InputMaybe<Scalars['JSON']['input']>;
  /** The page's metadata; `title` is read from it. */
  readonly metadata?: InputMaybe<Scalars['JSON']['input']>;
  /** The page as an MHTML archive. */
  readonly mhtml?: InputMaybe<Scalars['String']['input']>;
  /** Network requests that were captured. */
  readonly networkRequests?: InputMaybe<Scalars['JSON']['input']>;
  /** The page as PDF, base64. */
  readonly pdf?: InputMaybe<Scalars['String']['input']>;
  /** The HTTP status at the end of the redirects. */
  readonly redirectedStatusCode?: InputMaybe<Scalars['Int']['input']>;
  /** Where the page's redirects led. */
  readonly redirectedUrl?: InputMaybe<Scalars['String']['input']>;
  /** The HTTP response headers. */
  readonly responseHeaders?: InputMaybe<Scalars['JSON']['input']>;
  /** A picture of the page, base64. */
  readonly screenshot?: InputMaybe<Scalars['String']['input']>;
  /** The crawler session that fetched the page. */
  readonly sessionId?: InputMaybe<Scalars['ID']['input']>;
  /** The origin's TLS certificate. */
  readonly sslCertificate?: InputMaybe<Scalars['JSON']['input']>;
  /** The HTTP status of the page. */
  readonly statusCode?: InputMaybe<Scalars['Int']['input']>;
  /** Whether the crawl succeeded. A failure is set beside the last success, never in its place. */
  readonly success: Scalars['Boolean']['input'];
  /** The page's data tables. */
  readonly tables?: InputMaybe<Scalars['JSON']['input']>;
  /** The URL, kept byte for byte: absolute, at most 2,048 bytes. */
  readonly url: Scalars['String']['input'];
};

/** A crawler session as the sessions table holds it. */
export type CrawlSession = {
  readonly __typename?: 'CrawlSession';
  /** When it was made. */
  readonly createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it ceases to be answered; null means never. */
  readonly expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** The session's id. */
  readonly id: Scalars['ID']['output'];
  /** What the crawler keeps for the session: every stored attribute but the id and the times. */
  readonly state?: Maybe<Scalars['JSON']['output']>;
  /** When it was last written. */
  readonly updatedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** The gateway's own state. */
export type Health = {
  readonly __typename?: 'Health';
  /** The circuit that keeps calls from a store that is down. */
  readonly circuit: CircuitState;
  /** Why the store could not be read: code and sentence. */
  readonly error?: Maybe<Scalars['String']['output']>;
  /** The memory in front of it. */
  readonly memory: MemoryHealth;
  /** Milliseconds that reading the reserved key took. */
  readonly responseTimeMs: Scalars['Float']['output'];
  /** The verdict. */
  readonly status: HealthStatus;
  /** The store behind the gateway. */
  readonly store: StoreHealth;
  /** When this was found. */
  readonly timestamp: Scalars['DateTime']['output'];
};

/** The gateway's verdict on itself. */
export type HealthStatus =
  /** The store does not answer; memory answers what it holds. */
  | 'DEGRADED'
  /** The store answers. */
  | 'HEALTHY'
  /** The store does not answer and memory is empty. */
  | 'UNHEALTHY';

/** What became of one URL that was to be removed. */
export type InvalidatedCrawlResult = {
  readonly __typename?: 'InvalidatedCrawlResult';
  /** Why it could not be removed. */
  readonly error?: Maybe<StoreError>;
  /** Whether anything was there to remove, and is gone. */
  readonly removed: Scalars['Boolean']['output'];
  /** The URL as given. */
  readonly url: Scalars['String']['output'];
};

/** One link of a page. */
export type Link = {
  readonly __typename?: 'Link';
  /** The domain it leads to. */
  readonly baseDomain?: Maybe<Scalars['String']['output']>;
  /** How well it fits the crawl's query. */
  readonly contextualScore?: Maybe<Scalars['Float']['output']>;
  /** What was found in the head of the page it leads to, where the crawl looked. */
  readonly headData?: Maybe<Scalars['JSON']['output']>;
  /** Where it leads. */
  readonly href?: Maybe<Scalars['String']['output']>;
  /** Its quality by itself. */
  readonly intrinsicScore?: Maybe<Scalars['Float']['output']>;
  /** The text that is clicked. */
  readonly text?: Maybe<Scalars['String']['output']>;
  /** Its title attribute. */
  readonly title?: Maybe<Scalars['String']['output']>;
  /** Both scores together. */
  readonly totalScore?: Maybe<Scalars['Float']['output']>;
};

/** A page's links, by where they lead. */
export type Links = {
  readonly __typename?: 'Links';
  /** Links that lead elsewhere. */
  readonly external: ReadonlyArray<Link>;
  /** Links that stay on the page's own domain. */
  readonly internal: ReadonlyArray<Link>;
};

/** A page as Markdown, in the forms that Crawl4AI makes. */
export type Markdown = {
  readonly __typename?: 'Markdown';
  /** The HTML from which fitMarkdown was made. */
  readonly fitHtml?: Maybe<Scalars['String']['output']>;
  /** Only what the content filter kept. */
  readonly fitMarkdown?: Maybe<Scalars['String']['output']>;
  /** The whole page with numbered citations in place of links. */
  readonly markdownWithCitations?: Maybe<Scalars['String']['output']>;
  /** The whole page. */
  readonly rawMarkdown?: Maybe<Scalars['String']['output']>;
  /** The list that the citations' numbers point into. */
  readonly referencesMarkdown?: Maybe<Scalars['String']['output']>;
};

/** A page as Markdown, in the forms that Crawl4AI makes. */
export type MarkdownInput = {
  /** The HTML from which fitMarkdown was made. */
  readonly fitHtml?: InputMaybe<Scalars['String']['input']>;
  /** Only what the content filter kept. */
  readonly fitMarkdown?: InputMaybe<Scalars['String']['input']>;
  /** The whole page with numbered citations in place of links. */
  readonly markdownWithCitations?: InputMaybe<Scalars['String']['input']>;
  /** The whole page. */
  readonly rawMarkdown?: InputMaybe<Scalars['String']['input']>;
  /** The list that the citations' numbers point into. */
  readonly referencesMarkdown?: InputMaybe<Scalars['String']['input']>;
};

/** A page's media. */
export type Media = {
  readonly __typename?: 'Media';
  /** Sounds. */
  readonly audios: ReadonlyArray<MediaItem>;
  /** Pictures. */
  readonly images: ReadonlyArray<MediaItem>;
  /** Videos. */
  readonly videos: ReadonlyArray<MediaItem>;
};

/** One picture, video or sound of a page. */
export type MediaItem = {
  readonly __typename?: 'MediaItem';
  /** Its alternative text. */
  readonly alt?: Maybe<Scalars['String']['output']>;
  /** Inline data, where it is not elsewhere. */
  readonly data?: Maybe<Scalars['String']['output']>;
  /** The text around it. */
  readonly desc?: Maybe<Scalars['String']['output']>;
  /** Its file format. */
  readonly format?: Maybe<Scalars['String']['output']>;
  /** Variants of one picture share a number. */
  readonly groupId?: Maybe<Scalars['Int']['output']>;
  /** How relevant Crawl4AI finds it. */
  readonly score?: Maybe<Scalars['Float']['output']>;
  /** Where it is. */
  readonly src?: Maybe<Scalars['String']['output']>;
  /** `image`, `video` or `audio`. */
  readonly type?: Maybe<Scalars['String']['output']>;
  /** Width in pixels; null where it is not a whole number, such as 100%. */
  readonly width?: Maybe<Scalars['Int']['output']>;
};

/** The memory tier. */
export type MemoryHealth = {
  readonly __typename?: 'MemoryHealth';
  /** Bytes it holds. */
  readonly bytes: Scalars['Float']['output'];
  /** How many keys it holds. */
  readonly entries: Scalars['Int']['output'];
  /** Bytes it may hold. */
  readonly maxBytes: Scalars['Float']['output'];
};

/** Storing, confirming and removing results. Accepted only as a POST of application/json. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /** The same for results as Crawl4AI's own model_dump(mode="json") prints them: snake_case JSON, keys unknown to this API included. */
  readonly cacheCrawl4aiResults: ReadonlyArray<CachedCrawlResult>;
  /**
   * Stores results; each is answered for itself, in the order given.
   *
   * A newer stored result is never overwritten by an older one (stored false, SUPERSEDED), a success never by a failure. One URL named twice is written in order of createdAt.
   */
  readonly cacheCrawlResults: ReadonlyArray<CachedCrawlResult>;
  /** Removes all that is stored of the URLs, earlier versions included; each is answered for itself. */
  readonly invalidateCrawlResults: ReadonlyArray<InvalidatedCrawlResult>;
  /** Notes that the origin confirmed the stored result, with the validators it gave; the texts are not sent again and the expiry stays. NOT_STORED where there is no result. */
  readonly revalidateCrawlResult: CachedCrawlResult;
};


/** Storing, confirming and removing results. Accepted only as a POST of application/json. */
export type MutationCacheCrawl4aiResultsArgs = {
  results: ReadonlyArray<Scalars['JSON']['input']>;
  ttlDays?: InputMaybe<Scalars['Int']['input']>;
};


/** Storing, confirming and removing results. Accepted only as a POST of application/json. */
export type MutationCacheCrawlResultsArgs = {
  results: ReadonlyArray<CrawlResultInput>;
  ttlDays?: InputMaybe<Scalars['Int']['input']>;
};


/** Storing, confirming and removing results. Accepted only as a POST of application/json. */
export type MutationInvalidateCrawlResultsArgs = {
  urls: ReadonlyArray<Scalars['String']['input']>;
};


/** Storing, confirming and removing results. Accepted only as a POST of application/json. */
export type MutationRevalidateCrawlResultArgs = {
  etag?: InputMaybe<Scalars['String']['input']>;
  headFingerprint?: InputMaybe<Scalars['String']['input']>;
  lastModified?: InputMaybe<Scalars['String']['input']>;
  url: Scalars['String']['input'];
};

/** Which of the stored crawls of a URL answers. */
export type Outcome =
  /** The newest crawl, whether it succeeded or failed. */
  | 'ANY'
  /** The newest crawl that succeeded. */
  | 'SUCCESS';

/** Whether and how a list goes on. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** Given as `after`, the next page is answered. Where a page would take too much reading it may be short, or empty, and still go on here. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether there is another page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
};

/** Looking up what is stored. Nothing here crawls a page; what no crawler has stored is null. */
export type Query = {
  readonly __typename?: 'Query';
  /**
   * Stored results, newest first, a page at a time.
   *
   * filter.url with filter.match picks a page, a path prefix, a host, or a domain with its subdomains, as CDX servers do. Asking only for url, domain and createdAt of the nodes reads no result at all. Where the table has no index for it the results are scanned, and the answer's extensions say so: `crawlFeed: { scanned: true }`.
   */
  readonly crawlFeed: CrawlResultConnection;
  /**
   * The newest stored result of one URL, or with outcome SUCCESS the newest that succeeded.
   *
   * Null where none is stored, where it has expired, or where the later of createdAt and validatedAt is more than maxAge seconds ago. With outcome ANY a newer failed crawl is itself the answer.
   */
  readonly crawlResult?: Maybe<CrawlResult>;
  /**
   * The newest stored results of many URLs: one entry per URL, in the order asked, null as for crawlResult.
   *
   * A URL that could not be looked up is null with an error at its own path; the others are still answered.
   */
  readonly crawlResults: ReadonlyArray<Maybe<CrawlResult>>;
  /** One crawler session by its id; null where none is stored or where it has expired. */
  readonly crawlSession?: Maybe<CrawlSession>;
  /** Whether the gateway can read its store right now: one consistent read of a reserved key, never answered from memory. */
  readonly health: Health;
  /** Counts since the gateway started. */
  readonly stats: Stats;
};


/** Looking up what is stored. Nothing here crawls a page; what no crawler has stored is null. */
export type QueryCrawlFeedArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<CrawlFeedFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** Looking up what is stored. Nothing here crawls a page; what no crawler has stored is null. */
export type QueryCrawlResultArgs = {
  consistency?: InputMaybe<Consistency>;
  maxAge?: InputMaybe<Scalars['Int']['input']>;
  maxStale?: InputMaybe<Scalars['Int']['input']>;
  onlyIfCached?: InputMaybe<Scalars['Boolean']['input']>;
  outcome?: InputMaybe<Outcome>;
  url: Scalars['String']['input'];
};


/** Looking up what is stored. Nothing here crawls a page; what no crawler has stored is null. */
export type QueryCrawlResultsArgs = {
  consistency?: InputMaybe<Consistency>;
  maxAge?: InputMaybe<Scalars['Int']['input']>;
  maxStale?: InputMaybe<Scalars['Int']['input']>;
  onlyIfCached?: InputMaybe<Scalars['Boolean']['input']>;
  outcome?: InputMaybe<Outcome>;
  urls: ReadonlyArray<Scalars['String']['input']>;
};


/** Looking up what is stored. Nothing here crawls a page; what no crawler has stored is null. */
export type QueryCrawlSessionArgs = {
  id: Scalars['ID']['input'];
};

/** Counts since the gateway started. */
export type Stats = {
  readonly __typename?: 'Stats';
  /** Read units that the store counted. */
  readonly consumedReadUnits: Scalars['Float']['output'];
  /** Write units that the store counted. */
  readonly consumedWriteUnits: Scalars['Float']['output'];
  /** Lookups that failed. */
  readonly failures: Scalars['Float']['output'];
  /** Share of lookups that memory answered, 0 to 1. */
  readonly hitRate: Scalars['Float']['output'];
  /** Keys looked up. */
  readonly lookups: Scalars['Float']['output'];
  /** Answered from memory, fresh. */
  readonly memoryHits: Scalars['Float']['output'];
  /** For which the store was asked. */
  readonly misses: Scalars['Float']['output'];
  /** Keys that were asked for again. */
  readonly retriedKeys: Scalars['Float']['output'];
  /** Answered from memory because the store could not be read. */
  readonly staleHits: Scalars['Float']['output'];
  /** Calls made to the store. */
  readonly storeCalls: Scalars['Float']['output'];
  /** Keys that those calls carried. */
  readonly storeKeys: Scalars['Float']['output'];
  /** Times the store said that it is over its capacity. */
  readonly throttles: Scalars['Float']['output'];
};

/** Why one input of a mutation was not carried out. */
export type StoreError = {
  readonly __typename?: 'StoreError';
  /** One of the codes that errors[].extensions.code uses. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people; programs look at the code. */
  readonly message: Scalars['String']['output'];
};

/** The store behind the gateway. */
export type StoreHealth = {
  readonly __typename?: 'StoreHealth';
  /** As the store last counted, hours old on DynamoDB; null where it may not be asked. */
  readonly itemCount?: Maybe<Scalars['Float']['output']>;
  /** `embedded`, `dynamodb`, `sqlite` or `hybrid`. */
  readonly kind: Scalars['String']['output'];
  /** `document` (one item per URL, as Crawl4AI's Python managers make it) or `versioned`. */
  readonly layout?: Maybe<Scalars['String']['output']>;
  /** Whether it answered just now. */
  readonly reachable: Scalars['Boolean']['output'];
  /** The AWS region. */
  readonly region?: Maybe<Scalars['String']['output']>;
  /** The table of crawl results. */
  readonly table?: Maybe<Scalars['String']['output']>;
};

/** What filter.url of crawlFeed picks; CDX servers call it matchType. */
export type UrlMatch =
  /** Every page of this domain and its subdomains. */
  | 'DOMAIN'
  /** This URL alone. */
  | 'EXACT'
  /** Every page of this host. */
  | 'HOST'
  /** URLs of the same host and port whose path and query go on from this one's; the scheme does not count, nor how the host is spelt. */
  | 'PREFIX';



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;





/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  CacheInfo: ResolverTypeWrapper<CacheInfo>;
  CacheSource: CacheSource;
  CacheStatus: CacheStatus;
  CachedCrawlResult: ResolverTypeWrapper<CachedCrawlResult>;
  CircuitState: CircuitState;
  Consistency: Consistency;
  CrawlFailure: ResolverTypeWrapper<DomainCrawlResult>;
  CrawlFeedFilter: CrawlFeedFilter;
  CrawlResult: ResolverTypeWrapper<ResultView>;
  CrawlResultConnection: ResolverTypeWrapper<Omit<CrawlResultConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['CrawlResultEdge']> }>;
  CrawlResultEdge: ResolverTypeWrapper<Omit<CrawlResultEdge, 'node'> & { node: ResolversTypes['CrawlResult'] }>;
  CrawlResultInput: CrawlResultInput;
  CrawlSession: ResolverTypeWrapper<Session>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  Health: ResolverTypeWrapper<Health>;
  HealthStatus: HealthStatus;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  InvalidatedCrawlResult: ResolverTypeWrapper<InvalidatedCrawlResult>;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  Link: ResolverTypeWrapper<Link>;
  Links: ResolverTypeWrapper<Links>;
  Markdown: ResolverTypeWrapper<MarkdownOf>;
  MarkdownInput: MarkdownInput;
  Media: ResolverTypeWrapper<Media>;
  MediaItem: ResolverTypeWrapper<MediaItem>;
  MemoryHealth: ResolverTypeWrapper<MemoryHealth>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Outcome: Outcome;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Stats: ResolverTypeWrapper<Stats>;
  StoreError: ResolverTypeWrapper<StoreError>;
  StoreHealth: ResolverTypeWrapper<StoreHealth>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  UrlMatch: UrlMatch;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Boolean: Scalars['Boolean']['output'];
  CacheInfo: CacheInfo;
  CachedCrawlResult: CachedCrawlResult;
  CrawlFailure: DomainCrawlResult;
  CrawlFeedFilter: CrawlFeedFilter;
  CrawlResult: ResultView;
  CrawlResultConnection: Omit<CrawlResultConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['CrawlResultEdge']> };
  CrawlResultEdge: Omit<CrawlResultEdge, 'node'> & { node: ResolversParentTypes['CrawlResult'] };
  CrawlResultInput: CrawlResultInput;
  CrawlSession: Session;
  DateTime: Scalars['DateTime']['output'];
  Float: Scalars['Float']['output'];
  Health: Health;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  InvalidatedCrawlResult: InvalidatedCrawlResult;
  JSON: Scalars['JSON']['output'];
  Link: Link;
  Links: Links;
  Markdown: MarkdownOf;
  MarkdownInput: MarkdownInput;
  Media: Media;
  MediaItem: MediaItem;
  MemoryHealth: MemoryHealth;
  Mutation: Record<PropertyKey, never>;
  PageInfo: PageInfo;
  Query: Record<PropertyKey, never>;
  Stats: Stats;
  StoreError: StoreError;
  StoreHealth: StoreHealth;
  String: Scalars['String']['output'];
};

export type CacheInfoResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['CacheInfo'] = ResolversParentTypes['CacheInfo']> = {
  age?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['CacheSource'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['CacheStatus'], ParentType, ContextType>;
};

export type CachedCrawlResultResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['CachedCrawlResult'] = ResolversParentTypes['CachedCrawlResult']> = {
  error?: Resolver<Maybe<ResolversTypes['StoreError']>, ParentType, ContextType>;
  items?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  stored?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  storedBytes?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CrawlFailureResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['CrawlFailure'] = ResolversParentTypes['CrawlFailure']> = {
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  errorMessage?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  statusCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type CrawlResultResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['CrawlResult'] = ResolversParentTypes['CrawlResult']> = {
  cache?: Resolver<ResolversTypes['CacheInfo'], ParentType, ContextType>;
  cleanedHtml?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  consoleMessages?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  crawl4ai?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  crawlStats?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  dispatchResult?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  domain?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  downloadedFiles?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  errorMessage?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  etag?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  extractedContent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  fitHtml?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  headFingerprint?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  html?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  jsExecutionResult?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  lastModified?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  laterFailure?: Resolver<Maybe<ResolversTypes['CrawlFailure']>, ParentType, ContextType>;
  links?: Resolver<Maybe<ResolversTypes['Links']>, ParentType, ContextType>;
  markdown?: Resolver<Maybe<ResolversTypes['Markdown']>, ParentType, ContextType>;
  media?: Resolver<Maybe<ResolversTypes['Media']>, ParentType, ContextType>;
  metadata?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  mhtml?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  networkRequests?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  pdf?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  redirectedStatusCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  redirectedUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  responseHeaders?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  screenshot?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sessionId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  sizeBytes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sslCertificate?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  statusCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  success?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  tables?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  truncatedFields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  validatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  versions?: Resolver<ResolversTypes['CrawlResultConnection'], ParentType, ContextType, RequireFields<CrawlResultVersionsArgs, 'first'>>;
};

export type CrawlResultConnectionResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['CrawlResultConnection'] = ResolversParentTypes['CrawlResultConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['CrawlResultEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type CrawlResultEdgeResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['CrawlResultEdge'] = ResolversParentTypes['CrawlResultEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['CrawlResult'], ParentType, ContextType>;
};

export type CrawlSessionResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['CrawlSession'] = ResolversParentTypes['CrawlSession']> = {
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  state?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type HealthResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Health'] = ResolversParentTypes['Health']> = {
  circuit?: Resolver<ResolversTypes['CircuitState'], ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  memory?: Resolver<ResolversTypes['MemoryHealth'], ParentType, ContextType>;
  responseTimeMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['HealthStatus'], ParentType, ContextType>;
  store?: Resolver<ResolversTypes['StoreHealth'], ParentType, ContextType>;
  timestamp?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type InvalidatedCrawlResultResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['InvalidatedCrawlResult'] = ResolversParentTypes['InvalidatedCrawlResult']> = {
  error?: Resolver<Maybe<ResolversTypes['StoreError']>, ParentType, ContextType>;
  removed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export type LinkResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Link'] = ResolversParentTypes['Link']> = {
  baseDomain?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  contextualScore?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  headData?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  href?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  intrinsicScore?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  text?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  totalScore?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type LinksResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Links'] = ResolversParentTypes['Links']> = {
  external?: Resolver<ReadonlyArray<ResolversTypes['Link']>, ParentType, ContextType>;
  internal?: Resolver<ReadonlyArray<ResolversTypes['Link']>, ParentType, ContextType>;
};

export type MarkdownResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Markdown'] = ResolversParentTypes['Markdown']> = {
  fitHtml?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  fitMarkdown?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  markdownWithCitations?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  rawMarkdown?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  referencesMarkdown?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type MediaResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Media'] = ResolversParentTypes['Media']> = {
  audios?: Resolver<ReadonlyArray<ResolversTypes['MediaItem']>, ParentType, ContextType>;
  images?: Resolver<ReadonlyArray<ResolversTypes['MediaItem']>, ParentType, ContextType>;
  videos?: Resolver<ReadonlyArray<ResolversTypes['MediaItem']>, ParentType, ContextType>;
};

export type MediaItemResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['MediaItem'] = ResolversParentTypes['MediaItem']> = {
  alt?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  data?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  desc?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  format?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  groupId?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  score?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  src?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  width?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type MemoryHealthResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['MemoryHealth'] = ResolversParentTypes['MemoryHealth']> = {
  bytes?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  entries?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxBytes?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  cacheCrawl4aiResults?: Resolver<ReadonlyArray<ResolversTypes['CachedCrawlResult']>, ParentType, ContextType, RequireFields<MutationCacheCrawl4aiResultsArgs, 'results'>>;
  cacheCrawlResults?: Resolver<ReadonlyArray<ResolversTypes['CachedCrawlResult']>, ParentType, ContextType, RequireFields<MutationCacheCrawlResultsArgs, 'results'>>;
  invalidateCrawlResults?: Resolver<ReadonlyArray<ResolversTypes['InvalidatedCrawlResult']>, ParentType, ContextType, RequireFields<MutationInvalidateCrawlResultsArgs, 'urls'>>;
  revalidateCrawlResult?: Resolver<ResolversTypes['CachedCrawlResult'], ParentType, ContextType, RequireFields<MutationRevalidateCrawlResultArgs, 'url'>>;
};

export type PageInfoResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  crawlFeed?: Resolver<ResolversTypes['CrawlResultConnection'], ParentType, ContextType, RequireFields<QueryCrawlFeedArgs, 'first'>>;
  crawlResult?: Resolver<Maybe<ResolversTypes['CrawlResult']>, ParentType, ContextType, RequireFields<QueryCrawlResultArgs, 'consistency' | 'onlyIfCached' | 'outcome' | 'url'>>;
  crawlResults?: Resolver<ReadonlyArray<Maybe<ResolversTypes['CrawlResult']>>, ParentType, ContextType, RequireFields<QueryCrawlResultsArgs, 'consistency' | 'onlyIfCached' | 'outcome' | 'urls'>>;
  crawlSession?: Resolver<Maybe<ResolversTypes['CrawlSession']>, ParentType, ContextType, RequireFields<QueryCrawlSessionArgs, 'id'>>;
  health?: Resolver<ResolversTypes['Health'], ParentType, ContextType>;
  stats?: Resolver<ResolversTypes['Stats'], ParentType, ContextType>;
};

export type StatsResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Stats'] = ResolversParentTypes['Stats']> = {
  consumedReadUnits?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  consumedWriteUnits?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  failures?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  hitRate?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  lookups?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  memoryHits?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  misses?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  retriedKeys?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  staleHits?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  storeCalls?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  storeKeys?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  throttles?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type StoreErrorResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['StoreError'] = ResolversParentTypes['StoreError']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type StoreHealthResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['StoreHealth'] = ResolversParentTypes['StoreHealth']> = {
  itemCount?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  layout?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  reachable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  region?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  table?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = GatewayContext> = {
  CacheInfo?: CacheInfoResolvers<ContextType>;
  CachedCrawlResult?: CachedCrawlResultResolvers<ContextType>;
  CrawlFailure?: CrawlFailureResolvers<ContextType>;
  CrawlResult?: CrawlResultResolvers<ContextType>;
  CrawlResultConnection?: CrawlResultConnectionResolvers<ContextType>;
  CrawlResultEdge?: CrawlResultEdgeResolvers<ContextType>;
  CrawlSession?: CrawlSessionResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  Health?: HealthResolvers<ContextType>;
  InvalidatedCrawlResult?: InvalidatedCrawlResultResolvers<ContextType>;
  JSON?: GraphQLScalarType;
  Link?: LinkResolvers<ContextType>;
  Links?: LinksResolvers<ContextType>;
  Markdown?: MarkdownResolvers<ContextType>;
  Media?: MediaResolvers<ContextType>;
  MediaItem?: MediaItemResolvers<ContextType>;
  MemoryHealth?: MemoryHealthResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Stats?: StatsResolvers<ContextType>;
  StoreError?: StoreErrorResolvers<ContextType>;
  StoreHealth?: StoreHealthResolvers<ContextType>;
};

