// Two chains, run side by side. In: a project with the originals, one with the squashed revision. Out: where they differ.
// Must not know how the squashed revision was made.

import { scratchWays } from '../config/choose-scratch.ts';
import { schemaLines } from '../rehearsal/compare.ts';
import type { StageRun } from '../rehearsal/rehearsal.ts';
import type { Contents, Rows } from '../rehearsal/rows/compare-rows.ts';
import { readContents } from '../rehearsal/rows/compare-rows.ts';
import { makeRows } from '../rehearsal/rows/make-rows.ts';
import type { Schema, Table } from '../schema/schema.ts';
import { displayRef, refKey } from '../schema/schema.ts';
import type { SquashResult } from './api.ts';
import { scratchChoice } from './learn.ts';
import { openAny } from './models.ts';
import type { Opened } from './open.ts';
import type { Project } from './project.ts';
import type { OpenStage } from './stage.ts';
import { openStage } from './stage.ts';

/** A chain to be run: what it rests on, then the revisions that are compared. */
export interface Chain {
  readonly project: Project;
  readonly below: readonly string[];
  readonly ids: readonly string[];
}

/** How the two compare; `differences` empty: alike. */
export type Comparison = Omit<SquashResult['proof'], 'server'> & { readonly differences: readonly string[] };

interface Moment {
  readonly schema: Schema;
  readonly contents: Contents;
}

/** What a chain came to. */
interface Course {
  /** Why it did not come to its end; `null`: it did. */
  readonly stop: string | null;
  readonly up: Moment | null;
  /** After the way back; `null`: there is none, or it stops. */
  readonly down: Moment | null;
  readonly downStop: string | null;
}

const stopOf = ({ failure, differences }: StageRun): string | null =>
  failure?.message ?? (differences.length > 0 ? differences.join('; ') : null);

async function momentOf(stage: OpenStage): Promise<Moment> {
  const schema = await stage.read();
  return { schema, contents: await readContents(schema, stage) };
}

async function wayBack(stage: OpenStage, ids: readonly string[]): Promise<Pick<Course, 'down' | 'downStop'>> {
  for (const id of ids.toReversed()) {
    const downStop = stopOf(await stage.down(id));
    if (downStop !== null) return { down: null, downStop };
  }
  return { down: await momentOf(stage), downStop: null };
}

interface CourseChoices {
  readonly goesBack: boolean;
  /** False: only the tables' own rows, which the revisions insert. */
  readonly withRows: boolean;
}

async function runChain(
  stage: OpenStage,
  { below, ids }: Chain,
  { goesBack, withRows }: CourseChoices,
): Promise<Course> {
  const nothing = { up: null, down: null, downStop: null };
  if (below.length > 0) {
    const stop = stopOf(await stage.upTo(below));
    if (stop !== null) return { ...nothing, stop };
    if (withRows) await makeRows(await stage.read(), stage);
  }
  const stop = stopOf(await stage.upTo(ids));
  if (stop !== null) return { ...nothing, stop };
  const up = await momentOf(stage);
  return goesBack ? { stop, up, ...(await wayBack(stage, ids)) } : { ...nothing, stop, up };
}

const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** Columns that the server fills anew each time: two runs give two values. */
function volatileColumns({ tables }: Schema): ReadonlySet<string> {
  return new Set(
    tables.flatMap((table) =>
      table.columns
        .filter((column) => column.default?.kind === 'expression' || column.onUpdate !== null)
        .map((column) => `${refKey(table)}.${column.name}`),
    ),
  );
}

/** The columns whose values are others, in words. */
function columnsApart(table: Table, left: Rows, right: Rows): string {
  if (left.count !== right.count) return `: ${left.count} and ${right.count}`;
  const names = table.columns.map(({ name }) => name);
  const apart = names.filter((name) => {
    const without = names.filter((other) => other !== name);
    return textsOf(left, without) !== textsOf(right, without);
  });
  return apart.length === 0 ? '' : `, in ${apart.join(', ')}`;
}

interface RowsCompared {
  readonly lines: readonly string[];
  readonly volatile: readonly string[];
}

