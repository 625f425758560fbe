// Lookups of small fields that memory answers: each record's part of the answer is JSON that was made once.
import type { StoredResult } from '../domain/crawl-result.js';
import { PackedText } from '../domain/packed-text.js';
import type { ReadOutcome, Want } from '../domain/read-many.js';
import { latestKey, type ResultKey } from '../domain/result-key.js';
import { toUrlKey, type UrlKey } from '../domain/url-key.js';
import type { GatewayContext } from './context.js';
import { viewOfOutcome } from './lookup.js';
import type { Asked, LookupPlan, PlannedLookup } from './lookup-plan.js';
import { PreparedData } from './prepared-data.js';
import type { PreparedParts } from './prepared-parts.js';
import type { GatewayServices } from './services.js';

/** Answers the operations of one plan. */
export interface PreparedLookups {
  /** What the variables ask for; null where they are not as they should be. */
  readonly read: LookupPlan['read'];
  /** Whether variables that can be read need not be coerced. */
  readonly isPlain: boolean;
  /** The whole data, its lookups counted; null where any of it is not at hand. */
  answer(asked: readonly Asked[], context: GatewayContext): PreparedData | null;
  /** To be told of data that was made in the regular way, at once, without errors, and not before `sinceMs`. */
  learn(
    data: Readonly<Record<string, unknown>>,
    asked: readonly Asked[],
    context: GatewayContext,
    sinceMs: number,
  ): void;
}

/** Characters of the longest part: what is longer is large enough to be made each time. */
const maxPartLength = 1_024;

/** Makes them. What a part says follows from its record and selection alone; which record answers is asked each time. */
export function createPreparedLookups({ lookups, read, isPlain }: LookupPlan, parts: PreparedParts): PreparedLookups {
  /** One URL's part of the answer, counted in `tally`; null where it is not at hand. */
  function partOf(lookup: PlannedLookup, url: string, want: Want, tally: Tally): string | null {
    const { services, nowMs } = tally;
    const key = latestKey(url as UrlKey);
    const outcome = services.recallResults.answer(key, want, nowMs);
    if (outcome === undefined) return null;
    const record = viewOfOutcome(outcome, want, url, nowMs)?.record ?? null;
    if (record === null) {
      if (!isUrl(url, services.limits.maxUrlBytes)) return null;
      tally.unanswered ??= new Set();
      if (!tally.unanswered.has(url)) count(tally, key, outcome);
      tally.unanswered.add(url);
      return 'null';
    }
    // A key that is no URL, such as a version's, has a record of another URL.
    const known = record.url === url ? parts.of(record) : undefined;
    if (known === undefined) return null;
    const text = known.selection === lookup.selection ? known.json : otherOf(known, lookup);
    // A key counts once, however often it is asked for: which were counted is noted in their parts.
    if (text !== null && known.countedIn !== tally.request) {
      known.countedIn = tally.request;
      count(tally, key, outcome);
    }
    return text;
  }

  function answerOf(lookup: PlannedLookup, { urls, want }: Asked, tally: Tally): string | null {
    if (!lookup.isList) return partOf(lookup, urls[0] ?? '', want, tally);
    const texts: string[] = [];
    for (const url of urls) {
      const text = partOf(lookup, url, want, tally);
      if (text === null) return null;
      texts.push(text);
    }
    return `[${texts.join(',')}]`;
  }

  return {
    read,
    isPlain,

    answer(asked, { services, cost }) {
      const { recallResults } = services;
      const tally: Tally = {
        services,
        request: parts.nextRequest(),
        nowMs: services.now(),
        found: 0,
        absent: 0,
        unanswered: null,
        seen: recallResults.seen === undefined ? null : [],
      };
      let json = '{';
      for (let index = 0; index < lookups.length; index += 1) {
        const lookup = lookups[index];
        const ofLookup = asked[index];
        const value = lookup === undefined || ofLookup === undefined ? null : answerOf(lookup, ofLookup, tally);
        if (lookup === undefined || value === null) return null;
        json += `${index === 0 ? '' : ','}"${lookup.responseName}":${value}`;
      }
      const { found, absent, seen } = tally;
      recallResults.used(found, absent);
      if (found > 0) cost?.follow.lookups('fresh', true, found);
      if (absent > 0) cost?.follow.lookups('absent', true, absent);
      if (seen !== null) for (const [key, outcome] of seen) recallResults.seen?.(key, outcome);
      return new PreparedData(`${json}}`);
    },

    learn(data, asked, { services }, sinceMs) {
      const endMs = services.now();
      for (const [index, lookup] of lookups.entries()) {
        const { urls = [], want } = asked[index] ?? {};
        const value = data[lookup.responseName];
        const values: readonly unknown[] = lookup.isList && Array.isArray(value) ? value : [value];
        if (want === undefined || values.length !== urls.length) return;
        for (const [place, url] of urls.entries()) learnOne(lookup, url, want, values[place]);
      }

      function learnOne(lookup: PlannedLookup, url: string, want: Want, value: unknown): void {
        const outcome = services.recallResults.answer(latestKey(url as UrlKey), want, endMs);
        const record = outcome === undefined ? null : (viewOfOutcome(outcome, want, url, endMs)?.record ?? null);
        if (outcome === undefined || record === null || value === null || record.url !== url) return;
        // Memory is as it was, all this being one tick; what answered at its beginning and its end answered between.
        if (viewOfOutcome(outcome, want, url, sinceMs)?.record !== record) return;
        const known = parts.of(record);
        if (known?.selection === lookup.selection || known?.otherSelection === lookup.selection) return;
        const isPacked = lookup.texts.some((name) => record.fields.get(name) instanceof PackedText);
        const json = isPacked ? null : JSON.stringify(value);
        parts.keep(record, lookup.selection, json !== null && json.length <= maxPartLength ? json : null);
      }
    },
  };
}

/** What one request was answered with so far. Counted only once all of it is at hand. */
interface Tally {
  readonly services: GatewayServices;
  readonly request: number;
  readonly nowMs: number;
  found: number;
  absent: number;
  unanswered: Set<string> | null;
  readonly seen: [ResultKey, ReadOutcome<StoredResult>][] | null;
}

function count(tally: Tally, key: ResultKey, outcome: ReadOutcome<StoredResult>): void {
  if (outcome.kind === 'found') tally.found += 1;
  else tally.absent += 1;
  tally.seen?.push([key, outcome]);
}

function otherOf(
  known: { readonly otherSelection: object | null; readonly otherJson: string | null },
  lookup: PlannedLookup,
): string | null {
  return known.otherSelection === lookup.selection ? known.otherJson : null;
}

function isUrl(url: string, maxBytes: number): boolean {
  try {
    toUrlKey(url, maxBytes);
    return true;
  } catch {
    return false;
  }
}
