// Opens the DynamoDB that the settings name, for a command: what happens to it is told on standard error.
import type { Config } from '../config.js';
import { type OpenedDynamo, openDynamo } from '../gateway/open-dynamo.js';
import type { CommandContext } from './command.js';

/** Dispose of it when the command is done. Throws an EmbeddedStartError where the embedded engine cannot be started. */
export function openStore(config: Config, context: Pick<CommandContext, 'say'>): Promise<OpenedDynamo> {
  return openDynamo(config, {
    notice: ({ level, message }) => {
      if (level !== 'info') context.say(message);
    },
  });
}
