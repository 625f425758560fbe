// Makes the changes of a plan, one after another, each only when the one before has been taken in.
import {
  CreateTableCommand,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { CrawlgateError } from '../../errors.js';
import { busy, type Control, nameOf } from './control-plane.js';
import { billingInput, createInput, newIndexInput, sseInput, type TableChange, tagList } from './inputs.js';
import type { Step } from './plan.js';
import { describe, type FoundTable, readTable } from './read-table.js';
import type { TableShape } from './table-shape.js';
import { type TableWishes, ttlAttribute } from './wishes.js';

/** What a change is made to. */
export interface ApplyTarget {
  readonly control: Control;
  readonly shape: TableShape;
  readonly wishes: TableWishes;
  /** As it was before the first change; null: it was not there. */
  readonly found: FoundTable | null;
  /** Told at each look what is waited for, and how many milliseconds by now. */
  readonly onWait: (line: string, ms: number) => void;
}

/** Makes one change and waits until it holds. Rejects with what the SDK threw. */
export async function applyStep(target: ApplyTarget, step: Step): Promise<void> {
  const { control, shape, wishes, found } = target;
  const { client, call } = control;
  const TableName = shape.name;
  switch (step.kind) {
    case 'create':
      await create(target);
      return;
    case 'billing':
      await update(target, billingInput(step.billing, await asItIs(target)));
      return;
    case 'sse':
      await update(target, { SSESpecification: sseInput(step.key) ?? { Enabled: false } });
      return;
    case 'deletionProtection':
      await update(target, { DeletionProtectionEnabled: true });
      return;
    case 'index':
      await update(target, newIndexInput(step.index, await asItIs(target), wishes));
      return;
    case 'ttl': {
      const TimeToLiveSpecification = { AttributeName: ttlAttribute, Enabled: true };
      const command = new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification });
      await call('UpdateTimeToLive', (options) => client.send(command, options), early);
      return;
    }
    case 'recovery':
      await turnOnRecovery(control, TableName);
      return;
    case 'tags': {
      const command = new TagResourceCommand({ ResourceArn: found?.arn, Tags: tagList(step.tags) });
      await call('TagResource', (options) => client.send(command, options), early);
      return;
    }
    default:
      step satisfies never;
  }
}

/** After the changes before this one. */
async function asItIs({ control, shape }: ApplyTarget): Promise<FoundTable> {
  const found = await readTable(control, shape.name);
  if (found === null) throw cannotSettle(shape.name, 'it is not there any more');
  return found;
}

/** Turns on point-in-time recovery. Rejects with what the SDK threw. */
export async function turnOnRecovery({ client, call }: Control, TableName: string): Promise<void> {
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  const command = new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification });
  await call('UpdateContinuousBackups', (options) => client.send(command, options), early);
}

/** A table made a moment ago may not be known everywhere yet, and its backups be on their way. */
const early = [...busy, 'ResourceNotFoundException', 'TableNotFoundException', 'ContinuousBackupsUnavailableException'];

async function create(target: ApplyTarget): Promise<void> {
  const { control, shape, wishes } = target;
  const command = new CreateTableCommand(createInput(shape, wishes));
  try {
    await control.call('CreateTable', (options) => control.client.send(command, options), ['LimitExceededException']);
  } catch (thrown) {
    // Somebody else is making it, or an answer of ours was lost: what it became is compared afterwards.
    if (nameOf(thrown) !== 'ResourceInUseException') throw thrown;
  }
  await settled(target);
}

async function update(target: ApplyTarget, change: TableChange): Promise<void> {
  const { control, shape } = target;
  // An earlier run that was killed, or somebody else, may have left a change under way: of minutes, where it is an index.
  await settled(target);
  const command = new UpdateTableCommand({ TableName: shape.name, ...change });
  await control.call('UpdateTable', (options) => control.client.send(command, options), early);
  await settled(target);
}

/** States that do not end by waiting: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html */
const lost = new Set(['INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'ARCHIVING', 'ARCHIVED', 'DELETING']);

/** Looks at a table that was made a moment ago and is not known everywhere yet: a minute, as the looks grow apart. */
const looksForNew = 40;

/**
 * Until table and indexes are ACTIVE: DynamoDB takes one change of a table at a time, and one new index.
 * Rejects with STORE_MISCONFIGURED where the table is gone or in a state that it does not leave.
 */
async function settled({ control, shape, found, onWait }: ApplyTarget): Promise<void> {
  let waited = 0;
  let wasSeen = found !== null;
  for (let looks = 1; ; looks += 1) {
    const table = await describe(control, shape.name);
    // Null also for a table that was made a moment ago.
    if (table === null && (wasSeen || looks > looksForNew)) throw cannotSettle(shape.name, 'it is not there any more');
    wasSeen ||= table !== null;
    if (lost.has(table?.TableStatus ?? '')) throw cannotSettle(shape.name, `its state is ${table?.TableStatus}`);
    const states = [
      { name: shape.name, status: table?.TableStatus ?? 'CREATING' },
      ...(table?.GlobalSecondaryIndexes ?? []).map((index) => ({
        name: index.IndexName ?? '',
        status: index.IndexStatus ?? 'ACTIVE',
      })),
    ];
    const waiting = states.filter(({ status }) => status !== 'ACTIVE');
    if (waiting.length === 0) return;
    onWait(waiting.map(({ name, status }) => `${name} is ${status}`).join(', '), waited);
    const ms = Math.min(8 * control.pollMs, Math.max(control.pollMs, waited / 4));
    await control.wait(ms);
    waited += ms;
  }
}

function cannotSettle(name: string, why: string): CrawlgateError {
  const message = `Waiting for the table ${name} was given up: ${why}.`;
  return new CrawlgateError('STORE_MISCONFIGURED', message, { operation: 'DescribeTable' });
}
