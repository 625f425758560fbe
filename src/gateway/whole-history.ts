// The last hour of all workers as one, for whoever looks at the page of any of them.
import type { History } from '../observability/history.js';
import { type HistoryHour, type HistoryReport, mergeHours, reportOf } from '../observability/history-hour.js';
import { topic, type Workers } from '../workers/topic.js';

const hourOfWorker = topic<null, HistoryHour>('history');

/** Answers the others with this worker's hour. The hour of all is without a worker that does not answer in time. */
export function createWholeHistory(
  workers: Pick<Workers, 'answer' | 'ask'>,
  history: Pick<History, 'read'>,
): () => Promise<HistoryReport> {
  workers.answer(hourOfWorker, () => history.read());
  return async () => reportOf(mergeHours(await workers.ask(hourOfWorker, null)));
}
