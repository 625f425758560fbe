// What stands for a request inside yoga's pipeline when it does not come through yoga's own adapter.
import type { ServerResponse } from 'node:http';
import { type AbortSignalLike, AbortSwitch } from '../domain/abort.js';

/** As much of a fetch Request as the pipeline looks at. */
export interface LaneRequest {
  readonly method: 'POST';
  /** Aborted when the client goes before it is answered. */
  readonly signal: AbortSignalLike;
}

/** The stand-in for the request that `response` answers. Nothing is made for a signal that nobody asks for. */
export function createLaneRequest(response: ServerResponse): LaneRequest {
  return new AnsweredRequest(response);
}

/** A class, because an object with a getter of its own takes longer to make than all that is in it. */
class AnsweredRequest implements LaneRequest {
  readonly method = 'POST';
  readonly #response: ServerResponse;
  #gone: AbortSwitch | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get signal(): AbortSignalLike {
    this.#gone ??= goneWith(this.#response);
    return this.#gone;
  }
}

function goneWith(response: ServerResponse): AbortSwitch {
  const gone = new AbortSwitch();
  if (response.destroyed) gone.abort();
  else response.once('close', () => response.writableFinished || gone.abort());
  return gone;
}
