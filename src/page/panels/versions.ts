// A URL's earlier results, and the difference between any two.
import { type ApiError, ask, KeyNeeded } from '../api.js';
import { type Child, fill, h, say } from '../dom.js';
import { errorNote, thrownNote } from '../errors.js';
import type { Panel, PanelContext } from '../panel.js';
import { badge, timeOf } from '../pieces.js';
import {
  type PartData,
  partQuery,
  type Version,
  type VersionPartData,
  type VersionsPart,
  versionPartQuery,
  versionsSelection,
} from '../queries.js';
import { textSelect } from '../text-select.js';
import { type TextChoice, textChoice, textOf } from '../texts.js';
import { moment } from '../words.js';

/** The list, and what is compared. */
export const versionsPanel: Panel = async (context) => {
  const { part, result } = context;
  const found = await part<VersionsPart>(versionsSelection);
  const earlier = (found?.versions.edges ?? []).map(({ node }) => node);
  if (earlier.length === 0) {
    return [
      h('p', { class: 'empty' }, 'No earlier result is kept.'),
      h(
        'p',
        { class: 'soft' },
        'The versioned layout keeps earlier results where CRAWLGATE_KEEP_VERSIONS says how many; by default none.',
      ),
    ];
  }
  const all: readonly Version[] = [result, ...earlier];
  return [
    h('ol', { class: 'results versions' }, ...all.map(entry)),
    found?.versions.pageInfo.hasNextPage === true
      ? h('p', { class: 'soft' }, 'The newest hundred; there are more.')
      : null,
    ...comparison(context, all),
  ];
};

function entry(version: Version, at: number): HTMLElement {
  const { createdAt, title } = version;
  const exact = createdAt === null ? '' : moment(Date.parse(createdAt));
  return h(
    'li',
    {},
    badge(version),
    h(
      'div',
      { class: 'what' },
      h('span', { class: 'title' }, title ?? 'Without a title'),
      h('span', { class: 'url' }, at === 0 ? `${exact} · the present one` : exact),
    ),
    timeOf(createdAt),
  );
}

function comparison(context: PanelContext, all: readonly Version[]): readonly Child[] {
  const from = versionSelect(all, 1);
  const to = versionSelect(all, 0);
  const out = h('div', { class: 'difference' });
  const choice = textChoice(context.text);

  let asked = 0;

  async function compare(): Promise<void> {
    asked += 1;
    const mine = asked;
    out.setAttribute('aria-busy', 'true');
    try {
      const [before, after] = await Promise.all(
        [from, to].map((select) => textAt(context, Number(select.value), all, choice)),
      );
      const { drawDifference } = await import('../difference.js');
      // Who chooses twice in a row wants the second, whichever is answered first.
      if (mine !== asked || before === undefined || after === undefined) return;
      const unread = [before, after].find((text) => typeof text !== 'string');
      if (typeof before !== 'string' || typeof after !== 'string') {
        if (typeof unread === 'object') fill(out, unread);
        return;
      }
      const { element, words } = drawDifference(before, after, /html/i.test(choice.id));
      fill(out, h('p', { class: 'soft' }, words), element);
      say(words);
    } catch (error) {
      if (mine !== asked) return;
      if (error instanceof KeyNeeded) context.onKeyNeeded(error);
      const note = thrownNote('The versions could not be compared.', error, () => void compare());
      if (note !== null) fill(out, note);
    } finally {
      if (mine === asked) out.removeAttribute('aria-busy');
    }
  }

  for (const select of [from, to]) select.addEventListener('change', () => void compare());
  void compare();
  return [
    h('h2', {}, 'Difference'),
    h(
      'div',
      { class: 'bar' },
      labelled('From', from),
      labelled('To', to),
      textSelect('Of', choice.id, context.chooseText, context.kept),
    ),
    out,
  ];
}

/** The text of one version, or a note that says why it could not be read. */
async function textAt(
  { url, outcome, signal }: PanelContext,
  at: number,
  all: readonly Version[],
  choice: TextChoice,
): Promise<string | HTMLElement> {
  const moment = all[at]?.createdAt ?? null;
  if (at !== 0 && moment === null)
    return h('p', { class: 'note poor' }, 'A version of an unknown time cannot be read.');
  const { holder, errors } =
    at === 0
      ? await presentOne(choice, { url, outcome }, signal)
      : await earlierOne(choice, { url, outcome, at: moment }, signal);
  if (errors.length > 0) return errorNote('This version could not be read.', errors);
  if (holder === null) return h('p', { class: 'note poor' }, 'This version is not there any more.');
  return textOf(choice, holder) ?? '';
}

interface Read {
  readonly holder: object | null;
  readonly errors: readonly ApiError[];
}

async function presentOne({ selection }: TextChoice, variables: object, signal: AbortSignal): Promise<Read> {
  const { data, errors } = await ask<PartData<object>>(partQuery(selection), variables, signal);
  return { holder: data?.crawlResult ?? null, errors };
}

async function earlierOne({ selection }: TextChoice, variables: object, signal: AbortSignal): Promise<Read> {
  const { data, errors } = await ask<VersionPartData>(versionPartQuery(selection), variables, signal);
  return { holder: data?.crawlResult?.versions.edges[0]?.node ?? null, errors };
}

function versionSelect(all: readonly Version[], chosen: number): HTMLSelectElement {
  const name = ({ createdAt }: Version, at: number): string =>
    `${createdAt === null ? 'unknown time' : moment(Date.parse(createdAt))}${at === 0 ? ' (present)' : ''}`;
  const select = h('select', {}, ...all.map((version, at) => h('option', { value: at }, name(version, at))));
  select.value = String(chosen);
  return select;
}

function labelled(text: string, field: HTMLElement): HTMLElement {
  return h('label', {}, h('span', {}, text), field);
}
