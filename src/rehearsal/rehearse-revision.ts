// One revision, practised: up, down, up; on its own result; cut off in its midst; with rows; beside old code.
// In: a revision, the stage right before it. Out: results, and the stage right after it. Must not know how a stage is made.

import { now } from '../kernel/clock.ts';
import type { Operation } from '../operations/operation.ts';
import type { PlannedOperation, Step } from '../plan/plan.ts';
import type { Schema } from '../schema/schema.ts';
import { findTable, sameRef } from '../schema/schema.ts';
import { schemaLines, withoutNames } from './compare.ts';
import { interruptions } from './interruptions.ts';
import type { RehearsalResult, RehearsalTest, Stage, StageRun } from './rehearsal.ts';
import type { Claims } from './rows/compare-rows.ts';
import { keptPart, lostRows, surviving } from './rows/compare-rows.ts';
import type { Unfilled } from './rows/make-rows.ts';
import { makeRows, usualRows } from './rows/make-rows.ts';
import type { ViewColumns } from './selects.ts';
import { deadQueries, readViewColumns, selectsOf } from './selects.ts';
import type { Moment, Subject, Verdict } from './subject.ts';
import { changedTables, momentOf } from './subject.ts';

/** Runs a test of a revision, and times it. */
async function timed(
  test: RehearsalTest,
  revision: string,
  run: () => Promise<Verdict>,
): Promise<RehearsalResult> {
  const started = now();
  const { status, detail, facts = [] } = await run();
  return { test, revision, status, detail, facts, ms: now() - started };
}

const failed = (detail: string, facts: readonly string[] = []): Verdict => ({
  status: 'failed',
  detail,
  facts,
});
const passed = (detail: string, facts: readonly string[] = []): Verdict => ({
  status: 'passed',
  detail,
  facts,
});

/** Why a run did not come where it should; `null`: it did. */
export function problemOf(run: StageRun, what: string): Verdict | null {
  if (run.failure) return failed(`${what} stops: ${run.failure.message}`, [run.failure.hint]);
  if (run.differences.length > 0)
    return failed(`after ${what} the schema is not what the revisions describe`, run.differences);
  return null;
}

function compared(wanted: Schema, found: Schema, what: string): Verdict | null {
  const lines = schemaLines(withoutNames(wanted), withoutNames(found));
  return lines.length === 0 ? null : failed(what, lines);
}

/** What a revision's rehearsal has found so far. */
interface Course {
  readonly subject: Subject;
  readonly stage: Stage;
  readonly before: Moment;
  readonly viewColumns: ViewColumns;
  readonly unfilled: readonly Unfilled[];
  /** How many rows each table was filled up to. */
  readonly upTo: number;
  /** Why the upgrade stops among more rows; `null`: it does not. */
  obstacle: string | null;
  readonly losses: string[];
  /** What the upgrade put aside. */
  kept: readonly string[];
  after: Moment | null;
  /** Moments at which it can be interrupted. */
  boundaries: number;
  deadBefore: Awaited<ReturnType<typeof deadQueries>> | null;
}

async function firstUp(course: Course): Promise<Verdict | null> {
  const { stage, subject, before } = course;
  const run = await stage.up(subject.id);
  course.boundaries = run.boundaries;
  course.kept = run.kept;
  const problem = problemOf(run, 'the upgrade');
  if (run.failure) return problem;
  course.after = await momentOf(stage);
  course.losses.push(
    ...lostRows(
      [before.schema, course.after.schema],
      [before.contents, course.after.contents],
      subject.claims,
    ),
  );
  return problem;
}

/** What a way should have brought back. */
interface Return {
  readonly from: Moment;
  readonly to: Moment;
  /** What of it. */
  readonly part: Schema;
  readonly way: string;
}

/** Writes down what did not come back, unless the data steps take it. */
function noteLosses({ subject, losses }: Course, { from, to, part, way }: Return): void {
  const { operations } = subject.claims;
  const still: Claims = { ...subject.claims, operations: dataOnly(operations), renames: operations };
  const lost = lostRows([part, to.schema], [from.contents, to.contents], still);
  losses.push(...lost.map((line) => `${line}, after ${way}`));
}

