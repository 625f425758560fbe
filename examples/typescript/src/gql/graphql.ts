/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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

export type BatchLookupQueryVariables = Exact<{
  urls: Array<string> | string;
}>;


export type BatchLookupQuery = { crawlResults: Array<{ url: string, title: string | null, statusCode: number | null, createdAt: string | null, markdown: { rawMarkdown: string | null } | null, cache: { source: CacheSource, status: CacheStatus } } | null> };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const BatchLookupDocument = new TypedDocumentString(`
    query BatchLookup($urls: [String!]!) {
  crawlResults(urls: $urls, outcome: SUCCESS) {
    url
    title
    statusCode
    createdAt
    markdown {
      rawMarkdown
    }
    cache {
      source
      status
    }
  }
}
    `) as unknown as TypedDocumentString<BatchLookupQuery, BatchLookupQueryVariables>;