// Tells the events of every operation: its name, how it ended, how long it took.
import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { CrawlgateError } from '../../errors.js';
import { shortName } from '../../observability/bounded-names.js';
import type { Events } from '../../observability/events.js';
import type { GatewayContext } from '../context.js';
import { codesOf } from '../error-policy.js';
import type { OnOperationDone } from '../operation-payloads.js';
import type { TellRefused } from '../refused-operations.js';
import { isSingle } from '../single-result.js';

/** An operation that is executed is told when it has ended; one that is not (it has no data), by its answer. */
export function useOperationEvents(
  events: Pick<Events, 'operation'>,
  tellRefused: TellRefused,
): Plugin<GatewayContext, { readonly req?: { readonly headers: Readonly<Record<string, unknown>> } }> {
  const onExecuteDone: OnOperationDone = ({ args, result }) => {
    if (!isSingle(result) || !('data' in result)) return;
    const { startedAt, requestId, services } = args.contextValue;
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
    onResultProcess: ({ result, serverContext }) => {
      if (isSingle(result)) tellRefused(result, serverContext.req?.headers);
    },
    onExecute: () => afterwards,
  };
}

/** Whether the caller has gone. At the deadline the signal says so itself; anything else is the client's. */
function hasLeft({ signal }: GatewayContext): boolean {
  return signal.aborted && !(signal.reason instanceof CrawlgateError);
}
