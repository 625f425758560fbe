// What happens to workers, as sentences for whoever operates the gateway.
import type { Events } from '../observability/events.js';
import type { WorkerEvent } from '../workers/supervisor.js';

type Notice = Parameters<Events['notice']>[0];

/** The sentence for an event. */
export function noticeOfWorker(event: WorkerEvent): Notice {
  const worker = `Worker ${event.place}`;
  switch (event.kind) {
    case 'exited':
      return { level: 'error', message: `${worker} ended unasked (${event.how}).` };
    case 'restarting':
      return {
        level: 'info',
        message: `${worker} is started again in ${event.delayMs} ms (attempt ${event.attempt}).`,
      };
    case 'servesAgain':
      return { level: 'info', message: `${worker} answers again.` };
    case 'failed':
      return { level: 'error', message: `${worker} cannot start: ${event.line}` };
    case 'gaveUp': {
      const rest =
        event.left === 0 ? 'No worker is left: the gateway ends.' : `The other workers go on: ${event.left}.`;
      return {
        level: 'error',
        message: `${worker} died ${event.deaths} times within a minute and stays down. ${rest}`,
      };
    }
    default:
      return event satisfies never;
  }
}
