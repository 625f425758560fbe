// DynamoDB as the tiers may meet it: answers late, in any order or not at all, and is only eventually consistent.
import type { Consistency, ReadMany, ReadOutcome, ReadRequest } from '../../src/domain/read-many.js';
import { type Page, page } from './memory-world.js';
import { unavailable } from './scripted-store.js';

/** What a key held from `since` (milliseconds) on, until the next state; `bytes` 0: nothing. */
interface State {
  readonly since: number;
  readonly bytes: number;
}

/** How a call is answered. `failing` has a bit for each key of the call. */
export interface Answer {
  readonly failing: number;
  readonly lag: number;
  readonly rejects: boolean;
}

interface PendingCall {
  readonly request: ReadRequest<string>;
  read: ReadonlyMap<string, ReadOutcome<Page>> | null;
  readonly resolve: (outcomes: ReadonlyMap<string, ReadOutcome<Page>>) => void;
  readonly reject: (error: unknown) => void;
}

/** An eventually consistent read may miss what was written up to `maxLagMs` ago. */
export function createSimulatedStore(now: () => number, keys: readonly string[], maxLagMs: number) {
  const history = new Map<string, State[]>(keys.map((key) => [key, [{ since: 0, bytes: 0 }]]));
  const pending: PendingCall[] = [];
  const statesOf = (key: string): State[] => history.get(key) ?? [];

  function read(call: PendingCall, lag: number): void {
    const { keys: asked, want } = call.request;
    call.read ??= new Map(asked.map((key) => [key, outcomeOf(key, want.consistency, lag)]));
    function outcomeOf(key: string, consistency: Consistency, by: number): ReadOutcome<Page> {
      const states = statesOf(key);
      let index = states.length - 1;
      const isVisible = (at: number) => (states[at + 1]?.since ?? Number.POSITIVE_INFINITY) > now() - maxLagMs;
      for (let back = 0; consistency === 'EVENTUAL' && back < by && index > 0 && isVisible(index - 1); back += 1) {
        index -= 1;
      }
      const bytes = states[index]?.bytes ?? 0;
      if (bytes === 0) return { kind: 'absent' };
      const provenance = { source: 'DYNAMODB', status: 'FRESH', readAt: now() } as const;
      return { kind: 'found', value: page(index, { groups: want.groups, bytes }), provenance };
    }
  }

  const next: ReadMany<string, Page> = (request) =>
    new Promise((resolve, reject) => pending.push({ request, read: null, resolve, reject }));

  return {
    next,
    pending,
    /** The number of the state that `key` is in now. */
    indexOf: (key: string) => statesOf(key).length - 1,
    /** Whether `key` was empty in any state from number `floor` on. */
    wasEmptySince: (key: string, floor: number) => statesOf(key).some((state, index) => index >= floor && !state.bytes),
    write(key: string, bytes: number): number {
      return statesOf(key).push({ since: now(), bytes }) - 1;
    },
    /** The store looks at its items for this call; the answer is still on its way. */
    read,
    answer(call: PendingCall, { failing, lag, rejects }: Answer): void {
      pending.splice(pending.indexOf(call), 1);
      if (rejects) {
        call.reject(new Error('torn'));
        return;
      }
      read(call, lag);
      const outcomes = [...(call.read ?? [])];
      call.resolve(
        new Map(outcomes.map(([key, outcome], index) => [key, failing & (1 << index) ? unavailable : outcome])),
      );
    },
  };
}
