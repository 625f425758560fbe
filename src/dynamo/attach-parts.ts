// Puts the texts that were read from parts into the records that named them.
import type { CrawlResult, FieldValue, ScalarName, StoredResult } from '../domain/crawl-result.js';
import { type FieldGroups, type FieldName, fieldNames, groupOf, groups, includes } from '../domain/fields.js';
import { PackedText, unpack } from '../domain/packed-text.js';
import { CrawlgateError } from '../errors.js';
import { completeFailure } from './decode-failure.js';
import { titleOf } from './decode-record.js';
import type { PartNeed } from './layout.js';
import type { PartOutcome } from './read-parts.js';

/** One named text and what became of it. */
export interface ReadPart {
  readonly need: PartNeed;
  readonly outcome: PartOutcome;
}

/** The result completed. A part that is missing spoils its field for good; one that failed, for this answer only. */
export async function attachParts(stored: StoredResult, parts: readonly ReadPart[]): Promise<StoredResult> {
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
    const names = need.field === 'rest' ? fieldNames : [need.field];
    if (outcome.kind === 'found') {
      if (need.field === 'rest') whole = outcome.packed;
      else fields.set(need.field, outcome.packed);
    } else if (outcome.kind === 'missing') {
      for (const name of names) failed.set(name, missing(result, name));
    } else {
      for (const name of names) {
        failed.set(name, outcome.error);
        held = without(held, groupOf(name));
      }
    }
  }
  const attached: CrawlResult = { ...result, fields, failed, groups: held };
  return withTitle(whole === null ? attached : await completed(attached, whole));
}

async function completed(failure: CrawlResult, whole: PackedText): Promise<CrawlResult> {
  try {
    return await completeFailure(failure, whole);
  } catch {
    const failed = new Map(failure.failed);
    for (const name of fieldNames) failed.set(name, missing(failure, name));
    return { ...failure, failed };
  }
}

// Long metadata lies apart and with it the title, unless the head repeats it.
async function withTitle(result: CrawlResult): Promise<CrawlResult> {
  const metadata = result.fields.get('metadata');
  if (result.title !== null || !includes(result.groups, groups.title) || !(metadata instanceof PackedText))
    return result;
  try {
    return { ...result, title: titleOf(await unpack(metadata)) };
  } catch {
    return { ...result, failed: new Map(result.failed).set('title', missing(result, 'metadata')) };
  }
}

function missing(result: CrawlResult, name: FieldName): CrawlgateError {
  return new CrawlgateError('MALFORMED_ITEM', `The stored text of ${name} is not where its item says it is.`, {
    url: result.url,
    attribute: name,
  });
}

function without(set: FieldGroups, group: FieldGroups): FieldGroups {
  return (set & ~group) as FieldGroups;
}
