// A history run on a throw-away database, to see what its raw SQL does.
// In: the steps of a history, a Scratch. Out: the effects of the raw statements, by step and operation.
// Must not know how the database is made, nor remember anything.

import type { Dialect } from '../dialect/dialect.ts';
import { textOf } from '../dialect/rows.ts';
import type { Segment } from '../dialect/statement.ts';
import { isSurefootError, messageOf } from '../kernel/errors.ts';
import { firstKeywords } from '../kernel/sql-text.ts';
import { applyTo, describe, invertAll } from '../operations/apply.ts';
import type { Operation, OperationOf } from '../operations/operation.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import type { Naming } from '../schema/naming.ts';
import type { Schema } from '../schema/schema.ts';
import type { Scratch } from '../scratch/scratch.ts';
import { nameOperations } from './carry-out.ts';
import { isDataStep } from './data-steps.ts';
import { effectOfSql, missingTable } from './effects-of-sql.ts';
import type { Direction } from './plan.ts';
import { completeIn, emptyDraft, isDataStatement } from './replay.ts';

/** One revision in one direction, where its turn comes. */
export interface HistoryStep {
  readonly revision: LoadedRevision;
  readonly direction: Direction;
}

/** What each operation of a step does to the schema; `null`: it is no raw SQL, or says so itself. */
export type StepEffects = readonly (readonly Operation[] | null)[];

/** By step; a history that could not be run to its end has fewer. */
export interface ScratchRun {
  readonly effects: readonly StepEffects[];
  /** Why it ended early; `null`: it did not. */
  readonly problem: string | null;
  /** True: rows were written on the way. */
  readonly wroteRows: boolean;
}

/** The catalogue is read at most so often in one step: beyond that, statements share a reading. */
const readingsPerStep = 64;

/** It cannot be run on a scratch database. */
class NotOnScratch extends Error {
  override readonly name = 'NotOnScratch';
}

const writing = new Set(['insert', 'update', 'delete', 'replace', 'merge', 'values', 'explain']);

/** Raw SQL of unknown effect, if it is more than a change of rows. */
export function isToBeLearned(operation: Operation, dialect: Dialect): operation is OperationOf<'execute'> {
  if (operation.kind !== 'execute' || operation.effect !== null) return false;
  return !writing.has(firstKeywords(operation.sql, dialect.syntax)[0] ?? '');
}

/** The operations of a step as their author wrote them; of an automatic downgrade, the inverse of the completed upgrade. */
export function operationsOf(
  { revision, direction }: HistoryStep,
  completed: readonly Operation[],
): readonly Operation[] {
  if (direction === 'upgrade') return revision.upgrade;
  const { downgrade } = revision;
  if (downgrade.kind === 'operations') return downgrade.operations;
  return downgrade.kind === 'auto' ? (inverseOf(revision, completed) ?? []) : [];
}

/** The inverse of a completed upgrade. What was only learned of raw SQL says nothing of the SQL that undoes it. */
export function inverseOf(
  { upgrade }: LoadedRevision,
  completed: readonly Operation[],
): readonly Operation[] | null {
  return invertAll(
    completed.map((operation, i) => {
      const written = upgrade[i];
      return operation.kind === 'execute' && written?.kind === 'execute'
        ? { ...operation, effect: written.effect }
        : operation;
    }),
  );
}

/** The operation with what was learned of it. */
export function withEffect(operation: Operation, effect: readonly Operation[] | null | undefined): Operation {
  return operation.kind === 'execute' && effect ? { ...operation, effect } : operation;
}

interface Walker {
  readonly scratch: Scratch;
  /** That of the target: what is learned is said in its words. */
  readonly dialect: Dialect;
  readonly naming: Naming;
  readonly rows: 'written' | 'left';
  /** What history describes so far, as written. */
  readonly draft: SchemaDraft;
  /** The scratch database as it was last read; `null`: it has changed since. */
  schema: Schema | null;
  wroteRows: boolean;
}

async function schemaNow(walker: Walker): Promise<Schema> {
  walker.schema ??= await walker.scratch.read();
  return walker.schema;
}

