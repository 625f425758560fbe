// The fields of CrawlResult over a ResultView.
import { laterFailureOf } from '../../domain/crawl-result.js';
import { crawl4aiOf } from '../../domain/crawl4ai-output.js';
import type { JsonValue } from '../../domain/packed-text.js';
import type { GatewayContext } from '../context.js';
import {
  holdsAny,
  instantOfEpoch,
  jsonField,
  mappedField,
  presentScalarOf,
  scalarOf,
  storedFieldFor,
  textField,
} from '../field-values.js';
import type { CrawlResultResolvers } from '../generated.js';
import { linksOfJson } from '../links-of-json.js';
import { mediaOfJson, tablesOfMedia } from '../media-of-json.js';
import type { ResultView } from '../result-view.js';
import { integerOf, listOf, textOf } from '../tolerant-json.js';
import { wantedMarkdown } from '../wanted-groups.js';

const ownTables = jsonField('tables');
const tablesInMedia = mappedField('media', tablesOfMedia);

/** Resolvers of the fields of CrawlResult; `versions` has a file of its own. */
export const crawlResultType = {
  url: ({ record }) => record.url,
  domain: ({ record }) => (URL.canParse(record.url) ? new URL(record.url).hostname || null : null),
  title: (view) => scalarOf(view, 'title', view.record.title),
  success: (view) => scalarOf(view, 'success', view.record.success),
  statusCode: (view) => integerOf(scalarOf(view, 'status_code', view.record.statusCode)),
  redirectedStatusCode: (view) => integerOf(scalarOf(view, 'redirected_status_code', view.record.redirectedStatusCode)),
  createdAt: (view) => scalarOf(view, 'created_at', view.record.createdAt),
  updatedAt: (view) => scalarOf(view, 'updated_at', view.record.updatedAt),
  validatedAt: (view) => scalarOf(view, 'validated_at', view.record.validatedAt),
  expiresAt: (view) => instantOfEpoch(scalarOf(view, 'ttl', view.record.expiresAt)),
  sizeBytes: (view) => presentScalarOf(view, 'size_bytes', view.record.sizeBytes),
  truncatedFields: (view) => presentScalarOf(view, 'truncated_fields', view.record.truncatedFields),
  errorMessage: textField('error_message'),
  redirectedUrl: textField('redirected_url'),
  sessionId: textField('session_id'),
  etag: textField('etag'),
  lastModified: textField('last_modified'),
  headFingerprint: textField('head_fingerprint'),
  html: textField('html'),
  cleanedHtml: textField('cleaned_html'),
  fitHtml: textField('fit_html'),
  extractedContent: textField('extracted_content'),
  screenshot: textField('screenshot'),
  pdf: textField('pdf'),
  mhtml: textField('mhtml'),
  markdown: (view, _args, _context, info) => (holdsAny(view, wantedMarkdown(info)) ? view : null),
  links: mappedField('links', linksOfJson),
  media: mappedField('media', mediaOfJson),
  tables,
  downloadedFiles: mappedField('downloaded_files', filesOf),
  metadata: jsonField('metadata'),
  responseHeaders: jsonField('response_headers'),
  jsExecutionResult: jsonField('js_execution_result'),
  sslCertificate: jsonField('ssl_certificate'),
  dispatchResult: jsonField('dispatch_result'),
  networkRequests: jsonField('network_requests'),
  consoleMessages: jsonField('console_messages'),
  crawlStats: jsonField('crawl_stats'),
  crawl4ai: ({ record }, _args, { splice }) => crawl4aiOf(record, storedFieldFor(splice)),
  cache: ({ provenance: { source, status, readAt } }, _args, { services }) => ({
    source,
    status,
    age: Math.max(0, services.now() - readAt) / 1000,
  }),
  laterFailure: ({ record, stored }, _args, { services }) => laterFailureOf(stored, record, services.now()),
} satisfies CrawlResultResolvers;

async function tables(view: ResultView, args: unknown, context: GatewayContext): Promise<JsonValue> {
  return (await ownTables(view, args, context)) ?? tablesInMedia(view);
}

function filesOf(value: JsonValue): readonly string[] | null {
  return Array.isArray(value) ? listOf(value).flatMap((file) => textOf(file) ?? []) : null;
}
