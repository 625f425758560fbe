// A Python of our own with boto3, moto and Crawl4AI itself, without its browsers and language models.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached } from './cache.mjs';
import { has, run, startServer } from './child.mjs';

const requirements = fileURLToPath(new URL('../python/requirements.txt', import.meta.url));
const motoServer = fileURLToPath(new URL('moto_server.py', import.meta.url));

/** With what it needs to crawl over HTTP in requirements.txt. */
const crawl4ai = 'crawl4ai==0.9.5';

/**
 * Older ones beside it, each in a folder `crawl4ai-<version>`: the first that validates its cache, the last before, and
 * the first that the registry has, whose database module works by itself.
 */
const olderVersions = ['0.8.0', '0.7.8', '0.3.0'];

/** The interpreter's path; null where Python is missing. */
export async function findPython() {
  if (!(await has('python3', ['-c', 'import venv, ensurepip']))) return null;
  const version = await run('python3', ['--version'], { timeoutMs: 30_000 });
  const recipe = `${version}${crawl4ai} ${olderVersions}\n${await readFile(requirements, 'utf8')}`;
  const folder = await cached('python', recipe, async (draft) => {
    await run('python3', ['-m', 'venv', draft], { timeoutMs: 120_000 });
    const pip = [join(draft, 'bin/python'), '-m', 'pip', 'install', '-q', '--disable-pip-version-check'];
    const [python, ...install] = pip;
    await run(python, [...install, '-r', requirements], { timeoutMs: 600_000 });
    await run(python, [...install, '--no-deps', crawl4ai], { timeoutMs: 200_000 });
    for (const older of olderVersions) {
      const target = ['--target', join(draft, `crawl4ai-${older}`)];
      await run(python, [...install, '--no-deps', ...target, `crawl4ai==${older}`], { timeoutMs: 200_000 });
    }
  });
  return join(folder, 'bin/python');
}

/** moto's server, https://docs.getmoto.org/en/latest/docs/server_mode.html */
export async function startMoto(python) {
  const server = await startServer('moto', (port) => [python, motoServer, String(port)]);
  const version = await run(python, ['-c', 'import moto; print(moto.__version__)'], { timeoutMs: 60_000 });
  return { name: 'moto', version: version.trim(), ...server };
}
