// Events of work that is about one URL: a failed call then says which.
import type { Events } from './events.js';

/** The same events, with `url` told beside every call of the store that says none itself. */
export function eventsAbout(events: Events, url: string): Events {
  return { ...events, storeCall: (event) => events.storeCall({ url, ...event }) };
}
