// The command `key`: makes keys for callers. Nothing is stored: the key is printed once, and the line to keep.
import { createHash, randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { z } from 'zod';
import { formatApiKeyLine, parseApiKeyLine } from '../../config/api-key-line.js';
import type { CommandResult, Run } from '../command.js';
import { exitCodes } from '../exit-codes.js';

const options = z.object({
  name: z
    .string('is needed')
    .refine(
      (name) => parseApiKeyLine(`${name}:read:${'0'.repeat(64)}`) !== null,
      'must be 1 to 64 of a-z, 0-9, . _ and -',
    ),
  scope: z.enum(['read', 'write', 'admin'], 'must be read, write or admin'),
});

/** Bytes of chance in a key: as many as the digest has, so there is nothing to guess. */
const keyBytes = 32;

/** Hangs `new` and its work on the command. */
export function define(command: Command, run: Run): void {
  command
    .command('new')
    .description('Make a key: printed once, with the line of CRAWLGATE_API_KEYS or its file.')
    .option('--name <name>', 'who will use it; stands in logs and counts')
    .option('--scope <scope>', 'read, write or admin; each includes the one before')
    .action(
      run(options, async (_, { name, scope }): Promise<CommandResult> => {
        const key = `cg_${randomBytes(keyBytes).toString('base64url')}`;
        const line = formatApiKeyLine({ name, scope, sha256: createHash('sha256').update(key).digest('hex') });
        return {
          exitCode: exitCodes.ok,
          json: { key, line },
          lines: [
            `Key, shown this once: ${key}`,
            `Line to keep:         ${line}`,
            'The line goes into CRAWLGATE_API_KEYS or the file of CRAWLGATE_API_KEYS_FILE, the key to its caller, who sends',
            '"Authorization: Bearer <key>".',
          ],
        };
      }),
    );
}
