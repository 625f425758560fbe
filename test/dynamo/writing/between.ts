// Clients that stand between a gateway and its table: calls in random order, or each call as a test wants it.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** One call on its way. */
export interface Call {
  /** DynamoDB's name for it. */
  readonly operation: string;
  readonly input: object;
}

/** What becomes of a call: `send` sends it and resolves to its answer. */
export type Around = (call: Call, send: () => Promise<object>) => Promise<object>;

/** `client` with `around` between it and whoever sends. */
export function between(client: DynamoDBClient, around: Around): DynamoDBClient {
  const send = (command: { readonly input: object }, options: object): Promise<object> => {
    const operation = command.constructor.name.replace(/Command$/, '');
    const through = client.send.bind(client) as unknown as (command: object, options: object) => Promise<object>;
    return around({ operation, input: command.input }, () => through(command, options));
  };
  return new Proxy(client, {
    get: (target, name) => (name === 'send' ? send : Reflect.get(target, name, target)),
  });
}

/**
 * `client` whose calls, and their answers, overtake one another at random: each waits its turn, and turns are drawn.
 * Clients made by one `shuffler` are shuffled together.
 */
export function shuffler(random: () => number): (client: DynamoDBClient) => DynamoDBClient {
  const waiting: (() => void)[] = [];
  let isPumping = false;
  const pump = (): void => {
    // Half of the turns let nobody through, so that calls gather and there is something to draw from.
    if (random() < 0.5) {
      const [next] = waiting.splice(Math.floor(random() * waiting.length), 1);
      next?.();
    }
    if (waiting.length > 0) setImmediate(pump);
    else isPumping = false;
  };
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (isPumping) return;
      isPumping = true;
      setImmediate(pump);
    });
  return (client) =>
    between(client, async (_, send) => {
      await turn();
      const answer = await send().then(
        (value) => () => value,
        (error: unknown) => () => {
          throw error;
        },
      );
      await turn();
      return answer();
    });
}

/** A failure of the network after which nobody knows whether the call was carried out. */
export function lostAnswer(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'TimeoutError', $metadata: {} });
}
