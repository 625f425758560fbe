// Takes out of a text what URLs may carry in secret: user names and passwords, query strings, fragments.
import { printable } from './printable.js';

const urlInText = /\b([a-z][a-z0-9+.-]*:\/\/)([^\s"<>]*)/gi;

/**
 * The text with every absolute URL in it cut after its path; a mark stays where something was. A URL ends here at white
 * space, double quotes and angle brackets: of a text that is one URL whatever stands in it, see `redactUrl`.
 */
export function redactUrls(text: string): string {
  return text.replace(urlInText, (_, scheme: string, rest: string) => scheme + redactRest(scheme, rest));
}

/** A text that is one URL, or was given as one, cut after its path, and safe to be shown in a terminal. */
export function redactUrl(url: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(url)?.[0] ?? '';
  return printable(scheme + redactRest(scheme, url.slice(scheme.length)));
}

function redactRest(scheme: string, rest: string): string {
  const end = rest.search(/[?#]/);
  const [kept, mark] = end === -1 ? [rest, ''] : [rest.slice(0, end), '?…'];
  return withoutUserInfo(scheme, kept) + mark;
}

/**
 * Without what stands before the host. Passwords with a slash in them are no valid URLs and come all the same: where
 * what precedes an @ may be such a one, all of it goes, even if it was a host.
 */
function withoutUserInfo(scheme: string, kept: string): string {
  const at = kept.lastIndexOf('@');
  const slash = kept.indexOf('/');
  // A file's URL has no user; a path may be full of versions.
  if (at === -1 || (slash === 0 && scheme.toLowerCase() === 'file://')) return kept;
  if (slash === -1 || at < slash) return kept.slice(at + 1);
  const authority = kept.slice(0, slash);
  const ofAuthority = authority.lastIndexOf('@');
  const isHandle = kept[at - 1] === '/' && /^[^:]*(?::\d{1,5})?$/.test(authority);
  return isHandle ? kept.slice(ofAuthority + 1) : `…@${kept.slice(at + 1)}`;
}
