// The documents lead where they say: every link of README, CONTRIBUTING, docs/ and examples/, files and anchors. schema.md is current.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'bench/README.md', 'clients/python/README.md'],
  ...['docs', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
      .map((name) => join(folder, name)),
  ),
];

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Text without code, in which brackets are not links. */
function prose(text: string): string {
  const withoutBlocks = text.replace(/^(`{3,})[\s\S]*?^\1`*$/gm, '').replace(/^ {4,}.*$/gm, '');
  return withoutBlocks.replace(/(`+)[^`].*?\1/g, '');
}

function linksOf(file: string): readonly string[] {
  const text = prose(textOf(file));
  const inline = [...text.matchAll(/\[(?:[^\]\\]|\\.)*\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);
  const bare = [...text.matchAll(/<(https?:[^>]*)>/g)].map(([, target = '']) => target);
  const defined = [...text.matchAll(/^\[[^\]]+\]: (\S+)$/gm)].map(([, target = '']) => target);
  return [...inline, ...bare, ...defined];
}

/** Anchors of a document's headings, as GitHub makes them. */
function anchorsOf(file: string): ReadonlySet<string> {
  const anchors = new Map<string, number>();
  const all = new Set<string>();
  for (const [, heading = ''] of textOf(file)
    .replace(/^```[\s\S]*?^```$/gm, '')
    .matchAll(/^#{1,6} (.*)$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
    const count = anchors.get(anchor) ?? 0;
    anchors.set(anchor, count + 1);
    all.add(count === 0 ? anchor : `${anchor}-${count}`);
  }
  return all;
}

/** What is wrong with a link; null where it leads somewhere. Of other sites only the form can be checked. */
function problemOf(file: string, target: string): string | null {
  if (/^[a-z]+:/i.test(target)) {
    return URL.canParse(target) && /^https?:$/.test(new URL(target).protocol) ? null : `${target} is no URL`;
  }
  const [path = '', anchor] = target.split('#');
  const at = path === '' ? file : relative(root, join(root, dirname(file), decodeURI(path)));
  if (at.startsWith('..') || !existsSync(join(root, at))) return `${target}: there is no ${at}`;
  if (anchor === undefined) return null;
  return at.endsWith('.md') && anchorsOf(at).has(anchor) ? null : `${target}: ${at} has no heading #${anchor}`;
}

describe('the documents', () => {
  it.each(documents)('%s leads where it says', (file) => {
    expect(
      linksOf(file)
        .map((target) => problemOf(file, target))
        .filter((problem) => problem !== null),
    ).toEqual([]);
  });

  it('are looked at closely enough to find what is wrong', () => {
    expect(linksOf('README.md').length).toBeGreaterThan(5);
    expect(linksOf('docs/schema.md').length).toBeGreaterThan(100);
    expect(problemOf('README.md', 'docs/nowhere.md')).toMatch(/there is no/);
    expect(problemOf('README.md', '#nothing-of-the-kind')).toMatch(/no heading/);
    expect(problemOf('README.md', 'docs/schema.md#queries')).toBeNull();
    expect(problemOf('docs/schema.md', '../../elsewhere.md')).toMatch(/there is no/);
    expect(problemOf('README.md', 'http://')).toMatch(/no URL/);
  });

  it('name no file of docs/ or examples/ that is not there', () => {
    const named = documents.flatMap((file) =>
      [...textOf(file).matchAll(/\b(?:docs|examples)\/[\w./-]+\.(?:md|sh|ts|json|service)\b/g)].map(([name]) => name),
    );
    const missing = [...new Set(named)].filter((name) => !existsSync(join(root, name)));
    expect(missing).toEqual([]);
  });
});

describe('docs/schema.md', () => {
  it('is what npm run codegen makes of schema.graphql', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['docs/render-schema.mjs', '--print'], {
      cwd: root,
    });
    expect(textOf('docs/schema.md')).toBe(stdout);
  });
});
