// Puts the texts that were read from parts into the records that named them.
import {
  type CrawlResult,
  type FieldValue,
  groupOfName,
  type ScalarName,
  type StoredResult,
} from '../../domain/crawl-result.js';
import { type FieldGroups, type FieldName, fieldNames, groups, includes, without } from '../../domain/fields.js';
import { PackedText, unpack } from '../../domain/packed-text.js';
import { titleOf } from '../../domain/title-of.js';
import { CrawlgateError } from '../../errors.js';
import { completeFailure } from '../codec/decode-failure.js';
import type { PartNeed } from '../codec/layout.js';
import type { PartOutcome } from './read-parts.js';

/** One named text and what became of it. */
export interface ReadPart {
  readonly need: PartNeed;
  readonly outcome: PartOutcome;
}

/**
 * The result completed, itself where nothing is to be done. A part that is missing spoils its field for good; one that
 * failed, for this answer only.
 */
export function attachParts(stored: StoredResult, parts: readonly ReadPart[]): StoredResult | Promise<StoredResult> {
  const isWhole = parts.length === 0 && !lacksTitle(stored.success) && !lacksTitle(stored.failure);
  return isWhole ? stored : attachToBoth(stored, parts);
}

async function attachToBoth(stored: StoredResult, parts: readonly ReadPart[]): Promise<StoredResult> {
  const success = stored.success === null ? null : await attach(stored.success, parts, 'success');
  const failure = stored.failure === null ? null : await attach(stored.failure, parts, 'failure');
  return { success, failure };
}

async function attach(
  result: CrawlResult,
  parts: readonly ReadPart[],
  record: PartNeed['record'],
): Promise<CrawlResult> {
  const fields = new Map<FieldName, FieldValue>(result.fields);
  const failed = new Map<FieldName | ScalarName, CrawlgateError>(result.failed);
  let held: FieldGroups = result.groups;
  let whole: PackedText | null = null;
  for (const { need, outcome } of parts) {
    if (need.record !== record) continue;
    if (outcome.kind === 'found') {
      if (need.field === 'rest') whole = outcome.packed;
      else fields.set(need.field, outcome.packed);
      continue;
    }
    for (const name of namesIn(result, need.field)) {
      failed.set(name, outcome.kind === 'failed' ? outcome.error : missing(result, name));
      if (outcome.kind === 'failed') held = without(held, groupOfName(name));
    }
    // All that the rest would have said is known to be unreadable: nothing is left to be read.
    if (need.field === 'rest' && outcome.kind === 'missing') held = groups.all;
  }
  const attached: CrawlResult = { ...result, fields, failed, groups: held };
  return withTitle(whole === null ? attached : await completed(attached, whole));
}

/** What cannot be known of a record without one of its parts. */
function namesIn(result: CrawlResult, field: PartNeed['field']): readonly (FieldName | ScalarName)[] {
  if (field === 'rest') return [...fieldNames.filter((name) => !result.fields.has(name)), ...restScalars];
  const isTitleThere = field === 'metadata' && result.title === null && includes(result.groups, groups.title);
  return isTitleThere ? [field, 'title'] : [field];
}

const restScalars: readonly ScalarName[] = ['title', 'truncated_fields', 'redirected_status_code'];

async function completed(failure: CrawlResult, whole: PackedText): Promise<CrawlResult> {
  try {
    return await completeFailure(failure, whole);
  } catch {
    const failed = new Map(failure.failed);
    for (const name of namesIn(failure, 'rest')) failed.set(name, missing(failure, name));
    return { ...failure, failed, groups: groups.all };
  }
}

// Long metadata lies apart and with it the title, unless the head repeats it.
async function withTitle(result: CrawlResult): Promise<CrawlResult> {
  const metadata = result.fields.get('metadata');
  if (!lacksTitle(result) || !(metadata instanceof PackedText)) return result;
  try {
    return { ...result, title: titleOf(await unpack(metadata)) };
  } catch {
    return { ...result, failed: new Map(result.failed).set('title', missing(result, 'metadata')) };
  }
}

function lacksTitle(result: CrawlResult | null): boolean {
  if (result === null || result.title !== null || !includes(result.groups, groups.title)) return false;
  return result.fields.get('metadata') instanceof PackedText;
}

function missing(result: CrawlResult, name: FieldName | ScalarName): CrawlgateError {
  return new CrawlgateError('MALFORMED_ITEM', `The stored text of ${name} is not where its item says it is.`, {
    url: result.url,
    attribute: name,
  });
}
