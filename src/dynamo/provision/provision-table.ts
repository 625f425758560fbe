// Brings one table to what it should be: reads it, plans, applies, reads again, and tells what is left.
import { CrawlgateError } from '../../errors.js';
import { judgeFailure } from '../store-error.js';
import { applyStep } from './apply.js';
import { type Control, isUnsupported } from './control-plane.js';
import { type Left, type Plan, planTable, type Step, sayCreated, sayStep, whyUnsupported } from './plan.js';
import { type FoundTable, readTable } from './read-table.js';
import type { TableShape } from './table-shape.js';
import type { TableWishes } from './wishes.js';

/** What is to be done, and how. */
export interface ProvisionRequest {
  readonly control: Control;
  /** What the table should be, by its keys where it is there: a results table may have either layout. */
  readonly shapeFor: (keys: readonly string[] | null) => TableShape;
  readonly name: string;
  readonly wishes: TableWishes;
  /** Plans only: nothing is written. */
  readonly dryRun: boolean;
  /** Told before each change: which it is, in words, how many were made before it, and of how many. */
  readonly onStep: (what: string, done: number, all: number) => void;
  /** Told again and again while a change is waited for, and for how many milliseconds by now. */
  readonly onWait: (line: string, ms: number) => void;
}

/** What became of a table. */
export interface Provisioned {
  readonly table: string;
  /** Whether it was there before. */
  readonly existed: boolean;
  /** In words, in the order in which they were made; with `dryRun`, as they would be made. */
  readonly changes: readonly string[];
  readonly left: readonly Left[];
}

/** Safe to do twice: the second time there is nothing to change. Rejects with a CrawlgateError where nothing is known. */
export async function provisionTable(request: ProvisionRequest): Promise<Provisioned> {
  const { control, name, wishes, dryRun } = request;
  let found = await readTable(control, name);
  const existed = found !== null;
  const shape = request.shapeFor(found?.keys ?? null);
  const say = (step: Step): string => sayStep(step, shape, wishes);
  let plan = planTable(shape, wishes, found);
  if (dryRun) return { table: name, existed, changes: plan.steps.map(say), left: plan.left };

  const changes = new Set<string>();
  let created: string | null = null;
  const failed = new Map<string, Left>();
  // A second round for what an engine accepted with CreateTable and did not do, or what another program made meanwhile.
  for (let round = 0; round < 2 && plan.steps.length > 0; round += 1) {
    await applyAll(request, shape, plan, found, { changes, failed });
    found = await readTable(control, name);
    if (!existed && found !== null) created ??= sayCreated(shape, wishes, found);
    plan = planTable(shape, wishes, found);
  }
  const notTaken = plan.steps
    .map(say)
    .filter((what) => !failed.has(what))
    .map((what): Left => ({ what, why: 'it was accepted and did not take', isProblem: true }));
  for (const { what } of notTaken) changes.delete(what);
  const left = new Map([...plan.left, ...failed.values(), ...notTaken].map((it) => [it.what, it]));
  const planned = say({ kind: 'create' });
  const made = [...changes].map((what) => (what === planned ? (created ?? what) : what));
  return { table: name, existed, changes: made, left: [...left.values()] };
}

interface Outcome {
  readonly changes: Set<string>;
  readonly failed: Map<string, Left>;
}

/** Each step that fails is noted, and the next one tried: they do not need each other, except for the table itself. */
async function applyAll(
  { control, wishes, onStep, onWait }: ProvisionRequest,
  shape: TableShape,
  plan: Plan,
  found: FoundTable | null,
  { changes, failed }: Outcome,
): Promise<void> {
  for (const [index, step] of plan.steps.entries()) {
    const what = sayStep(step, shape, wishes);
    if (failed.has(what)) continue;
    onStep(what, index, plan.steps.length);
    try {
      await applyStep({ control, shape, wishes, found, onWait }, step);
      changes.add(what);
    } catch (thrown) {
      // A coded one is of the table itself, which is lost or was not to be read: no other step would fare better.
      const isOfTable = thrown instanceof CrawlgateError;
      if (control.signal.aborted || step.kind === 'create' || isOfTable) throw asKnown(thrown, step);
      failed.set(what, whyLeft(thrown, what, step));
    }
  }
}

function whyLeft(thrown: unknown, what: string, step: Step): Left {
  if (isUnsupported(thrown)) return { what, why: whyUnsupported(step.kind), isProblem: false };
  const { error, reason } = judgeFailure(thrown, operationOf(step));
  const said =
    thrown instanceof Error && error.code === 'STORE_MISCONFIGURED' ? `${reason}: ${thrown.message}` : error.message;
  return { what, why: said, isProblem: true };
}

function asKnown(thrown: unknown, step: Step): unknown {
  return thrown instanceof CrawlgateError ? thrown : judgeFailure(thrown, operationOf(step)).error;
}

function operationOf({ kind }: Step): string {
  const operations: Partial<Record<Step['kind'], string>> = {
    create: 'CreateTable',
    ttl: 'UpdateTimeToLive',
    recovery: 'UpdateContinuousBackups',
    tags: 'TagResource',
  };
  return operations[kind] ?? 'UpdateTable';
}
