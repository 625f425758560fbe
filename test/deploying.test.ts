// What docs/deploying holds is what its pages say: the unit is hardened, the container file sound, nothing named is missing.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const unit = `${root}docs/deploying/crawlgate.service`;
const dockerfile = readFileSync(`${root}docs/deploying/Dockerfile`, 'utf8');

const hasSystemd = ((): boolean => {
  try {
    execFileSync('systemd-analyze', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!hasSystemd) process.stderr.write('systemd-analyze is missing: the unit is not analysed.\n');
/** The language server protocol's severity of what is no more than a hint. */
const information = 3;
const isCi = (process.env.CI ?? '') !== '';

describe('the systemd unit', () => {
  it.skipIf(!hasSystemd && !isCi)('is exposed less than 2 of 10, as systemd-analyze security counts', async () => {
    const args = ['security', '--offline=true', '--no-pager', '--threshold=20', unit];
    const { stdout } = await promisify(execFile)('systemd-analyze', args);
    const [, exposure] = /Overall exposure level for crawlgate\.service: ([\d.]+) /.exec(stdout) ?? [];
    expect(Number(exposure)).toBeLessThan(2);
  });

  it('sets what the gateway knows', () => {
    const [, settings = ''] = /^Environment=(.*)$/m.exec(readFileSync(unit, 'utf8')) ?? [];
    const env = Object.fromEntries(settings.split(' ').map((setting) => setting.split('=')));
    expect(readConfig({ ...env, AWS_REGION: 'eu-central-1' })).toMatchObject({ ok: true });
  });
});

describe('the container file', () => {
  it('has nothing for a linter to say', () => {
    const found = validate(dockerfile).filter(({ severity }) => severity !== information);
    expect(found.map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
    expect(validate('FROM node\nRUNS x\n')).not.toEqual([]);
  });

  it('copies what is there, runs not as root and has a health check', () => {
    const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    expect(sources).toContain('package-lock.json');
    expect(sources.filter((name) => !existsSync(`${root}${name}`))).toEqual([]);
    const kept = readFileSync(`${root}docs/deploying/Dockerfile.dockerignore`, 'utf8').match(/^!.*$/gm) ?? [];
    expect(kept.map((line) => line.slice(1)).sort()).toEqual([...sources].sort());
    expect(dockerfile).toMatch(/^USER nonroot$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  });

  it('wants keys, or the word that none are needed', () => {
    const [, settings = ''] = /^ENV (.*)$/m.exec(dockerfile) ?? [];
    const env = Object.fromEntries(settings.split(' ').map((setting) => setting.split('=')));
    const open = { ...env, AWS_REGION: 'eu-central-1' };
    expect(readConfig(open)).toMatchObject({ ok: false, problems: [expect.stringMatching(/CRAWLGATE_AUTH/)] });
    expect(readConfig({ ...open, CRAWLGATE_AUTH: 'none' })).toMatchObject({ ok: true });
  });
});

describe('the task definition', () => {
  const {
    containerDefinitions: [container],
    memory,
  } = JSON.parse(readFileSync(`${root}docs/deploying/task-definition.json`, 'utf8'));

  it('sets what the gateway knows, leaves room beside its memory, and asks the container’s own question', () => {
    const env = Object.fromEntries(
      container.environment.map((entry: { name: string; value: string }) => [entry.name, entry.value]),
    );
    expect(readConfig({ ...env, NODE_ENV: 'production' })).toMatchObject({ ok: true });
    expect(Number(env.CRAWLGATE_MEMORY_BYTES)).toBeLessThanOrEqual((Number(memory) / 2) * 1024 * 1024);
    expect(container.stopTimeout * 1000).toBeGreaterThan(Number(env.CRAWLGATE_SHUTDOWN_MS));
    const [, ...command] = container.healthCheck.command;
    expect(dockerfile).toContain(command.at(-1));
  });
});
