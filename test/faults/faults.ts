// What a bad day is made of: each fault as it looks on the wire.
import type { ServerResponse } from 'node:http';

/** One fault of one call. Those with `isDone` happen after the engine did what it was asked. */
export type Fault =
  /** DynamoDB's own error, with its status. */
  | { readonly kind: 'exception'; readonly name: string; readonly status: number }
  /** An answer of something that is not DynamoDB. */
  | { readonly kind: 'page'; readonly status: number }
  | { readonly kind: 'slow'; readonly ms: number }
  /** An answer that is held back: the engine has done what it was asked. */
  | { readonly kind: 'held'; readonly until: Promise<void> }
  /** No answer at all, the connection kept open. */
  | { readonly kind: 'silent'; readonly isDone: boolean }
  /** Headers and half a body, then nothing. */
  | { readonly kind: 'stalled' }
  | { readonly kind: 'reset'; readonly isDone: boolean }
  /** Half a body, and the connection closed. */
  | { readonly kind: 'broken' }
  /** Half of the JSON as a whole answer. */
  | { readonly kind: 'torn' }
  /** Keys or items left over: those that `leaves` says, by their position or their key's text. */
  | { readonly kind: 'unprocessed'; readonly leaves: (position: number, key: string) => boolean }
  /** An answer that was cut by size: the first so many keys, at a cost that shows it. */
  | { readonly kind: 'cut'; readonly keys: number };

/** One call as a fault sees it. */
export interface Wire {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly response: ServerResponse;
  /** The engine's answer, to the input as it came or changed. */
  forward(changed?: object): Promise<{ readonly status: number; readonly body: Buffer }>;
  /** Notes a call that is never answered. */
  hold(): void;
}

/** Errors of DynamoDB by what they are about. */
export const exceptions = {
  throughput: exception('ProvisionedThroughputExceededException', 400),
  throttling: exception('ThrottlingException', 400),
  requestLimit: exception('RequestLimitExceeded', 400),
  internal: exception('InternalServerError', 500),
  unavailable: exception('ServiceUnavailable', 503),
  expired: exception('ExpiredTokenException', 400),
  missingTable: exception('ResourceNotFoundException', 400),
  forbidden: exception('AccessDeniedException', 400),
  unrecognized: exception('UnrecognizedClientException', 400),
  validation: exception('ValidationException', 400),
} as const;

/** Every fault that passes: what a store that is there may do to three calls in ten. */
export const passingFaults: readonly Fault[] = [
  exceptions.throughput,
  exceptions.throttling,
  exceptions.requestLimit,
  exceptions.internal,
  exceptions.unavailable,
  { kind: 'page', status: 502 },
  { kind: 'slow', ms: 20 },
  { kind: 'reset', isDone: false },
  { kind: 'reset', isDone: true },
  { kind: 'broken' },
  { kind: 'torn' },
  { kind: 'unprocessed', leaves: (position) => position % 2 === 0 },
  { kind: 'unprocessed', leaves: () => true },
  { kind: 'cut', keys: 10 },
];

function exception(name: string, status: number): Fault {
  return { kind: 'exception', name, status };
}

/** Answers the call with the fault; null lets it through. */
export async function faultyAnswer(fault: Fault | null, wire: Wire): Promise<void> {
  const { response } = wire;
  switch (fault?.kind) {
    case undefined: {
      const { status, body } = await wire.forward();
      json(response, status, body);
      return;
    }
    case 'exception': {
      const __type = `com.amazonaws.dynamodb.v20120810#${fault.name}`;
      json(response, fault.status, Buffer.from(JSON.stringify({ __type, message: 'A fault of a test.' })));
      return;
    }
    case 'page':
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end('<html><h1>Bad gateway</h1></html>');
      return;
    case 'slow': {
      const { status, body } = await wire.forward();
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      json(response, status, body);
      return;
    }
    case 'held': {
      const { status, body } = await wire.forward();
      await fault.until;
      json(response, status, body);
      return;
    }
    case 'silent':
      if (fault.isDone) await wire.forward();
      wire.hold();
      return;
    case 'stalled':
    case 'broken':
    case 'torn': {
      const { status, body } = await wire.forward();
      const half = body.subarray(0, Math.ceil(body.length / 2));
      if (fault.kind === 'torn') {
        json(response, status, half);
        return;
      }
      headers(response, status, body.length);
      response.write(half, () => {
        if (fault.kind === 'broken') response.destroy();
        else wire.hold();
      });
      return;
    }
    case 'reset':
      if (fault.isDone) await wire.forward();
      response.socket?.resetAndDestroy();
      return;
    case 'unprocessed':
      await partly(wire, fault.leaves, 0);
      return;
    case 'cut':
      await partly(wire, (position) => position >= fault.keys, 500);
      return;
    default:
      fault satisfies never;
  }
}

/** Lets the engine do a part of a batch and leaves the rest over. Any other operation goes through. */
async function partly(wire: Wire, leaves: (position: number, key: string) => boolean, units: number): Promise<void> {
  const { operation, input, response } = wire;
  const [name, asked] = Object.entries((input.RequestItems ?? {}) as Record<string, unknown>)[0] ?? ['', undefined];
  const isRead = operation === 'BatchGetItem';
  const list: unknown[] = isRead ? (asked as { Keys: unknown[] }).Keys : ((asked as unknown[] | undefined) ?? []);
  if (asked === undefined) {
    const { status, body } = await wire.forward();
    json(response, status, body);
    return;
  }
  const left = list.filter((each, position) => leaves(position, JSON.stringify(each)));
  const done = list.filter((each, position) => !leaves(position, JSON.stringify(each)));
  const part = isRead ? { ...(asked as object), Keys: done } : done;
  const answer =
    done.length === 0
      ? { status: 200, body: Buffer.from('{}') }
      : await wire.forward({ ...input, RequestItems: { [name]: part } });
  if (answer.status !== 200) {
    json(response, answer.status, answer.body);
    return;
  }
  const output: Record<string, Record<string, unknown>> = JSON.parse(answer.body.toString());
  const field = isRead ? 'UnprocessedKeys' : 'UnprocessedItems';
  const before = output[field]?.[name];
  // The engine may have left something over by itself.
  const more = isRead ? ((before as { Keys?: unknown[] } | undefined)?.Keys ?? []) : ((before as unknown[]) ?? []);
  const rest = [...left, ...more];
  const leftOver = rest.length === 0 ? {} : { [name]: isRead ? { Keys: rest } : rest };
  const cost = units === 0 ? {} : { ConsumedCapacity: [{ TableName: name, CapacityUnits: units }] };
  const whole = { ...(isRead ? { Responses: { [name]: [] } } : {}), ...output, ...cost, [field]: leftOver };
  json(response, 200, Buffer.from(JSON.stringify(whole)));
}

function json(response: ServerResponse, status: number, body: Buffer): void {
  headers(response, status, body.length);
  response.end(body);
}

function headers(response: ServerResponse, status: number, length: number): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'content-length': length });
}
