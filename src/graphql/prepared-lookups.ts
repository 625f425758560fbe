// Lookups of small fields that memory answers: each record's part of the answer is JSON that was made once.
import type { StoredResult } from '../domain/crawl-result.js';
import { PackedText } from '../domain/packed-text.js';
import type { ReadOutcome, Want } from '../domain/read-many.js';
import { latestKey, type ResultKey } from '../domain/result-key.js';
import { toUrlKey, type UrlKey } from '../domain/url-key.js';
import type { GatewayContext } from './context.js';
import { viewOfOutcome } from './lookup.js';
import type { LookupPlan, PlannedLookup } from './lookup-plan.js';
import { PreparedData } from './prepared-data.js';
import type { PreparedParts } from './prepared-parts.js';

type Variables = Readonly<Record<string, unknown>>;

/** Answers the operations of one plan. */
export interface PreparedLookups {
  /** The whole data, its lookups counted; null where any of it is not at hand. */
  answer(variables: Variables, context: GatewayContext): PreparedData | null;
  /** To be told of data that was made in the regular way, at once, without errors, and not before `sinceMs`. */
  learn(data: Readonly<Record<string, unknown>>, variables: Variables, context: GatewayContext, sinceMs: number): void;
}

/** Characters of the longest part: what is longer is large enough to be made each time. */
const maxPartLength = 1_024;

/** Makes them. What a part says follows from its record and selection alone; which record answers is asked each time. */
export function createPreparedLookups({ lookups, read }: LookupPlan, parts: PreparedParts): PreparedLookups {
  return {
    answer(variables, { services, cost }) {
      const asked = read(variables);
      if (asked === null) return null;
      // A key counts once, however often it is asked for: which were counted is noted in their parts.
      const request = parts.nextRequest();
      const { recallResults } = services;
      const nowMs = services.now();
      let unanswered: Set<string> | undefined;
      const seen: [ResultKey, ReadOutcome<StoredResult>][] | null = recallResults.seen === undefined ? null : [];
      let found = 0;
      let absent = 0;
      const count = (key: ResultKey, outcome: ReadOutcome<StoredResult>): void => {
        if (outcome.kind === 'found') found += 1;
        else absent += 1;
        seen?.push([key, outcome]);
      };
      let json = '{';
      for (const [index, lookup] of lookups.entries()) {
        const { urls = [], want } = asked[index] ?? {};
        if (want === undefined) return null;
        const texts: string[] = [];
        for (const url of urls) {
          const key = latestKey(url as UrlKey);
          const outcome = recallResults.answer(key, want, nowMs);
          if (outcome === undefined) return null;
          const record = viewOfOutcome(outcome, want, url, nowMs)?.record ?? null;
          if (record === null) {
            if (!isUrl(url, services.limits.maxUrlBytes)) return null;
            unanswered ??= new Set();
            if (!unanswered.has(url)) count(key, outcome);
            unanswered.add(url);
            texts.push('null');
            continue;
          }
          // A key that is no URL, such as a version's, has a record of another URL.
          const known = record.url === url ? parts.of(record) : undefined;
          if (known === undefined) return null;
          const text = known.selection === lookup.selection ? known.json : otherOf(known, lookup);
          if (text === null) return null;
          if (known.countedIn !== request) {
            known.countedIn = request;
            count(key, outcome);
          }
          texts.push(text);
        }
        const name = `${index === 0 ? '' : ','}"${lookup.responseName}":`;
        json += lookup.isList ? `${name}[${texts.join(',')}]` : `${name}${texts[0]}`;
      }
      recallResults.used(found, absent);
      if (found > 0) cost?.follow.lookups('fresh', true, found);
      if (absent > 0) cost?.follow.lookups('absent', true, absent);
      for (const [key, outcome] of seen ?? []) recallResults.seen?.(key, outcome);
      return new PreparedData(`${json}}`);
    },

    learn(data, variables, { services }, sinceMs) {
      const asked = read(variables);
      if (asked === null) return;
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
