// What all requests together may hold: places of those that are being answered, and the bytes of their bodies.
import type { ServerResponse } from 'node:http';
import type { Refusal } from './refusal.js';

/** The room of one server. */
export interface Room {
  /** What the request that `response` answers holds, nothing so far. It is given back when that response is closed. */
  open(response: ServerResponse): Place;
  /** What is held now. */
  state(): RoomState;
}

/** What is held of a room. */
export interface RoomState {
  /** GraphQL requests that are being answered; those whose bodies still come are none. */
  readonly inFlight: number;
  /** Bytes of bodies that have come, of requests that are not answered yet. */
  readonly bodyBytes: number;
}

/** What one request holds. */
export interface Place {
  /** Why it would not be answered now, with a body of `bytes` more; null where there is room. Holds nothing. */
  look(bytes: number): Refusal | null;
  /** Holds `bytes` of a body that have come, or says why not. Alone, a request may hold any number. */
  hold(bytes: number): Refusal | null;
  /** Holds one of the places of those that are being answered, or says why not. */
  enter(): Refusal | null;
}

/** Makes an empty room. `maxBodiesBytes` is the most that all bodies together are, save that one is always taken. */
export function createRoom(max: { readonly maxInFlight: number; readonly maxBodiesBytes: number }): Room {
  const held = { inFlight: 0, bodyBytes: 0 };
  return {
    open(response) {
      const place = new RequestPlace(max, held);
      response.on('close', () => place.leave());
      return place;
    },
    state: () => ({ ...held }),
  };
}

/** A class, because one is made for every request. */
class RequestPlace implements Place {
  readonly #max: Parameters<typeof createRoom>[0];
  readonly #held: { inFlight: number; bodyBytes: number };
  #bytes = 0;
  #isIn = false;
  #isGone = false;

  constructor(max: Parameters<typeof createRoom>[0], held: { inFlight: number; bodyBytes: number }) {
    this.#max = max;
    this.#held = held;
  }

  look(bytes: number): Refusal | null {
    if (this.#held.inFlight >= this.#max.maxInFlight) return tooManyInFlight;
    return this.#hasRoomFor(bytes) ? null : tooManyBytes;
  }

  hold(bytes: number): Refusal | null {
    if (!this.#hasRoomFor(bytes)) return tooManyBytes;
    // Of who has gone nothing would ever be given back.
    if (this.#isGone) return null;
    this.#bytes += bytes;
    this.#held.bodyBytes += bytes;
    return null;
  }

  enter(): Refusal | null {
    if (this.#held.inFlight >= this.#max.maxInFlight) return tooManyInFlight;
    if (this.#isGone) return null;
    this.#isIn = true;
    this.#held.inFlight += 1;
    return null;
  }

  leave(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#held.bodyBytes -= this.#bytes;
    if (this.#isIn) this.#held.inFlight -= 1;
  }

  #hasRoomFor(bytes: number): boolean {
    const { bodyBytes } = this.#held;
    return bodyBytes + bytes <= this.#max.maxBodiesBytes || bodyBytes === this.#bytes;
  }
}

const tooManyInFlight = tooBusy('The gateway is answering as many requests as it may (CRAWLGATE_MAX_IN_FLIGHT).');
const tooManyBytes = tooBusy('The gateway holds as many bytes of requests as it may (CRAWLGATE_MAX_BODIES_BYTES).');

function tooBusy(message: string): Refusal {
  return { status: 503, code: 'TOO_BUSY', message, headers: { 'retry-after': '1' } };
}
