// What the address bar says: which view is open, and what its list is narrowed to.

/** What the list of results is narrowed to; empty text narrows nothing. */
export interface Filters {
  readonly host: string;
  readonly success: '' | 'true' | 'false';
  /** An HTTP status. */
  readonly status: string;
  /** How far back, or `between` for `from` and `to`. */
  readonly time: '' | '1h' | '24h' | '7d' | '30d' | 'between';
  /** Moments as a datetime-local field has them, in the reader's own time zone. */
  readonly from: string;
  readonly to: string;
}

/** A result's tabs, in their order. */
export const tabs = ['markdown', 'preview', 'source', 'links', 'media', 'versions'] as const;
export type Tab = (typeof tabs)[number];

/** What is shown. */
export type View =
  | { readonly kind: 'home'; readonly filters: Filters }
  | {
      readonly kind: 'result';
      readonly url: string;
      readonly tab: Tab;
      /** Which text is shown as source or compared; empty: the first. */
      readonly text: string;
    };

/** The list as it is without a filter. */
export const noFilters: Filters = { host: '', success: '', status: '', time: '', from: '', to: '' };

const spans = { '1h': 1, '24h': 24, '7d': 7 * 24, '30d': 30 * 24 } as const;

/** Reads an address's query. What is no filter of ours is left out, never an error. */
export function readAddress(search: string): View {
  const given = new URLSearchParams(search);
  const get = (name: string): string => given.get(name)?.trim() ?? '';
  const url = given.get('url') ?? '';
  if (url !== '') {
    const tab = tabs.find((name) => name === get('tab')) ?? 'markdown';
    return { kind: 'result', url, tab, text: get('text') };
  }
  const success = get('success');
  const time = get('time');
  const moment = (name: string): string => (Number.isNaN(Date.parse(get(name))) ? '' : get(name));
  return {
    kind: 'home',
    filters: {
      host: get('host'),
      success: success === 'true' || success === 'false' ? success : '',
      status: /^[1-9]\d{2}$/.test(get('status')) ? get('status') : '',
      time: time === 'between' || Object.hasOwn(spans, time) ? (time as Filters['time']) : '',
      from: time === 'between' ? moment('from') : '',
      to: time === 'between' ? moment('to') : '',
    },
  };
}

/** The address of a view: `/`, and what differs from the plain one. */
export function addressOf(view: View): string {
  const query = new URLSearchParams();
  const entries =
    view.kind === 'home'
      ? Object.entries(view.filters)
      : Object.entries({ url: view.url, tab: view.tab === 'markdown' ? '' : view.tab, text: view.text });
  for (const [name, value] of entries) if (value !== '') query.set(name, value);
  const text = query.toString();
  return text === '' ? '/' : `/?${text}`;
}

/** The address of a stored URL's result. */
export function resultAddress(url: string): string {
  return addressOf({ kind: 'result', url, tab: 'markdown', text: '' });
}

/** The `filter` argument of crawlFeed; `now` in milliseconds since 1970. */
export function feedFilterOf(filters: Filters, now: number): Record<string, unknown> {
  const { host, success, status, time, from, to } = filters;
  const iso = (text: string): string => new Date(text).toISOString();
  return {
    ...(host === '' ? {} : { url: host, match: 'HOST' }),
    ...(success === '' ? {} : { success: success === 'true' }),
    ...(status === '' ? {} : { statusCode: Number(status) }),
    ...(time === '' || time === 'between'
      ? {}
      : { createdAfter: new Date(now - spans[time] * 3_600_000).toISOString() }),
    ...(from === '' ? {} : { createdAfter: iso(from) }),
    ...(to === '' ? {} : { createdBefore: iso(to) }),
  };
}

/** What was typed into the search box: a URL to look up, a host to list, or what no crawler stores a page under. */
export function readSearch(typed: string): { readonly url: string } | { readonly host: string } | 'no page' | null {
  const text = typed.trim();
  if (text === '') return null;
  if (/^(javascript|data|vbscript|about|blob|mailto|tel):/i.test(text)) return 'no page';
  if (/^[a-z][a-z0-9+.-]*:\S/i.test(text) && !/^[\w.-]+:\d+(\/|$)/.test(text)) return { url: text };
  return /[/?#]/.test(text) ? { url: `https://${text}` } : { host: text };
}

/** Addresses under which a page may have been stored instead: another scheme, with or without `www.` or a last slash. */
export function similarUrls(url: string): readonly string[] {
  const [, scheme, rest] = /^(https?):\/\/(.+)$/i.exec(url) ?? [];
  if (scheme === undefined || rest === undefined) return [];
  const other = scheme.toLowerCase() === 'https' ? 'http' : 'https';
  const slashed = rest.endsWith('/') ? rest.slice(0, -1) : `${rest}/`;
  const named = rest.startsWith('www.') ? rest.slice(4) : `www.${rest}`;
  const cut = rest.replace(/[?#].*$/, '');
  const forms = [rest, slashed, named, cut].flatMap((form) => [`${scheme}://${form}`, `${other}://${form}`]);
  return [...new Set(forms)].filter((form) => form !== url);
}
