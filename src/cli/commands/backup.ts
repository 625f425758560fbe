// The command `backup`: turns on point-in-time recovery, and says from when to when a table can be restored.
import type { Command } from 'commander';
import { z } from 'zod';
import { turnOnRecovery } from '../../dynamo/provision/apply.js';
import { type Control, createControl, isUnsupported } from '../../dynamo/provision/control-plane.js';
import { readTable } from '../../dynamo/provision/read-table.js';
import { judgeFailure } from '../../dynamo/store-error.js';
import type { CommandContext, CommandResult, Run } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { openStore } from '../open-store.js';

/** One table's recovery. */
interface Backup {
  readonly table: string;
  readonly recovery: 'on' | 'off' | 'no such table' | 'unsupported' | 'forbidden';
  /** Whether it was turned on now. */
  readonly changed: boolean;
  /** ISO 8601; null where DynamoDB does not say. */
  readonly earliest: string | null;
  readonly latest: string | null;
  /** How many days it is kept for. */
  readonly days: number | null;
}

/** Hangs the options and the work on the command. */
export function define(command: Command, run: Run): void {
  command
    .option('--dry-run', 'only say how it is')
    .addHelpText(
      'after',
      '\nRecovery is never turned off. Restoring makes a new table:' +
        '\n  aws dynamodb restore-table-to-point-in-time --source-table-name … --target-table-name … --restore-date-time …' +
        '\nEnds with 1 where a table has no recovery.',
    )
    .action(run(z.object({ dryRun: z.boolean().default(false) }), backup));
}

async function backup(context: CommandContext, { dryRun }: { readonly dryRun: boolean }): Promise<CommandResult> {
  const config = context.config();
  await using store = await openStore(config, context);
  const control = createControl({ client: store.client, signal: context.signal });
  const names = [config.tables.results, config.tables.sessions];
  const tables: Backup[] = [];
  {
    using bar = await context.progress('tables', names.length);
    for (const name of names) {
      bar.update(tables.length, name);
      tables.push(await backUp(control, name, dryRun));
    }
  }
  return {
    exitCode: tables.every(({ recovery }) => recovery === 'on') ? exitCodes.ok : exitCodes.failed,
    json: { tables },
    lines: tables.map(lineOf),
  };
}

async function backUp(control: Control, name: string, dryRun: boolean): Promise<Backup> {
  const none = { table: name, changed: false, earliest: null, latest: null, days: null };
  const before = await readTable(control, name);
  if (before === null) return { ...none, recovery: 'no such table' };
  if (before.recovery.kind !== 'known') return { ...none, recovery: before.recovery.kind };
  const mustChange = !before.recovery.value.isOn && !dryRun;
  if (mustChange) {
    try {
      await turnOnRecovery(control, name);
    } catch (thrown) {
      if (isUnsupported(thrown)) return { ...none, recovery: 'unsupported' };
      throw judgeFailure(thrown, 'UpdateContinuousBackups').error;
    }
  }
  const after = mustChange ? await readTable(control, name) : before;
  const found = after?.recovery.kind === 'known' ? after.recovery.value : before.recovery.value;
  return {
    table: name,
    recovery: found.isOn ? 'on' : 'off',
    changed: mustChange && found.isOn,
    earliest: found.earliest?.toISOString() ?? null,
    latest: found.latest?.toISOString() ?? null,
    days: found.days,
  };
}

function lineOf({ table, recovery, changed, earliest, latest, days }: Backup): string {
  if (recovery === 'no such table') return `${table}: there is no such table (crawlgate provision makes it)`;
  if (recovery === 'unsupported') return `${table}: this engine has no point-in-time recovery`;
  if (recovery === 'forbidden')
    return `${table}: reading its recovery was refused (dynamodb:DescribeContinuousBackups)`;
  if (recovery === 'off') return `${table}: point-in-time recovery is off`;
  const range =
    earliest === null || latest === null
      ? 'restore times come in some minutes'
      : `restorable from ${earliest} to ${latest}${days === null ? '' : `, kept for ${days} days`}`;
  return `${table}: point-in-time recovery ${changed ? 'was turned on' : 'is on'}, ${range}`;
}
