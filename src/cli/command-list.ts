// Every command besides `serve`. Its file is loaded when it is called, not before.
import type { CommandModule } from './command.js';

/** One command. */
export interface CommandEntry {
  readonly name: string;
  /** One line for the list of commands. */
  readonly description: string;
  readonly load: () => Promise<CommandModule>;
}

/** In the order of `crawlgate --help`. */
export const commandList: readonly CommandEntry[] = [
  {
    name: 'provision',
    description: 'Create or complete the tables of results and sessions.',
    load: () => import('./commands/provision.js'),
  },
  {
    name: 'doctor',
    description: 'Check settings, credentials, permissions, tables, clock and latency, and say what to do.',
    load: () => import('./commands/doctor.js'),
  },
  {
    name: 'backup',
    description: 'Turn on point-in-time recovery, and say from when to when tables can be restored.',
    load: () => import('./commands/backup.js'),
  },
  {
    name: 'capacity',
    description: 'Say what tables and indexes consumed, from CloudWatch.',
    load: () => import('./commands/capacity.js'),
  },
  {
    name: 'backfill',
    description: 'Give existing results what the indexes of crawlFeed need.',
    load: () => import('./commands/backfill.js'),
  },
  {
    name: 'import',
    description: "Put Crawl4AI's cache in SQLite into the table of results.",
    load: () => import('./commands/import.js'),
  },
  {
    name: 'validate',
    description: 'Compare that cache with the table of results, and repair.',
    load: () => import('./commands/validate.js'),
  },
  {
    name: 'get',
    description: 'Look URLs up in a running gateway.',
    load: () => import('./commands/get.js'),
  },
  {
    name: 'put',
    description: 'Store results of Crawl4AI in a running gateway.',
    load: () => import('./commands/put.js'),
  },
  {
    name: 'cost',
    description: 'What pages and lookups cost on DynamoDB on demand.',
    load: () => import('./commands/cost.js'),
  },
  {
    name: 'key',
    description: 'Make keys for callers.',
    load: () => import('./commands/key.js'),
  },
];
