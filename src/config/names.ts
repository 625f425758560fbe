// First step of reading the configuration: environment variables to one text per setting.
import { type SettingText, settingTexts } from './kinds.js';
import { settings } from './settings.js';

/** What the environment says, before any of it is parsed. */
export interface NamedTexts {
  /** Text of each setting that is set, by the key it has in `settings`. */
  readonly texts: Readonly<Record<string, string>>;
  /** The variable that set it, and its setting's text, by the same key. */
  readonly sources: ReadonlyMap<string, { readonly name: string; readonly text: SettingText }>;
  /** Every variable of a setting that has a value. */
  readonly given: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** Read by callers of a gateway, which may run beside one: `crawlgate get`, `crawlgate put`, the Python package. */
const clientNames = ['CRAWLGATE_URL', 'CRAWLGATE_KEY'];

/** Picks the variables of all settings. An empty value is unset; names of one setting must agree; typos are told. */
export function readNames(env: Readonly<Record<string, string | undefined>>): NamedTexts {
  const texts: Record<string, string> = {};
  const sources = new Map<string, { name: string; text: SettingText }>();
  const given = new Map<string, string>();
  const known: string[] = [...clientNames];
  const problems: string[] = [];

  for (const [key, schema] of Object.entries(settings.shape)) {
    const text = settingTexts.get(schema);
    if (text === undefined) throw new Error(`The setting ${key} has no name`);
    known.push(...text.names);
    for (const name of text.names) {
      const value = env[name];
      if (value === undefined || value === '') continue;
      given.set(name, value);
      const first = sources.get(key);
      if (first === undefined) {
        texts[key] = value;
        sources.set(key, { name, text });
      } else if (!isSame(texts[key], value, (input) => schema.safeParse(input).data)) {
        problems.push(
          `${first.name} and ${name} are two names of one setting and must agree, ` +
            `but are ${show(texts[key] ?? '', text)} and ${show(value, text)}`,
        );
      }
    }
  }
  return { texts, sources, given, problems: [...problems, ...unknownNames(env, known)] };
}

/** A value as a problem line shows it: quoted, on one line, not endless, without what may be a secret. */
export function show(value: string, text: SettingText): string {
  if (text.secret === true) return 'something else (not shown)';
  const open = value.replace(/^([a-z]*:\/\/)?.*@/is, '$1***@').replace(/(?<=:\/\/.*)[?#].*$/s, '?***');
  return JSON.stringify(open.length > 100 ? `${open.slice(0, 100)}…` : open);
}

/** Equal texts, or texts that mean the same (`4000` and `04000`, a URL with and without a slash at its end). */
function isSame(one: unknown, other: unknown, parse: (input: unknown) => unknown): boolean {
  if (one === other) return true;
  const value = parse(one);
  return value !== undefined && value === parse(other);
}

/** Variables in the gateway's own name space that no setting has. Their values may be secrets: never shown. */
function unknownNames(env: Readonly<Record<string, string | undefined>>, known: readonly string[]): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('CRAWLGATE_') && !known.includes(name) && (env[name] ?? '') !== '')
    .map((name) => {
      const meant = nearest(name, known);
      const shown = /^\w{1,100}$/.test(name) ? name : JSON.stringify(name.slice(0, 100));
      return `${shown} is not a setting of this version${meant === null ? '' : `; did you mean ${meant}?`}`;
    });
}

function nearest(name: string, known: readonly string[]): string | null {
  const limit = Math.max(2, Math.floor((name.length - 'CRAWLGATE_'.length) / 4));
  const [best] = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toUpperCase(), candidate) }))
    .sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= limit ? best.candidate : null;
}

/** Levenshtein's distance: insertions, deletions and replacements that make one text of the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