async function fingerprint({ scratch }: Walker): Promise<string | null> {
  const { rows } = await scratch.connection.query(scratch.dialect.bookkeeping.fingerprint);
  return textOf(rows[0], 'fingerprint');
}

async function runSegment({ mode, statements }: Segment, { scratch }: Walker): Promise<void> {
  const { connection, dialect } = scratch;
  const guard = mode === 'rebuild' ? dialect.rebuild : null;
  const state = guard && (await connection.query(guard.state)).rows[0];
  for (const sql of guard?.enter ?? []) await connection.query(sql);
  try {
    for (const { kind, sql, parameters } of statements)
      if (kind === 'ddl' || kind === 'data') await connection.query(sql, parameters);
  } finally {
    for (const sql of guard?.leave(state ?? undefined) ?? []) await connection.query(sql);
  }
}

/** Runs operations by their statements. */
async function runOperations(operations: readonly Operation[], walker: Walker): Promise<void> {
  if (operations.length === 0) return;
  const before = await schemaNow(walker);
  const [first] = operations;
  const missing = first && missingTable(first, before);
  if (first && missing) throw new NotOnScratch(`${describe(first)}: no revision creates ${missing}`);
  walker.schema = null;
  const { naming } = walker;
  const { dialect } = walker.scratch;
  const named = nameOperations(operations, before, { dialect, naming });
  for (const segment of dialect.compile({ operations: named, before, naming }))
    await runSegment(segment, walker);
}

/** Runs a change of rows. Rows that code would have made are missing, so it may fail, and the schema is the same. */
async function runRows(operation: Operation, walker: Walker): Promise<void> {
  if (walker.rows === 'left') return;
  const before = await schemaNow(walker);
  try {
    await runOperations([operation], walker);
    walker.wroteRows = true;
  } catch (error) {
    if (!isSurefootError(error) && !(error instanceof NotOnScratch)) throw error;
  }
  walker.schema = before;
}

async function runRaw(operation: OperationOf<'execute'>, walker: Walker): Promise<void> {
  const verdict = walker.scratch.judge(operation.sql);
  if (verdict.kind === 'skip') return;
  if (verdict.kind === 'refuse') throw new NotOnScratch(`${describe(operation)}: ${verdict.reason}`);
  await walker.scratch.connection.query(verdict.sql);
}

/** A query that may call what changes the schema: mostly it does not, and a fingerprint tells. */
async function learnQuery(operation: OperationOf<'execute'>, walker: Walker): Promise<readonly Operation[]> {
  const before = await schemaNow(walker);
  const mark = await fingerprint(walker);
  await runRaw(operation, walker);
  if ((await fingerprint(walker)) === mark) return [];
  return await readEffect([operation], before, walker);
}

async function readEffect(
  statements: readonly OperationOf<'execute'>[],
  before: Schema,
  walker: Walker,
): Promise<readonly Operation[]> {
  walker.schema = null;
  const { normalize, syntax } = walker.dialect;
  const schemas = { before: normalize(before), after: normalize(await schemaNow(walker)) };
  const texts = statements.map(({ sql }) => sql);
  const effect = effectOfSql(texts, schemas, { history: walker.draft, syntax });
  const [first] = statements;
  if (typeof effect === 'string') throw new NotOnScratch(`${first ? describe(first) : ''}: ${effect}`);
  return effect;
}

/** Statements that share a reading of the catalogue: what they did is put on the last. */
interface Group {
  readonly before: Schema;
  readonly places: number[];
}

interface StepWalk {
  readonly walker: Walker;
  readonly operations: readonly Operation[];
  readonly effects: (readonly Operation[] | null)[];
  readonly groupSize: number;
  group: Group | null;
  batch: Operation[];
}

async function closeBatch(walk: StepWalk): Promise<void> {
  const batch = walk.batch;
  walk.batch = [];
  await runOperations(batch, walk.walker);
}

async function closeGroup(walk: StepWalk): Promise<void> {
  const { group, walker } = walk;
  walk.group = null;
  if (!group) return;
  const statements = group.places.map((place) => walk.operations[place] as OperationOf<'execute'>);
  const effect = await readEffect(statements, group.before, walker);
  for (const place of group.places) walk.effects[place] = place === group.places.at(-1) ? effect : [];
  for (const one of effect) applyTo(walker.draft, one);
}

