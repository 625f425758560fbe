// The form that narrows the list: host, success, status and time.
import { type Filters, noFilters } from './address.js';
import { h } from './dom.js';

type Options = readonly (readonly [value: string, label: string])[];

const outcomes: Options = [
  ['', 'Any'],
  ['true', 'Succeeded'],
  ['false', 'Failed'],
];
const times: Options = [
  ['', 'Any time'],
  ['1h', 'Last hour'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
  ['between', 'Between…'],
];

/** Makes the form as `filters` have it; `onChange` gets what it says after every change. */
export function createFilterForm(filters: Filters, onChange: (filters: Filters) => void): HTMLFormElement {
  const host = h('input', {
    name: 'host',
    value: filters.host,
    placeholder: 'any',
    spellcheck: 'false',
    autocapitalize: 'off',
    inputmode: 'url',
  });
  const status = h('input', {
    name: 'status',
    value: filters.status,
    placeholder: 'any',
    inputmode: 'numeric',
    maxlength: 3,
    pattern: '[1-9][0-9]{2}',
    title: 'An HTTP status of three digits',
  });
  const success = select('success', outcomes, filters.success);
  const time = select('time', times, filters.time);
  const from = h('input', { type: 'datetime-local', name: 'from', value: filters.from });
  const to = h('input', { type: 'datetime-local', name: 'to', value: filters.to });
  const isNarrowed = Object.values(filters).some((value) => value !== '');
  const between = h(
    'div',
    { class: 'between', hidden: filters.time !== 'between' },
    labelled('From', from),
    labelled('To', to),
  );
  const form = h(
    'form',
    { class: 'filters', 'aria-label': 'Filters', novalidate: true },
    labelled('Host', host),
    labelled('Crawl', success),
    labelled('Status', status),
    labelled('Crawled', time),
    between,
    h('button', { type: 'button', class: 'clear', disabled: !isNarrowed, onclick: () => onChange(noFilters) }, 'Clear'),
  );

  function changed(): void {
    between.hidden = time.value !== 'between';
    if (!status.checkValidity()) {
      status.reportValidity();
      return;
    }
    const isBetween = time.value === 'between';
    onChange({
      host: hostOf(host.value),
      success: success.value as Filters['success'],
      status: status.value,
      time: time.value as Filters['time'],
      from: isBetween ? from.value : '',
      to: isBetween ? to.value : '',
    });
  }
  form.addEventListener('change', changed);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    changed();
  });
  return form;
}

function select(name: string, options: Options, chosen: string): HTMLSelectElement {
  const element = h('select', { name }, ...options.map(([value, label]) => h('option', { value }, label)));
  element.value = chosen;
  return element;
}

function labelled(text: string, field: HTMLElement): HTMLElement {
  return h('label', {}, h('span', {}, text), field);
}

/** A host, were it pasted as a whole URL. */
function hostOf(text: string): string {
  const trimmed = text.trim();
  return /^https?:\/\//i.test(trimmed) && URL.canParse(trimmed) ? new URL(trimmed).host : trimmed;
}