/** The way back and forth again, from the upgraded schema. What was put aside on one way comes back on the other. */
async function downAndUp(course: Course, after: Moment): Promise<Verdict> {
  const { stage, subject, before } = course;
  const down = await stage.down(subject.id);
  const back = problemOf(down, 'the downgrade');
  if (back) return back;
  const below = await momentOf(stage);
  const differs = compared(
    before.schema,
    below.schema,
    'the downgrade does not lead back to the schema before',
  );
  if (differs) return differs;
  const way = 'the downgrade';
  const parts = [
    surviving(before.schema, after.schema, subject.claims),
    keptPart(before.schema, course.kept),
  ];
  for (const part of parts) noteLosses(course, { from: before, to: below, part, way });
  course.deadBefore = await deadQueries(selectsOf(after.schema, stage.dialect), stage);
  const again = problemOf(await stage.up(subject.id), 'the second upgrade');
  if (again) return again;
  const end = await momentOf(stage);
  const part = keptPart(after.schema, down.kept);
  noteLosses(course, { from: after, to: end, part, way: 'the second upgrade' });
  return (
    compared(after.schema, end.schema, 'the second upgrade leads elsewhere than the first') ??
    passed('up, down, up: the same schemas')
  );
}

const dataOnly = (operations: readonly Operation[]): readonly Operation[] =>
  operations.filter(({ kind }) => ['execute', 'run', 'deleteRows', 'insertRows', 'backfill'].includes(kind));

const noWayBack: Verdict = {
  status: 'irreversible',
  detail: 'the upgrade runs; the revision says that there is no way back',
};

/** The first upgrade has run, or stopped: the verdict of both ways. */
async function bothWays(course: Course, problem: Verdict | null): Promise<Verdict> {
  if (problem || course.after === null) return problem ?? failed('the upgrade stops');
  const verdict = course.subject.isReversible ? await downAndUp(course, course.after) : noWayBack;
  if (course.obstacle === null || verdict.status === 'failed') return verdict;
  const status = verdict.status === 'passed' ? 'warning' : verdict.status;
  const detail = 'it runs where rows let it; among those made up for it, it stops';
  return { status, detail, facts: [course.obstacle] };
}

const isData = (kind: Operation['kind']): boolean =>
  ['execute', 'run', 'insertRows', 'deleteRows', 'backfill', 'assert'].includes(kind);

/** Operations of a step that would be sent to the server once more. */
function redone({ operations, segments }: Step): readonly PlannedOperation[] {
  const sent = new Set(segments.flatMap(({ statements }) => statements.map(({ operation }) => operation)));
  return operations.filter(
    ({ operation, standing }, i) => standing === 'pending' && sent.has(i) && !isData(operation.kind),
  );
}

/** Data steps that say of themselves that they may run twice, run twice. */
async function repeated(
  { subject, stage }: Pick<Course, 'subject' | 'stage'>,
  once: Moment,
): Promise<Verdict | null> {
  const steps = subject.claims.operations.filter(({ kind }) => kind === 'run' || kind === 'execute');
  const mayRepeat = steps.length > 0 && steps.every((one) => one.kind === 'run' && one.run.repeatable);
  if (!mayRepeat) return null;
  await stage.stamp(subject.headsBefore);
  const problem = problemOf(await stage.up(subject.id, { data: 'run' }), 'the repeatable step, repeated,');
  if (problem) return problem;
  const changed = changedTables(once, await momentOf(stage));
  return changed.length === 0
    ? null
    : failed('a step that says it may be repeated does something else the second time', changed);
}

/** On a database where everything is there already, and the record says that it is not. */
async function again({ subject, stage }: Course, after: Moment): Promise<Verdict> {
  await stage.stamp(subject.headsBefore);
  const plan = await stage.plan(subject.id);
  const pending = plan.steps.flatMap(redone);
  if (pending.length > 0)
    return failed(
      'on its own result it would do things again',
      pending.map(({ description }) => description),
    );
  const run = problemOf(
    await stage.up(subject.id, { data: 'skip' }),
    'the upgrade of a database that has it all',
  );
  const reached = await momentOf(stage);
  return (
    run ??
    compared(after.schema, reached.schema, 'on its own result it changes the schema') ??
    (await repeated({ subject, stage }, reached)) ??
    passed('what is there already is left alone')
  );
}

function rowsVerdict({ losses, unfilled, before, obstacle }: Course): Verdict {
  if (losses.length > 0)
    return failed('rows or values are lost that the revision does not say it takes', losses);
  const facts = unfilled.map(({ table, reason }) => `${table} stays empty: ${reason}`);
  const filled = [...before.contents.values()].filter(({ count }) => count > 0).length;
  if (filled === 0 && obstacle !== null)
    return { status: 'skipped', detail: 'the rows made up for it stand in its way' };
  if (filled === 0)
    return before.schema.tables.length === 0
      ? { status: 'skipped', detail: 'there is no table before it' }
      : { status: 'warning', detail: 'no table could be filled', facts };
  return passed(`rows of ${filled} ${filled === 1 ? 'table' : 'tables'} are kept`, facts);
}

