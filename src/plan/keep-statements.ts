// The statements of a step, with what keeps put before what destroys: in the same transaction, or, where DDL takes part in
// none, while the session holds the table. In: a step, what is kept of it. Out: the step. Must not decide what is kept.

import type { Dialect } from '../dialect/dialect.ts';
import { keptPrefix } from '../dialect/keeping.ts';
import type { Around, Segment, Statement } from '../dialect/statement.ts';
import { canonicalJson } from '../kernel/hash.ts';
import { invariant } from '../kernel/invariant.ts';
import type { ColumnType, TableRef } from '../schema/schema.ts';
import { refKey, sameRef } from '../schema/schema.ts';
import type { Course, KeepRequest, KeptObject } from './keep-request.ts';
import type { Step } from './plan.ts';
import type { Whereabouts } from './whereabouts.ts';

/** Something to be kept before an operation of a step. */
export interface Planned {
  readonly operation: number;
  readonly kept: KeptObject;
  /** Rows or values, as counted before. */
  readonly count: number;
}

interface Copy {
  readonly kept: KeptObject;
  readonly table: string;
  readonly side: string;
  readonly list: string;
  readonly where: string;
}

const quoteRef = ({ quote }: Dialect, { namespace, name }: TableRef): string =>
  namespace === null ? quote(name) : `${quote(namespace)}.${quote(name)}`;

/** How it is copied, by the names that it has at that moment. */
function copyOf(kept: KeptObject, { dialect, own }: KeepRequest, whereabouts: Whereabouts): Copy {
  const { quote, keeping } = dialect;
  const now = (name: string) => {
    // What the plan made has no name of before.
    const made = kept.columns.find((one) => one.name === name);
    const column = whereabouts.column(kept.table, name) ?? made;
    invariant(column, `${name} is there until it is kept`);
    return column;
  };
  const table = whereabouts.table(kept.table);
  invariant(table, `${kept.table.name} is there until it is kept`);
  const columns = kept.column ? [kept.column] : kept.columns.filter(({ generated }) => generated === null);
  const retyped = columns.flatMap(({ name, type }): readonly (readonly [string, ColumnType])[] =>
    canonicalJson(now(name).type) === canonicalJson(type) ? [] : [[name, now(name).type]],
  );
  const keys = kept.column ? kept.key : [];
  // What has no value comes back as none by itself, unless a default would take its place.
  const isSparse = kept.column !== null && kept.column.default === null;
  return {
    kept: retyped.length === 0 ? kept : { ...kept, types: Object.fromEntries(retyped) },
    table: quoteRef(dialect, table),
    side: own(kept.side),
    list: [...keys, ...columns.map(({ name }) => name)]
      .map((name) => keeping.store(now(name), name))
      .join(', '),
    where: isSparse && kept.column ? ` WHERE ${quote(now(kept.column.name).name)} IS NOT NULL` : '',
  };
}

const checkOf = ({ table, side, where }: Copy): string =>
  `SELECT (SELECT count(*) FROM ${side}) = (SELECT count(*) FROM ${table}${where}) AS kept`;

function statementsOf(copy: Copy, operation: number, request: KeepRequest, step: Step): readonly Statement[] {
  const { table, side, list, where, kept } = copy;
  const plain = { parameters: [], operation, hazards: [] };
  const ddl = [
    ...request.dialect.keeping.lock(table),
    `CREATE TABLE ${side} AS SELECT ${list} FROM ${table}${where}`,
    request.forget(kept),
    request.note(kept, step, 'counted'),
  ].map((sql): Statement => ({ ...plain, sql, kind: 'ddl' }));
  return [...ddl, { ...plain, sql: checkOf(copy), kind: 'assert' }];
}

/** One hold over all that a statement drops. It is noted before it is made: what a run that dies leaves half-made is known. */
function aroundOf(
  copies: readonly Copy[],
  hold: NonNullable<Dialect['keeping']['hold']>,
  request: KeepRequest,
  step: Step,
): Around {
  const registry = request.own(keptPrefix);
  const tables = [...new Set(copies.map(({ table }) => table))];
  return {
    guards: [],
    before: [
      ...copies.flatMap(({ side, list, table, kept }) => [
        request.forget(kept),
        request.note(kept, step, 'unknown'),
        `DROP TABLE IF EXISTS ${side}`,
        `CREATE TABLE ${side} AS SELECT ${list} FROM ${table} LIMIT 0`,
      ]),
      hold.lock([...tables, ...copies.map(({ side }) => side), registry]),
      ...copies.flatMap(({ side, list, table, where, kept }) => [
        `INSERT INTO ${side} SELECT ${list} FROM ${table}${where}`,
        request.count(kept),
      ]),
    ],
    checks: copies.map(checkOf),
    after: [hold.free],
  };
}

