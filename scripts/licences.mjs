// Lists what the gateway is made of, with licences, as installed: `npm run licences`. Ends with 1 for one that needs a look.
import { readFile } from 'node:fs/promises';

/** Licences that ask for no more than to be named. */
const usual = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);
const root = new URL('../', import.meta.url);
const { packages } = JSON.parse(await readFile(new URL('package-lock.json', root), 'utf8'));

const rows = [];
for (const [path, { dev, optional, version, license }] of Object.entries(packages)) {
  if (path === '' || dev === true) continue;
  const installed = await readFile(new URL(`${path}/package.json`, root), 'utf8').then(JSON.parse, () => null);
  // Binaries of other platforms are in the lock and not here.
  if (installed === null && optional !== true) throw new Error(`${path} is not installed: run npm ci`);
  const said = installed?.license ?? installed?.licenses ?? license ?? 'none';
  // Older packages say it as an object, or as a list of them.
  const names = [said].flat().map((one) => (typeof one === 'string' ? one : one.type));
  rows.push([path.replace(/^.*node_modules\//, ''), version, names.join(' OR ')]);
}
rows.sort(([a], [b]) => (a < b ? -1 : 1));
for (const row of rows) process.stdout.write(`${row.join('\t')}\n`);

const isUsual = (licence) =>
  licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((one) => one.split(' AND ').every((part) => usual.has(part)));
const others = rows.filter(([, , licence]) => !isUsual(licence));
process.stderr.write(
  `${rows.length} packages; to be looked at: ${others.map((row) => row.join(' ')).join(', ') || 'none'}\n`,
);
process.exitCode = others.length === 0 ? 0 : 1;
