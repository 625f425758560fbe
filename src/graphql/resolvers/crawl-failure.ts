// CrawlFailure: a failed crawl that came after the success that is the answer.
import { presentScalarOf, scalarOf, textField } from '../field-values.js';
import type { CrawlFailureResolvers } from '../generated.js';
import { integerOf } from '../tolerant-json.js';

const errorMessage = textField('error_message');

/** Resolvers of every field of CrawlFailure. */
export const crawlFailure = {
  createdAt: (record) => presentScalarOf({ record }, 'created_at', record.createdAt),
  statusCode: (record) => integerOf(scalarOf({ record }, 'status_code', record.statusCode)),
  errorMessage: (record, args, context) => errorMessage({ record }, args, context),
} satisfies CrawlFailureResolvers;
