// What an operator may ask of a table besides its keys.

/** Read and write units a second of the table and of each of its indexes. */
export interface ProvisionedUnits {
  readonly read: number;
  readonly write: number;
}

/** Null where nothing was said: a new table gets the default, an existing one keeps what it has. */
export interface TableWishes {
  /** Default: on demand. */
  readonly billing: 'on-demand' | ProvisionedUnits | null;
  /**
   * `aws-owned` (the default; what older guides call AES256) sends no SSESpecification. `kms` is the key that AWS manages
   * in the account; anything else is the id or ARN of a key; an alias could not be compared with the ARN that DescribeTable tells.
   */
  readonly sse: string | null;
  /** Whether point-in-time recovery is to be on. It is never turned off. */
  readonly recovery: boolean;
  /** Whether deletion protection is to be on. It is never turned off. */
  readonly deletionProtection: boolean;
  /** To be there; others are kept. */
  readonly tags: ReadonlyMap<string, string>;
}

/** On every table. */
export const ownTag = ['Application', 'crawl4ai'] as const;

/** The attribute by which items expire. */
export const ttlAttribute = 'ttl';