async function learnOne(operation: OperationOf<'execute'>, place: number, walk: StepWalk): Promise<void> {
  const { walker } = walk;
  await closeBatch(walk);
  if (isDataStatement(operation.sql, walker.dialect)) {
    await closeGroup(walk);
    const effect = await learnQuery(operation, walker);
    walk.effects[place] = effect;
    for (const one of effect) applyTo(walker.draft, one);
    return;
  }
  walk.group ??= { before: await schemaNow(walker), places: [] };
  await runRaw(operation, walker);
  walk.group.places.push(place);
  if (walk.group.places.length >= walk.groupSize) await closeGroup(walk);
}

async function takeKnown(operation: Operation, walk: StepWalk): Promise<void> {
  const { walker } = walk;
  await closeGroup(walk);
  const completed = completeIn(operation, walker.draft, walker.dialect);
  applyTo(walker.draft, completed);
  if (completed.kind === 'run') walk.batch.push(...completed.effect);
  else if (completed.kind === 'execute' || isDataStep(completed)) {
    await closeBatch(walk);
    await runDeclared(completed, walker);
  } else if (completed.kind !== 'assert') walk.batch.push(completed);
}

/** Raw SQL that says what it does may branch on what is there: where it fails, what it says is taken for done. */
async function runDeclared(operation: Operation, walker: Walker): Promise<void> {
  if (operation.kind !== 'execute' || operation.effect?.length === 0) return await runRows(operation, walker);
  try {
    walker.schema = null;
    await runRaw(operation, walker);
  } catch (error) {
    if (!isSurefootError(error) && !(error instanceof NotOnScratch)) throw error;
    await runOperations(operation.effect ?? [], walker);
  }
}

async function walkStep(operations: readonly Operation[], walker: Walker): Promise<StepEffects> {
  const count = operations.filter((one) => isToBeLearned(one, walker.dialect)).length;
  const walk: StepWalk = {
    walker,
    operations,
    effects: operations.map(() => null),
    groupSize: Math.max(1, Math.ceil(count / readingsPerStep)),
    group: null,
    batch: [],
  };
  for (const [place, operation] of operations.entries()) {
    if (isToBeLearned(operation, walker.dialect)) await learnOne(operation, place, walk);
    else await takeKnown(operation, walk);
  }
  await closeGroup(walk);
  await closeBatch(walk);
  return walk.effects;
}

/** Completes a step's upgrade against a history, which it changes. */
export function completeStep(
  operations: readonly Operation[],
  effects: StepEffects | undefined,
  facts: { readonly draft: SchemaDraft; readonly dialect: Dialect },
): readonly Operation[] {
  return operations.map((operation, i) => {
    const completed = completeIn(withEffect(operation, effects?.[i]), facts.draft, facts.dialect);
    applyTo(facts.draft, completed);
    return completed;
  });
}

/** Runs the steps in order. What cannot be run ends it, with the reason. */
export async function runOnScratch(
  steps: readonly HistoryStep[],
  scratch: Scratch,
  means: Pick<Walker, 'dialect' | 'naming' | 'rows'>,
): Promise<ScratchRun> {
  const walker: Walker = {
    ...means,
    scratch,
    draft: emptyDraft(means.dialect),
    schema: null,
    wroteRows: false,
  };
  const completed = new Map<string, readonly Operation[]>();
  const told = emptyDraft(means.dialect);
  const effects: StepEffects[] = [];
  for (const step of steps) {
    const { id } = step.revision.header;
    const operations = operationsOf(step, completed.get(id) ?? []);
    try {
      effects.push(await walkStep(operations, walker));
    } catch (error) {
      if (!isSurefootError(error) && !(error instanceof NotOnScratch)) throw error;
      return { effects, problem: `revision ${id}: ${messageOf(error)}`, wroteRows: walker.wroteRows };
    }
    if (step.direction === 'upgrade')
      completed.set(id, completeStep(operations, effects.at(-1), { draft: told, dialect: means.dialect }));
  }
  return { effects, problem: null, wroteRows: walker.wroteRows };
}
