// How the tests run: files that only call functions share processes, any other has one of its own; none has the caller's AWS settings.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Half the CPU of such a file goes into a process and into loading the AWS SDK and GraphQL. Left out are files that weigh
 * the heap of their process, start whole gateways or engines in processes, or take as long as several others.
 */
const together = [
  'test/{config,deploying,docs,layers,monitoring,schema}.test.ts',
  'test/{cache,domain,observability,page}/*.test.ts',
  'test/cli/{progress,start-lines}.test.ts',
  'test/dynamo/!(embedded|feed).test.ts',
  'test/dynamo/provision/*.test.ts',
  'test/gateway/{late-table,metrics-topic,stored-result-rules}.test.ts',
  'test/graphql/!(operation-engine).test.ts',
  'test/http/!(server-audits|wire).test.ts',
];

/** What both kinds have in common. */
const files = { setupFiles: ['test/clear-environment.ts'], testTimeout: 30_000, hookTimeout: 60_000 };

// Node takes graphql's CommonJS build, Vite would take its .mjs for our own files: two realms that refuse each other's types.
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] };

export default defineConfig({
  test: {
    // Many tests wait for engines and timers; one worker a core less would leave a small machine idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      // One after the other, the quick ones first: a process is handed on only between files that follow each other.
      {
        resolve,
        test: { ...files, name: 'together', include: together, isolate: false, sequence: { groupOrder: 1 } },
      },
      {
        resolve,
        test: {
          ...files,
          name: 'apart',
          include: ['test/**/*.test.ts'],
          exclude: together,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
