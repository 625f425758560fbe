// What a URL filter means: a host, a domain with its subdomains, or a path prefix, as CDX servers match them.
import type { UrlMatch } from '../../domain/feed.js';
import { CrawlgateError } from '../../errors.js';
import { siteOf, surtOf } from '../codec/feed-attributes.js';

/** A filter ready to be used: the site to look under, and what the sort-friendly form of a URL must begin with. */
export interface SiteMatch {
  readonly site: string;
  /** Every form that fits begins with this. */
  readonly surtPrefix: string;
  /** Of these, the ones whose next character is one of these fit; empty: every one. */
  readonly nextCharacters: string;
}

/** What comes behind the last label of a host: its path, or a port. */
const hostEnds = '):';

/**
 * @param text a URL or a bare host.
 * @throws CrawlgateError BAD_USER_INPUT where it has no host.
 */
export function parseMatch(text: string, match: UrlMatch): SiteMatch {
  const url = URL.canParse(text) && /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const site = URL.canParse(url) ? siteOf(url) : null;
  if (site === null) {
    throw new CrawlgateError('BAD_USER_INPUT', 'filter.url names no host.', { argument: 'filter.url' });
  }
  const surt = surtOf(url);
  const host = surt.slice(0, surt.indexOf(')')).replace(/:\d+$/, '');
  if (match === 'HOST') return { site, surtPrefix: host, nextCharacters: hostEnds };
  if (match === 'DOMAIN') return { site, surtPrefix: host, nextCharacters: '):,' };
  return { site, surtPrefix: surt, nextCharacters: '' };
}

/**
 * What the forms that fit begin with, in their order: of a host its own and those of its other ports, between which its
 * subdomains are sorted.
 */
export function prefixesOf({ surtPrefix, nextCharacters }: SiteMatch): readonly string[] {
  return nextCharacters === hostEnds ? [...hostEnds].map((character) => surtPrefix + character) : [surtPrefix];
}

/** Whether a stored URL fits. */
export function matchesUrl(match: SiteMatch, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const surt = surtOf(url);
  if (!surt.startsWith(match.surtPrefix)) return false;
  return match.nextCharacters === '' || match.nextCharacters.includes(surt.charAt(match.surtPrefix.length));
}
