// The start lines for stores, addresses and versions of Node that a test cannot have.
import { describe, expect, it } from 'vitest';
import { type StartFacts, startLines } from '../../src/cli/start-lines.js';
import { testConfig } from '../support/gateway.js';

function linesFor(env: Readonly<Record<string, string>>, facts: Partial<StartFacts> = {}): string {
  return startLines({
    version: '1.2.3',
    nodeVersion: 'v24.1.0',
    config: testConfig('data', env),
    address: { host: '127.0.0.1', port: 4000 },
    engine: null,
    layout: null,
    ...facts,
  }).join('\n');
}

describe('the start lines', () => {
  it('name AWS and the region where that is the store', () => {
    const said = linesFor({ AWS_REGION: 'eu-west-1', DYNAMODB_TABLE_CRAWL_RESULTS: 'pages' });
    expect(said).toContain(
      'AWS DynamoDB in eu-west-1 (because DYNAMODB_TABLE_CRAWL_RESULTS is set), table pages (not reached yet)',
    );
  });

  it('give a URL that a browser can open, whatever address is listened on', () => {
    const open = { CRAWLGATE_HOST: '0.0.0.0', CRAWLGATE_AUTH: 'none' };
    const said = linesFor(open, { address: { host: '0.0.0.0', port: 80 } });
    expect(said).toContain('http://127.0.0.1:80/graphql');
    expect(said).toContain('CRAWLGATE_AUTH is none');
    expect(linesFor(open, { address: { host: '::1', port: 80 } })).toContain('http://[::1]:80/graphql');
  });

  it('say who is answered, and try nothing that would be refused', () => {
    const line = `dash:read:${'0'.repeat(64)}`;
    const keys = { CRAWLGATE_API_KEYS: line, CRAWLGATE_API_KEYS_FILE: '/etc/crawlgate/keys' };
    const known = linesFor(keys);
    expect(known).toContain('Callers need a key or token: 1 of CRAWLGATE_API_KEYS, those of /etc/crawlgate/keys');
    expect(known).toMatch(/Try: curl -s \S+ -H 'authorization: Bearer …' -H/);
    expect(known).not.toContain('dash');
    expect(linesFor({})).not.toMatch(/authorization|Callers/);
    const persisted = { CRAWLGATE_PERSISTED: 'only', CRAWLGATE_PERSISTED_MANIFEST: 'manifest.json' };
    expect(linesFor(persisted)).not.toContain('Try:');
  });

  it('say on which port the embedded engine is, and which one was taken', () => {
    const engine = { endpoint: 'http://127.0.0.1:4711', folder: '/data/dynamodb', portTaken: 8000 };
    const said = linesFor({}, { engine });
    expect(said).toContain('DYNAMODB_ENDPOINT=http://127.0.0.1:4711 (this time; port 8000 is taken)');
    expect(said).toContain('Data: /data/dynamodb');
  });

  it('mention the end of life of Node 20 alone', () => {
    expect(linesFor({}, { nodeVersion: 'v20.19.0' })).toMatch(/Node 20 is past its end of life/);
    expect(linesFor({}, { nodeVersion: 'v22.19.0' })).not.toMatch(/end of life/);
  });
});
