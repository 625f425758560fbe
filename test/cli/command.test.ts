// What all commands have in common, as a shell sees it: help, JSON, exit codes, what goes where, an end by a signal.
import { describe, expect, it } from 'vitest';
import { startFakeDynamo } from '../support/fake-dynamo.js';
import { runGateway } from '../support/gateway-process.js';
import { embeddedEnv, runCommand as run } from './commands.js';

describe('every command', () => {
  it('stands in the list with one line, and has help of its own', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/provision +Create or complete/);
    const own = await run(['provision', '--help']);
    expect(own).toMatchObject({ code: 0, stderr: '' });
    expect(own.stdout).toMatch(/--layout <layout>/);
    expect(own.stdout).toMatch(/--json/);
    expect(await run(['help', 'provision'])).toEqual(own);
  });

  it('ends with 2 where it is called wrongly, says why on standard error and does nothing', async () => {
    await using store = await startFakeDynamo({});
    const env = { DYNAMODB_ENDPOINT: store.endpoint };
    const unknown = await run(['provision', '--colour'], env);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain("unknown option '--colour'");
    const wrong = await run(['provision', '--layout', 'square'], env);
    expect(wrong).toEqual({ code: 2, stdout: '', stderr: '--layout: must be document or versioned\n' });
    expect(store.operations).toEqual([]);
  });

  it('says of a mistyped command that there is none, whatever stands behind it', async () => {
    for (const words of [['provison'], ['provison', '--dry-run'], ['provison', '--help'], ['help', 'provison']]) {
      const { code, stdout, stderr } = await run(words);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/unknown command 'provison'\n\(Did you mean provision\?\)/);
    }
  });

  it('takes an empty text, as of a variable that is not set, for no number', async () => {
    const words = { code: 2, stdout: '', stderr: '--rate: must be a whole number\n' };
    expect(await run(['backfill', '--rate', ''])).toEqual(words);
    expect(await run(['backfill', '--rate', 'fast'])).toEqual(words);
    const units = ['provision', '--dry-run', '--billing', 'provisioned', '--read-units', '', '--write-units', '1'];
    expect((await run(units)).stderr).toContain('--read-units: must be a whole number from 1');
  });

  it('ends with 2 where the settings are wrong, a line for each problem', async () => {
    const { code, stdout, stderr } = await run(['provision'], { CRAWLGATE_PORT: '80OO', CRAWLGATE_MAX_URLS: '0' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });

  it('with --json says one JSON value on standard output, also when it fails', async () => {
    await using engine = await embeddedEnv();
    const done = await run(['provision', '--json'], engine.env);
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(done.stdout)).toMatchObject({ tables: [{}, {}] });
    const failed = await run(['provision', '--json'], { CRAWLGATE_MAX_URLS: '0' });
    expect(failed.code).toBe(2);
    expect(JSON.parse(failed.stdout)).toEqual({
      error: { code: 'BAD_USAGE', message: expect.stringContaining('CRAWLGATE_MAX_URLS') },
    });
  });

  it('draws no bar and no colour in a pipe', async () => {
    await using engine = await embeddedEnv();
    const { stdout, stderr } = await run(['provision'], engine.env);
    expect(stdout + stderr).not.toContain('\u001B');
  });

  it('goes on to its end where nobody reads any more, as after `head`', async () => {
    await using unread = runGateway({}, { args: ['provision', '--print', 'iam'] });
    unread.child.stdout?.destroy();
    expect(await unread.ended).toEqual({ code: 0, signal: null });
    expect(unread.stderr()).toBe('');
  });

  it('says what DynamoDB or the system said when it failed', async () => {
    const { code, stdout, stderr } = await run(['provision'], { DYNAMODB_ENDPOINT: 'http://127.0.0.1:9' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^DynamoDB did not answer\. .*ECONNREFUSED.*\n$/);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends by %s with %i, having put down what it held', async (signal, code) => {
    let asked = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    await using store = await startFakeDynamo({
      answer: () => {
        asked();
        return new Promise(() => undefined);
      },
    });
    await using process = runGateway({ DYNAMODB_ENDPOINT: store.endpoint }, { args: ['provision'] });
    await isAsked;
    process.child.kill(signal);
    expect(await process.ended).toEqual({ code, signal: null });
    expect(process.stderr()).toBe(`Ended by ${signal}.\n`);
    expect(process.stdout()).toBe('');
  });
});
