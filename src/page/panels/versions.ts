// A URL's earlier results, and the difference between any two.
import { ask } from '../api.js';
import { type Child, fill, h, say } from '../dom.js';
import { errorNote, thrownNote } from '../errors.js';
import type { Panel, PanelContext } from '../panel.js';
import { badge, timeOf } from '../pieces.js';
import {
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
        'The versioned layout keeps earlier results where CRAWLGATE_KEEP_VERSIONS says how many.',
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

  async function compare(): Promise<void> {
    out.setAttribute('aria-busy', 'true');
    try {
      const texts = await Promise.all(
        [from, to].map((select) => textAt(context, Number(select.value), all, choice, out)),
      );
      const [before, after] = texts;
      if (before === undefined || after === undefined) return;
      const { drawDifference } = await import('../difference.js');
      const { element, words } = drawDifference(before, after, /html/i.test(choice.id));
      fill(out, h('p', { class: 'soft' }, words), element);
      say(words);
    } catch (error) {
      const note = thrownNote('The versions could not be compared.', error, () => void compare());
      if (note !== null) fill(out, note);
    } finally {
      out.removeAttribute('aria-busy');
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
      textSelect('Of', choice.id, context.chooseText),
    ),
    out,
  ];
}

/** The text of one version; undefined where it could not be read, which `out` then says. */
async function textAt(
  { url, outcome, signal, part }: PanelContext,
  at: number,
  all: readonly Version[],
  choice: TextChoice,
  out: HTMLElement,
): Promise<string | undefined> {
  if (at === 0) return textOf(choice, await part<object>(choice.selection)) ?? '';
  const variables = { url, outcome, at: all[at]?.createdAt };
  const { data, errors } = await ask<VersionPartData>(versionPartQuery(choice.selection), variables, signal);
  if (errors.length > 0) {
    fill(out, errorNote('This version could not be read.', errors));
    return undefined;
  }
  return textOf(choice, data?.crawlResult?.versions.edges[0]?.node ?? null) ?? '';
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