async function oldQueries({ subject, stage, before, viewColumns }: Course): Promise<Verdict> {
  const queries = subject.oldQueries ?? selectsOf(before.schema, stage.dialect, viewColumns);
  if (queries.length === 0) return { status: 'skipped', detail: 'there are no queries that run before it' };
  const dead = await deadQueries(queries, stage);
  if (dead.length === 0) return passed(`queries of the release before it still run: ${queries.length}`);
  const facts = dead.map(({ sql, message }) => `${sql}: ${message}`);
  const detail = `${dead.length} of ${queries.length} queries of the release before it die`;
  return { status: subject.oldQueries === null ? 'warning' : 'failed', detail, facts };
}

function failureVerdict({ deadBefore, subject }: Course): Verdict {
  if (deadBefore === null)
    return {
      status: 'skipped',
      detail: subject.isReversible ? 'the way back was not reached' : 'there is no way back to try it on',
    };
  if (deadBefore.length === 0)
    return passed('without it every query of the schema runs: it adds nothing that is read');
  return passed(
    `without it ${deadBefore.length} of the application’s queries die`,
    deadBefore.map(({ sql, message }) => `${sql}: ${message}`),
  );
}

async function begin(subject: Subject, stage: Stage, upTo: number): Promise<Course> {
  await subject.seed?.();
  const unfilled = await makeRows(await stage.read(), stage, upTo);
  const before = await momentOf(stage);
  return {
    subject,
    stage,
    before,
    viewColumns: await readViewColumns(before.schema, stage),
    unfilled,
    upTo,
    obstacle: null,
    losses: [],
    kept: [],
    after: null,
    boundaries: 0,
    deadBefore: null,
  };
}

/** True if no row at all may be in a table that it changes: that is no matter of which rows were made up. */
function needsEmptiness({ claims }: Subject, { schema }: Moment): boolean {
  const operations = claims.operations.flatMap((one) =>
    one.kind === 'execute' ? (one.effect ?? []) : [one],
  );
  return operations.some((one) => {
    if (one.kind !== 'addColumn' || findTable(schema, one.table) === undefined) return false;
    const { nullable, default: value, identity, generated } = one.column;
    const isMadeAnew = operations.some(
      (other) => other.kind === 'createTable' && sameRef(other.table, one.table),
    );
    return !nullable && value === null && identity === null && generated === null && !isMadeAnew;
  });
}

/**
 * The first upgrade, among made-up rows. They are nobody's: where it stops, it is tried among fewer, and among none.
 */
async function upgraded(
  subject: Subject,
  stage: Stage,
): Promise<{ readonly course: Course; readonly problem: Verdict | null }> {
  let course = await begin(subject, stage, usualRows);
  let problem = await firstUp(course);
  const obstacle = problem?.detail ?? null;
  const { before } = course;
  for (const upTo of [1, 0]) {
    if (course.after !== null || needsEmptiness(subject, before)) break;
    await stage.restart(before.schema, subject.headsBefore);
    course = await begin(subject, stage, upTo);
    problem = await firstUp(course);
    course.obstacle = obstacle;
  }
  return { course, problem };
}

/** Practises one revision. The stage stands right after it in the end, whatever came out. */
export async function rehearseRevision(subject: Subject, stage: Stage): Promise<readonly RehearsalResult[]> {
  const { id } = subject;
  const started = now();
  const { course, problem } = await upgraded(subject, stage);
  const upgradeMs = now() - started;
  const first = await timed('both-ways', id, () => bothWays(course, problem));
  const results: RehearsalResult[] = [{ ...first, ms: first.ms + upgradeMs }];
  const { after, before } = course;
  const isSound = first.status !== 'failed';
  if (after !== null && isSound) {
    results.push(await timed('idempotent', id, () => again(course, after)));
    const way = { subject, stage, before, after, upTo: course.upTo, boundaries: course.boundaries };
    results.push(await timed('interrupted', id, () => interruptions(way)));
  }
  if (after !== null) {
    results.push(await timed('rows', id, async () => rowsVerdict(course)));
    if (!isSound) await stage.restart(after.schema, subject.headsAfter);
    results.push(await timed('old-queries', id, () => oldQueries(course)));
    results.push(await timed('failure', id, async () => failureVerdict(course)));
    await stage.forget(subject.headsAfter);
  }
  return results;
}

/** True if the revisions after it can be practised. */
export function cameThrough(results: readonly RehearsalResult[]): boolean {
  return results.some(({ test }) => test === 'old-queries');
}
