// Opens the DynamoDB that the settings name, for a command: what happens to it is told on standard error.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Config } from '../config.js';
import { openDynamo } from '../gateway/open-dynamo.js';
import { startEngine } from '../gateway/start-engine.js';
import { type CommandContext, UsageError } from './command.js';

/** An opened DynamoDB. Disposing closes the client's connections, then ends the engine if it was started for this. */
export interface OpenedDynamo extends AsyncDisposable {
  readonly client: DynamoDBClient;
}

/** Dispose of it when the command is done. Throws a UsageError where the store is SQLite alone, an EmbeddedStartError where the embedded engine cannot be started. */
export async function openStore(config: Config, context: Pick<CommandContext, 'say'>): Promise<OpenedDynamo> {
  if (config.store.kind === 'sqlite') {
    const way = 'set CRAWLGATE_STORE=dynamodb (or hybrid) for this command';
    throw new UsageError(`CRAWLGATE_STORE is sqlite, and this command works on DynamoDB: ${way}`);
  }
  const engine = await startEngine(config, {
    notice: ({ level, message }) => {
      if (level !== 'info') context.say(message);
    },
  });
  const client = openDynamo(config, engine.facts);
  return {
    client,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await engine[Symbol.asyncDispose]();
    },
  };
}
