// What happens to the embedded engine, as sentences for whoever operates the gateway.
import type { EmbeddedEvent } from '../dynamo/embedded.js';
import type { Events } from '../observability/events.js';

type Notice = Parameters<Events['notice']>[0];

/** The sentence for an event; null where there is nothing to say that the start lines do not say. */
export function noticeOfEngine(event: EmbeddedEvent): Notice | null {
  switch (event.kind) {
    case 'listening':
      if (event.restarts === 0) return null;
      return { level: 'info', message: `The embedded DynamoDB answers again at ${event.endpoint}.` };
    case 'exited': {
      const how = event.signal ?? (event.code === null ? 'it did not come up' : `exit code ${event.code}`);
      const detail = event.detail === '' ? '' : ` ${event.detail}`;
      return { level: 'warn', message: `The embedded DynamoDB ended unasked (${how}).${detail}` };
    }
    case 'restarting':
      return {
        level: 'info',
        message: `The embedded DynamoDB is started again in ${event.delayMs} ms (attempt ${event.attempt}).`,
      };
    case 'gaveUp':
      return {
        level: 'error',
        message:
          `The embedded DynamoDB died ${event.deaths} times within a minute and stays down. ` +
          'Only what memory holds is answered until the gateway is restarted.',
      };
    case 'swept':
      return { level: 'info', message: `Removed ${event.removed} expired items from the embedded DynamoDB.` };
    case 'sweepFailed':
      return { level: 'warn', message: `Expired items could not be removed: ${event.detail}` };
    default:
      return event satisfies never;
  }
}
