// What is wrong with a table: whatever `provision` would change or leave, each with what to do.
import { type Left, planTable, type Step, sayStep } from '../dynamo/provision/plan.js';
import type { FoundTable } from '../dynamo/provision/read-table.js';
import type { TableShape } from '../dynamo/provision/table-shape.js';
import type { TableWishes } from '../dynamo/provision/wishes.js';
import type { CrawlgateError } from '../errors.js';
import { type Finding, fine } from './finding.js';

/** A table that was read. */
export function checkTable(shape: TableShape, wishes: TableWishes, found: FoundTable | null): readonly Finding[] {
  const check = `table ${shape.name}`;
  if (found === null) {
    const advice = 'Run crawlgate provision, or name another table.';
    const level = shape.holds === 'results' ? 'problem' : 'warning';
    return [{ check, level, found: 'there is no such table', advice }];
  }
  const { steps, left } = planTable(shape, wishes, found);
  const billing =
    found.throughput === null ? 'on demand' : `${found.throughput.read} read, ${found.throughput.write} write units`;
  const findings: Finding[] = [
    found.status === 'ACTIVE'
      ? fine(
          check,
          `${found.status}, ${found.itemCount} items and ${found.bytes} bytes when last counted, ${billing}, keyed by ${found.keys.join(' and ')}`,
        )
      : { check, level: 'warning', found: found.status, advice: 'Wait until it is ACTIVE.' },
    ...steps.map((step): Finding => ({ check, ...adviceOf(step), found: `missing: ${sayStep(step, shape, wishes)}` })),
    ...left.map((it): Finding => ({ check, ...adviceOfLeft(it) })),
    ...found.indexes
      .filter(({ status }) => status !== 'ACTIVE')
      .map(
        ({ name, status }): Finding => ({
          check,
          level: 'warning',
          found: `the index ${name} is ${status}`,
          advice: 'crawlFeed is not whole until it is ACTIVE: wait.',
        }),
      ),
  ];
  if (steps.length === 0 && left.length === 0 && found.recovery.kind === 'known') {
    const { earliest, latest } = found.recovery.value;
    const range =
      earliest === null || latest === null
        ? ''
        : `, restorable from ${earliest.toISOString()} to ${latest.toISOString()}`;
    findings.push(fine(check, `indexes, expiry, recovery, protection and tags are there${range}`));
  }
  return findings;
}

/** A table that could not be read. */
export function unreadTable(name: string, error: CrawlgateError): Finding {
  const check = `table ${name}`;
  if (error.code === 'STORE_FORBIDDEN') {
    return {
      check,
      level: 'note',
      found: 'DescribeTable is refused: the gateway finds the layout by reading, and crawlFeed scans',
      advice: 'Allow dynamodb:DescribeTable; crawlgate provision --print iam has the whole policy.',
    };
  }
  return { check, level: 'problem', found: `${error.code}: ${error.message}`, advice: null };
}

function adviceOf({ kind }: Step): Pick<Finding, 'level' | 'advice'> {
  if (kind === 'index') {
    return {
      level: 'warning',
      advice: 'crawlFeed scans without it: run crawlgate provision, then crawlgate backfill.',
    };
  }
  if (kind === 'ttl') {
    return { level: 'warning', advice: 'Expired items are absent but stay, and cost: run crawlgate provision.' };
  }
  if (kind === 'recovery') return { level: 'warning', advice: 'Run crawlgate backup, or crawlgate provision.' };
  return { level: 'note', advice: 'Run crawlgate provision.' };
}

function adviceOfLeft({ what, why, isProblem }: Left): Pick<Finding, 'level' | 'found' | 'advice'> {
  if (!isProblem) return { level: 'note', found: `${what}: ${why}`, advice: null };
  return { level: 'warning', found: `${what}: ${why}`, advice: 'See to it by hand; crawlgate provision does not.' };
}