const textsOf = ({ all }: Rows, without: readonly string[]): string =>
  (all ?? [])
    .map((row) =>
      JSON.stringify(
        Object.fromEntries(Object.entries(row).filter(([name]) => !without.includes(name))),
        plain,
      ),
    )
    .sort()
    .join('\n');

/** Rows of both; where only what the server makes anew is another, that is said. */
function compareRows(one: Moment, other: Moment): RowsCompared {
  const volatile = volatileColumns(one.schema);
  const lines: string[] = [];
  const skipped: string[] = [];
  for (const table of one.schema.tables) {
    const [left, right] = [one, other].map(({ contents }) => contents.get(refKey(table)));
    if (!left || !right) continue;
    if (left.count === right.count && textsOf(left, []) === textsOf(right, [])) continue;
    const anew = table.columns
      .map(({ name }) => name)
      .filter((name) => volatile.has(`${refKey(table)}.${name}`));
    const isSame = left.count === right.count && textsOf(left, anew) === textsOf(right, anew);
    if (isSame) skipped.push(...anew.map((name) => `${displayRef(table)}.${name}`));
    else lines.push(`rows of ${displayRef(table)} are others${columnsApart(table, left, right)}`);
  }
  return { lines, volatile: skipped };
}

function compareMoments(one: Moment, other: Moment): RowsCompared {
  const schema = schemaLines(one.schema, other.schema);
  return schema.length > 0 ? { lines: schema, volatile: [] } : compareRows(one, other);
}

const noVerdict = { tables: 0, rows: 0, downgrade: 'unproven', volatile: [] } as const;

function compareCourses(originals: Course, squashed: Course, goesBack: boolean): Comparison {
  const stop = originals.stop ?? squashed.stop;
  const who = originals.stop === null ? 'the squashed revision' : 'the originals';
  if (stop !== null || !originals.up || !squashed.up)
    return { ...noVerdict, differences: [`${who} cannot be run: ${stop}`] };
  const up = compareMoments(originals.up, squashed.up);
  const counts = [...originals.up.contents.values()].map(({ count }) => count);
  const found = {
    tables: counts.length,
    rows: counts.reduce((sum, count) => sum + count, 0),
    volatile: up.volatile,
  };
  if (!goesBack) return { ...found, downgrade: 'irreversible', differences: up.lines };
  if (originals.down === null) return { ...found, downgrade: 'unproven', differences: up.lines };
  if (squashed.down === null)
    return {
      ...found,
      downgrade: 'unproven',
      differences: [...up.lines, `its way back stops: ${squashed.downStop}`],
    };
  const back = compareMoments(originals.down, squashed.down).lines.map(
    (line) => `after the downgrade, ${line}`,
  );
  return { ...found, downgrade: 'same', differences: [...up.lines, ...back] };
}

export interface ProofChoices {
  /** False: the squashed revision has no way back. */
  readonly goesBack: boolean;
  readonly namespaces: readonly string[];
}

/** Runs both chains on throw-away databases, with rows from before the range, and compares what they come to. */
export async function compareChains(
  opened: Opened,
  [originals, squashed]: readonly [Chain, Chain],
  { goesBack, namespaces }: ProofChoices,
): Promise<Comparison> {
  const course = async (chain: Chain, withRows: boolean): Promise<Course> => {
    const { ways } = await scratchWays(scratchChoice(opened, chain.project));
    const places = { open: () => openAny(ways), areCopies: false };
    const stage = await openStage(chain.project, places, namespaces);
    try {
      return await runChain(stage, chain, { goesBack, withRows });
    } finally {
      await stage.close();
    }
  };
  const [first, second] = [await course(originals, true), await course(squashed, true)];
  const compared = compareCourses(first, second, goesBack);
  if (!goesBack || compared.differences.length > 0 || first.down !== null) return compared;
  // Rows that the range took values from may stand in the way back; without them the schemas tell.
  const back = compareCourses(await course(originals, false), await course(squashed, false), true);
  return { ...compared, downgrade: back.downgrade, differences: back.differences };
}
