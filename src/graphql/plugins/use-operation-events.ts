// Tells the events of every operation: its name, how it ended, how long it took.
import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { CrawlgateError } from '../../errors.js';
import { shortName } from '../../observability/bounded-names.js';
import type { Events } from '../../observability/events.js';
import type { GatewayContext } from '../context.js';
import { codesOf } from '../error-policy.js';
import type { OnOperationDone } from '../operation-payloads.js';

const refused = { name: null, type: 'unknown', outcome: 'refused', durationMs: 0 } as const;

/** An operation that is not executed (no GraphQL, not of this schema, variables that do not fit) is told as refused. */
export function useOperationEvents(events: Pick<Events, 'operation'>): Plugin<GatewayContext> {
  const refuse = (requestId: string | null, codes: readonly string[] = []): void =>
    events.operation({ ...refused, requestId, codes });
  const onExecuteDone: OnOperationDone = ({ args, result }) => {
    // The schema has no subscription and no @stream: a result is always one.
    if (Symbol.asyncIterator in result) return;
    const { startedAt, requestId, services } = args.contextValue;
    if (!('data' in result)) {
      refuse(requestId, codesOf(result.errors));
      return;
    }
    const operation = getOperationAST(args.document, args.operationName);
    const name = operation?.name?.value;
    const isAbandoned = result.errors !== undefined && hasLeft(args.contextValue);
    events.operation({
      name: name === undefined ? null : shortName(name),
      type: operation?.operation === 'mutation' ? 'mutation' : 'query',
      outcome: isAbandoned ? 'abandoned' : result.errors === undefined ? 'ok' : 'errors',
      durationMs: services.elapsed() - startedAt,
      requestId,
      codes: isAbandoned ? [] : codesOf(result.errors),
    });
  };
  // One for all operations: nothing is made for each.
  const afterwards = { onExecuteDone };
  return {
    onParse:
      ({ context }) =>
      ({ result }) => {
        if (result instanceof Error) refuse(context.requestId ?? null);
      },
    onValidate:
      ({ context }) =>
      ({ valid }) => {
        if (!valid) refuse(context.requestId ?? null);
      },
    onExecute: () => afterwards,
  };
}

/** Whether the caller has gone. At the deadline the signal says so itself; anything else is the client's. */
function hasLeft({ signal }: GatewayContext): boolean {
  return signal.aborted && !(signal.reason instanceof CrawlgateError);
}
