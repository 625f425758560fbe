// The command `doctor`: checks everything that a gateway needs, and says what to do about each finding.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import { z } from 'zod';
import { type Config, readConfig } from '../../config.js';
import { describeResultsTable } from '../../dynamo/describe.js';
import { createControl } from '../../dynamo/provision/control-plane.js';
import { type FoundTable, readTable } from '../../dynamo/provision/read-table.js';
import { resultsShape, sessionsShape } from '../../dynamo/provision/table-shape.js';
import { ownTag, type TableWishes } from '../../dynamo/provision/wishes.js';
import { layoutOfKeys } from '../../dynamo/table.js';
import { CrawlgateError } from '../../errors.js';
import { checkConnection, checkCredentials } from '../../operations/check-connection.js';
import { checkPermissions } from '../../operations/check-permissions.js';
import { checkTable, unreadTable } from '../../operations/check-tables.js';
import { type Finding, fine } from '../../operations/finding.js';
import { checkCache } from '../check-cache.js';
import type { CommandContext, CommandResult, Run } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { openStore } from '../open-store.js';

/** Hangs the options and the work on the command. */
export function define(command: Command, run: Run): void {
  command
    .addHelpText(
      'after',
      '\nReads a few items; writes are tried with conditions that cannot hold, and change nothing.' +
        '\nEnds with 1 where there is a warning or a problem.',
    )
    .action(run(z.object({}), doctor));
}

/** What a table is to have. */
const wishes: TableWishes = {
  billing: null,
  sse: null,
  recovery: true,
  deletionProtection: true,
  tags: new Map([ownTag]),
};

async function doctor(context: CommandContext): Promise<CommandResult> {
  const read = readConfig(context.env);
  if (!read.ok) {
    return resultOf(
      read.problems.map((found) => ({
        check: 'settings',
        level: 'problem',
        found,
        advice: 'docs/settings.md lists every setting with its bounds.',
      })),
    );
  }
  const { config } = read;
  const { description, decidedBy } = config.store;
  const settings = fine('settings', `${description}, ${decidedBy === 'default' ? 'by default' : `by ${decidedBy}`}`);
  const { kind } = config.store;
  const cache = kind === 'sqlite' || kind === 'hybrid' ? await checkCache(config, kind === 'hybrid') : [];
  if (kind === 'sqlite') return resultOf([settings, ...cache]);
  await using store = await openStore(config, context);
  using bar = await context.progress('checks', 5);
  let checked = 0;
  const begin = (what: string): void => {
    bar.update(checked, what);
    checked += 1;
  };
  return resultOf([settings, ...cache, ...(await checkStore(config, context, store.client, begin))]);
}

async function checkStore(
  config: Config,
  context: CommandContext,
  client: DynamoDBClient,
  begin: (what: string) => void,
): Promise<readonly Finding[]> {
  const { signal } = context;
  const { results, sessions } = config.tables;
  begin('credentials');
  const credentials = await checkCredentials(client);
  if (credentials.level === 'problem') return [credentials];
  begin('connection');
  const connection = await checkConnection({ client, table: results, signal, now: Date.now });
  const findings = [credentials, ...connection];
  if (connection.some(({ check }) => check === 'connection')) return findings;

  const control = createControl({ client, signal });
  const tables = new Map<string, FoundTable | null | CrawlgateError>();
  for (const name of [results, sessions]) {
    begin(name);
    const table = await readTable(control, name).catch((error: unknown) => asKnown(error));
    tables.set(name, table);
    const keys = table instanceof CrawlgateError ? null : (table?.keys ?? null);
    const layout = (keys === null ? null : layoutOfKeys(keys)) ?? 'versioned';
    const shape = name === results ? resultsShape(name, layout) : sessionsShape(name);
    findings.push(...(table instanceof CrawlgateError ? [unreadTable(name, table)] : checkTable(shape, wishes, table)));
  }
  const described = await describeResultsTable(client, results).catch((error: unknown) => asKnown(error));
  if (described === null || described instanceof CrawlgateError) return findings;
  begin('permissions');
  const permissions = await checkPermissions({
    client,
    results: { name: results, layout: described.layout, indexes: [...described.indexes] },
    sessions: tables.get(sessions) === null ? null : sessions,
    signal,
  });
  return [...findings, ...permissions];
}

function asKnown(error: unknown): CrawlgateError {
  if (error instanceof CrawlgateError) return error;
  throw error;
}

const marks = { ok: 'ok      ', note: 'note    ', warning: 'WARNING ', problem: 'PROBLEM ' } as const;

function resultOf(findings: readonly Finding[]): CommandResult {
  const isFine = findings.every(({ level }) => level === 'ok' || level === 'note');
  return {
    exitCode: isFine ? exitCodes.ok : exitCodes.failed,
    json: { ok: isFine, findings },
    lines: findings.flatMap(({ check, level, found, advice }) => [
      `${marks[level]}${check}: ${found}`,
      ...(advice === null ? [] : [`        ${advice}`]),
    ]),
  };
}
