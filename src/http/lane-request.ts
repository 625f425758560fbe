// What stands for a request inside yoga's pipeline when it does not come through yoga's own adapter.
import type { ServerResponse } from 'node:http';

/** As much of a fetch Request as the pipeline looks at. */
export interface LaneRequest {
  readonly method: 'POST';
  /** Aborted when the client goes before it is answered. */
  readonly signal: AbortSignal;
}

/** The stand-in for the request that `response` answers. Nothing is made for a signal that nobody asks for. */
export function createLaneRequest(response: ServerResponse): LaneRequest {
  let controller: AbortController | undefined;
  return {
    method: 'POST',
    get signal() {
      if (controller === undefined) {
        const made = new AbortController();
        controller = made;
        if (response.destroyed) made.abort();
        else response.once('close', () => response.writableFinished || made.abort());
      }
      return controller.signal;
    },
  };
}
