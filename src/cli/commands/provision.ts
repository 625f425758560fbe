// The command `provision`: the tables of results and sessions, as this gateway makes them.
import type { Command } from 'commander';
import { z } from 'zod';
import { createTable, resultsTableInput, sessionsTableInput } from '../../dynamo/provision.js';
import type { CommandResult, Run } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { openStore } from '../open-store.js';

const options = z.object({
  layout: z.enum(['document', 'versioned'], 'must be document or versioned').optional(),
});

/** Hangs the options and the work on the command. */
export function define(command: Command, run: Run): void {
  command
    .option('--layout <layout>', 'document or versioned: keys of a table that is made (CRAWLGATE_LAYOUT, versioned)')
    .action(
      run(options, async (context, { layout }): Promise<CommandResult> => {
        const config = context.config();
        await using store = await openStore(config, context);
        const { results, sessions } = config.tables;
        const inputs = [
          resultsTableInput(results, layout ?? config.dynamo.layout ?? 'versioned'),
          sessionsTableInput(sessions),
        ];
        const changes: { table: string; change: 'created' | 'none' }[] = [];
        for (const input of inputs) {
          const isNew = await createTable(store.client, input, { signal: context.signal });
          changes.push({ table: input.TableName ?? '', change: isNew ? 'created' : 'none' });
        }
        const lines = changes.map(({ table, change }) => `${table}: ${change === 'created' ? 'created' : 'is there'}`);
        return { exitCode: exitCodes.ok, json: { tables: changes }, lines };
      }),
    );
}
