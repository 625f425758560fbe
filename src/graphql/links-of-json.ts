// Crawl4AI's `links` as the API's Links.
import type { JsonValue } from '../domain/packed-text.js';
import type { Link, Links } from './generated.js';
import { listOf, numberOf, objectOf, textOf } from './tolerant-json.js';

/** The links; null where the value is no object. What is neither an object nor a text in its lists is left out. */
export function linksOfJson(value: JsonValue): Links | null {
  const links = objectOf(value);
  if (links === null) return null;
  return { internal: listOf(links.internal).flatMap(linkOf), external: listOf(links.external).flatMap(linkOf) };
}

function linkOf(value: JsonValue): Link | readonly Link[] {
  const link = typeof value === 'string' ? { href: value } : objectOf(value);
  if (link === null) return [];
  return {
    href: textOf(link.href),
    text: textOf(link.text),
    title: textOf(link.title),
    baseDomain: textOf(link.base_domain),
    headData: link.head_data ?? null,
    intrinsicScore: numberOf(link.intrinsic_score),
    contextualScore: numberOf(link.contextual_score),
    totalScore: numberOf(link.total_score),
  };
}
