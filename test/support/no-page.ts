// A server's part of the page where a test has none: as a gateway whose page was not built.
import type { PageRouteDeps } from '../../src/http/page-route.js';
import { emptyHour, reportOf } from '../../src/observability/history-hour.js';

/** No file, and an hour in which nothing happened. */
export const noPage: PageRouteDeps = {
  files: { respond: async () => null },
  readHistory: async () => reportOf(emptyHour(0)),
};