/** Without the hazard that is none any more. */
function harmless(statement: Statement, spared: boolean): Statement {
  if (!spared) return statement;
  return { ...statement, hazards: statement.hazards.filter(({ code }) => code !== 'data-loss') };
}

interface Walk {
  readonly step: Step;
  readonly request: KeepRequest;
  readonly course: Course;
  readonly planned: readonly Planned[];
}

/** What is to be kept before a statement, and whether all that it drops is. */
interface Due {
  readonly planned: readonly Planned[];
  readonly spared: boolean;
}

/** Goes through the statements of a step, and through its operations as far as the statements have carried them out. */
function openWalk({ step, course, planned }: Walk) {
  const waiting = [...planned].sort((a, b) => a.operation - b.operation);
  let sent = -1;
  let advanced = 0;
  const advanceTo = (end: number) => {
    for (; advanced < end; advanced += 1) {
      const { operation, standing } = step.operations[advanced] ?? {};
      if (operation && standing === 'pending') course.advance(operation);
    }
  };
  /** True if nothing that the statement drops is lost. */
  const spares = (from: number, to: number) =>
    step.operations
      .slice(from, to + 1)
      .every(
        ({ operation }, i) =>
          !['dropTable', 'dropColumn', 'alterColumn', 'execute'].includes(operation.kind) ||
          planned.some((one) => one.operation === from + i),
      );
  return {
    due: ({ operation }: Statement): Due => {
      const from = sent + 1;
      if (operation > sent) {
        advanceTo(from);
        sent = operation;
      }
      const count = waiting.filter((one) => one.operation <= operation).length;
      return {
        planned: waiting.splice(0, count),
        spared: spares(Math.min(from, operation), operation),
      };
    },
    end: () => advanceTo(step.operations.length),
  };
}

/** The table by another name, in place of what would drop it; `null`: it is not this statement that does. */
function renamedBy(
  statement: Statement,
  { kept, count }: Planned,
  { step, request, course }: Walk,
): readonly Statement[] | null {
  const { dialect } = request;
  const { rename, hold, lock } = dialect.keeping;
  const now = course.whereabouts.table(kept.table);
  const table = now && course.schema.tables.get(refKey(now));
  if (!kept.renamed || rename === null || !table) return null;
  const name = quoteRef(dialect, table);
  if (statement.sql !== `DROP TABLE ${name}`) return null;
  const noted = [request.forget(kept), request.note(kept, step, count)];
  const renaming = { ...statement, sql: rename.statement(table, kept.side) };
  const triggers = [...course.schema.triggers.values()].filter((one) => sameRef(one.table, table));
  const before = [...noted, ...rename.before(triggers)];
  if (hold) return [{ ...renaming, around: { guards: rename.guards(table), before, checks: [], after: [] } }];
  const ddl = [...lock(name), ...before].map((sql) => ({ ...statement, sql, hazards: [] }));
  return [...ddl, renaming];
}

/** One statement with what keeps what it drops. */
function keptBefore(statement: Statement, planned: readonly Planned[], walked: Walk): readonly Statement[] {
  const [first] = planned;
  if (first === undefined) return [statement];
  const renamed = planned.length === 1 ? renamedBy(statement, first, walked) : null;
  if (renamed !== null) return renamed;
  const { step, request, course } = walked;
  const { hold } = request.dialect.keeping;
  const copies = planned.map(({ kept: { renamed: _, ...kept } }) =>
    copyOf(kept, request, course.whereabouts),
  );
  if (hold) return [{ ...statement, around: aroundOf(copies, hold, request, step) }];
  return [...copies.flatMap((copy) => statementsOf(copy, statement.operation, request, step)), statement];
}

/** The statements of a step, with what keeps put before the first one that could destroy it. */
function segmentsOf(walked: Walk): readonly Segment[] {
  const walk = openWalk(walked);
  const segments = walked.step.segments.map((segment) => ({
    ...segment,
    statements: segment.statements.flatMap((statement) => {
      const { planned, spared } = walk.due(statement);
      return keptBefore(harmless(statement, spared), planned, walked);
    }),
  }));
  walk.end();
  return segments;
}

/** Takes the steps of a plan in their order: each with what keeps of it. */
export function stepKeeping(
  request: KeepRequest,
  course: Course,
): (step: Step, planned: readonly Planned[]) => Step {
  return (step, planned) => {
    const segments = segmentsOf({ step, request, course, planned });
    return planned.length === 0 ? step : { ...step, segments };
  };
}
