// A plan tried on a throw-away copy of the live schema, without its rows: what a server would say in the middle of the work,
// it says before anything is touched.
// In: a plan, the live schema, ways to a throw-away database. Out: what stands in the way. Must not touch the target, and never
// refuses for a reason of its own: where nothing can be tried, or the copy is not like the original, nothing is said.

import type { Dialect, RebuildGuard } from '../dialect/dialect.ts';
import { textOf } from '../dialect/rows.ts';
import type { Segment } from '../dialect/statement.ts';
import { compareSchemas } from '../diff/compare.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import type { Naming } from '../schema/naming.ts';
import type { Part } from '../schema/parts.ts';
import type { Schema } from '../schema/schema.ts';
import type { Scratch, ScratchWay } from '../scratch/scratch.ts';
import { tryWay } from '../scratch/scratch.ts';
import type { Plan, Step } from './plan.ts';

export interface TrialMeans {
  readonly dialect: Dialect;
  readonly naming: Naming;
  readonly live: Schema;
  readonly ways: readonly ScratchWay[];
}

/** What a server says of a statement. */
interface Objection {
  readonly revision: string;
  /** `null`: it is what comes of several. */
  readonly sql: string | null;
  readonly message: string;
}

/** It cannot be told here. */
const unknown = 'unknown';
type Verdict = Objection | typeof unknown | null;

/** The names that a part has or says. */
function namesIn({ owner, form }: Part): readonly string[] {
  const { name, references } = form as {
    readonly name?: string | null;
    readonly references?: { readonly table: { readonly name: string } };
  };
  return [owner.name, name ?? '', references?.table.name ?? ''].filter((one) => one !== '');
}

/** True if a statement of the plan says a name that is also that of something which history does not have there. */
export function meetsStrangers(plan: Plan, strangers: readonly Part[], dialect: Dialect): boolean {
  const texts = plan.steps.flatMap(({ segments }) =>
    segments.flatMap(({ statements }) => statements.map(({ sql }) => sql)),
  );
  const names = new Set(strangers.flatMap(namesIn));
  return [...names].some((name) =>
    texts.some((sql) => sql.includes(dialect.quote(name)) || sql.includes(name)),
  );
}

/** A server that spells as the target does; `null`: there is none to be had. */
async function openAlike(ways: readonly ScratchWay[]): Promise<Scratch | null> {
  for (const way of ways) {
    const scratch = await tryWay(way);
    if (typeof scratch === 'string') continue;
    if (scratch.spellsAlike) return scratch;
    await scratch.close();
  }
  return null;
}

/** Sends a statement; `null`: the server did it. */
async function send(sql: string, { judge, connection }: Scratch): Promise<string | typeof unknown | null> {
  const verdict = judge(sql);
  if (verdict.kind === 'skip') return null;
  if (verdict.kind === 'refuse') return unknown;
  try {
    await connection.query(verdict.sql);
    return null;
  } catch (error) {
    if (!isSurefootError(error, 'database/query-failed')) throw error;
    return error.message;
  }
}

/** What may be broken where it stands, by what was done to a table below: no copy of it can be made. */
const breakable: ReadonlySet<Part['kind']> = new Set(['view', 'trigger', 'routine']);

/** A copy of the live schema. */
interface Copy {
  readonly scratch: Scratch;
  /** The names of what is broken, and not in the copy. */
  readonly without: readonly string[];
}

/** Makes the schema; `null` if the copy is not like the original. */
async function copySchema(scratch: Scratch, { dialect, naming, live }: TrialMeans): Promise<Copy | null> {
  for (const sql of dialect.dump(live, naming)) if ((await send(sql, scratch)) === unknown) return null;
  const made = dialect.normalize(await scratch.read());
  const without: string[] = [];
  for (const { kind, wanted } of compareSchemas(live, made)) {
    if (kind === 'unsure') continue;
    if (kind !== 'missing' || wanted === null || !breakable.has(wanted.kind)) return null;
    without.push((wanted.form as { readonly name: string }).name);
  }
  return { scratch, without };
}

/** References whose key is gone, in the server's words. There are no rows, so there is nothing else to find. */
async function keyless({ connection }: Scratch, guard: RebuildGuard): Promise<readonly string[]> {
  const found: string[] = [];
  for (const row of (await connection.query(guard.referrers)).rows) {
    try {
      await connection.query(guard.violations(textOf(row, 'name') ?? ''));
    } catch (error) {
      if (!isSurefootError(error, 'database/query-failed') || !guard.isKeyless(error.message)) throw error;
      found.push(error.message);
    }
  }
  return found;
}

/** Raw SQL, code and rows may do what nobody knows: an error of theirs says nothing, and what they leave is not known. */
const isOurs = ({ operations }: Step): boolean =>
  operations.every(
    ({ operation, standing }) =>
      standing !== 'pending' ||
      (operation.kind === 'run' ? operation.effect?.length === 0 : operation.kind !== 'execute'),
  );

async function runSegment({ statements }: Segment, step: Step, copy: Copy): Promise<Verdict> {
  for (const { kind, sql } of statements) {
    if (kind !== 'ddl') continue;
    const message = await send(sql, copy.scratch);
    if (message === unknown) return unknown;
    // The server has what is missing here.
    if (message !== null && copy.without.some((name) => sql.includes(name))) return unknown;
    if (message !== null) return { revision: step.revision, sql, message };
  }
  return null;
}

async function runRebuild(segment: Segment, step: Step, copy: Copy): Promise<Verdict> {
  const { scratch } = copy;
  const { connection, dialect } = scratch;
  const guard = dialect.rebuild;
  if (guard === null) return await runSegment(segment, step, copy);
  const before = new Set(await keyless(scratch, guard));
  const [state] = (await connection.query(guard.state)).rows;
  for (const sql of guard.enter) await connection.query(sql);
  const verdict = await runSegment(segment, step, copy);
  for (const sql of guard.leave(state)) await connection.query(sql);
  if (verdict !== null) return verdict;
  const [broken] = (await keyless(scratch, guard)).filter((one) => !before.has(one));
  return broken === undefined ? null : { revision: step.revision, sql: null, message: broken };
}

async function runPlan(plan: Plan, copy: Copy): Promise<Verdict> {
  for (const step of plan.steps) {
    if (!isOurs(step)) return unknown;
    for (const segment of step.segments) {
      const run = segment.mode === 'rebuild' ? runRebuild : runSegment;
      const verdict = await run(segment, step, copy);
      if (verdict !== null) return verdict;
    }
  }
  return null;
}

/** Refuses a plan that the server would not carry out to its end. */
export async function tryPlan(plan: Plan, means: TrialMeans): Promise<void> {
  if (plan.steps.every(({ segments }) => segments.length === 0)) return;
  const scratch = await openAlike(means.ways);
  if (scratch === null) return;
  try {
    const copy = await copySchema(scratch, means);
    const verdict = copy === null ? unknown : await runPlan(plan, copy);
    if (verdict !== null && verdict !== unknown) throw impossible(verdict);
  } finally {
    await scratch.close();
  }
}

function impossible({ revision, sql, message }: Objection): SurefootError {
  const what = sql === null ? '' : `: ${sql}`;
  return new SurefootError(
    'plan/impossible',
    `the server would stop ${revision} in the middle${what}: ${message}`,
    {
      details: { revision, sql, message },
      hint: 'Nothing was changed. Something that no revision names stands in the way: `surefoot check` lists it. Rename or drop it, and run again.',
    },
  );
}
