import type { Dialect } from '../dialect/dialect.ts';
import { keptPrefix } from '../dialect/keeping.ts';
import type { Around, Segment, Statement } from '../dialect/statement.ts';
import type { Operation, OperationOf } from '../operations/operation.ts';
import type { Column, Schema, Table, TableRef } from '../schema/schema.ts';
import { displayRef, findTable, sameRef } from '../schema/schema.ts';
import type { Loss, Plan, Step } from './plan.ts';

// What a step would destroy is copied into a table beside before it goes, in the same transaction, or, where DDL takes part
// in none, while the session holds the table. The step's own statements stay what they are.

/** What was put aside: as the table of kept things has it, but for the moment and the number of rows. */
export interface KeptObject {
  /** The table beside. */
  readonly side: string;
  readonly table: TableRef;
  /** `null`: the whole table. */
  readonly column: Column | null;
  /** By which rows are found again; empty: the table has no key. */
  readonly key: readonly string[];
  /** The columns of the table, where it was kept whole. */
  readonly columns: readonly Column[];
  /** True: it came back without this, or with something newer; nothing puts it back by itself any more. */
  readonly stale?: boolean;
}

/** What is asked of it. */
export interface KeepRequest {
  readonly live: Schema;
  readonly dialect: Dialect;
  /** The number of the next thing to be kept. */
  readonly next: number;
  /** So many rows are kept of a table, and no more. */
  readonly maxRows: number;
  /** A table of Surefoot's own, quoted. */
  readonly own: (name: string) => string;
  /** Adds to the table of kept things. */
  readonly note: (kept: KeptObject, step: Step) => string;
}

type Drop = OperationOf<'dropTable' | 'dropColumn'>;

interface Planned {
  readonly operation: number;
  readonly kept: KeptObject;
}

/** The columns by which a row is found again, whatever becomes of the others. */
function keyOf({ primaryKey, uniques, columns }: Table): readonly string[] {
  if (primaryKey) return primaryKey.columns;
  const isSure = (name: string) => columns.some((column) => column.name === name && !column.nullable);
  return uniques.find((unique) => unique.columns.every(isSure))?.columns ?? [];
}

const subjectOf = (operation: Drop): string =>
  operation.kind === 'dropColumn'
    ? `values of ${displayRef(operation.table)}.${operation.column}`
    : `rows of ${displayRef(operation.table)}`;

/** True for what makes a table another one under the name it had. */
function renames(operation: Operation, table: TableRef): boolean {
  if (operation.kind === 'renameTable') return sameRef(operation.to, table) || sameRef(operation.from, table);
  if (operation.kind === 'renameColumn' || operation.kind === 'dropPrimaryKey')
    return sameRef(operation.table, table);
  return operation.kind === 'createTable' && sameRef(operation.table, table);
}

const drops = (operation: Operation, table: TableRef, column: string): boolean =>
  operation.kind === 'dropColumn' && sameRef(operation.table, table) && operation.column === column;

function objectOf(
  operation: Drop,
  side: string,
  { live, maxRows }: KeepRequest,
  context: { readonly earlier: readonly Operation[]; readonly count: number },
): KeptObject | string {
  const table = findTable(live, operation.table);
  if (!table || context.earlier.some((one) => renames(one, operation.table)))
    return 'it gets its name in the same plan';
  if (context.count > maxRows) return `it has more than ${maxRows} rows`;
  const key = keyOf(table);
  if (operation.kind === 'dropTable') {
    // Columns that went before are kept by themselves.
    const columns = table.columns.filter(
      ({ name }) => !context.earlier.some((one) => drops(one, table, name)),
    );
    return { side, table: operation.table, column: null, key, columns };
  }
  const column = table.columns.find(({ name }) => name === operation.column);
  if (!column) return 'it gets its name in the same plan';
  if (column.generated) return 'it is computed';
  if (key.length === 0) return 'the table has no key';
  if (key.includes(column.name)) return 'it is part of the key';
  return { side, table: operation.table, column, key, columns: [] };
}

interface Copy {
  readonly kept: KeptObject;
  readonly table: string;
  readonly side: string;
  readonly list: string;
  readonly where: string;
}

function copyOf(kept: KeptObject, { dialect, own }: KeepRequest): Copy {
  const { quote, keeping } = dialect;
  const { namespace, name } = kept.table;
  const table = namespace === null ? quote(name) : `${quote(namespace)}.${quote(name)}`;
  const columns = kept.column ? [kept.column] : kept.columns.filter(({ generated }) => generated === null);
  const keys = kept.column ? kept.key.map((one) => quote(one)) : [];
  // What has no value comes back as none by itself, unless a default would take its place.
  const isSparse = kept.column !== null && kept.column.default === null;
  return {
    kept,
    table,
    side: own(kept.side),
    list: [...keys, ...columns.map(keeping.store)].join(', '),
    where: isSparse && kept.column ? ` WHERE ${quote(kept.column.name)} IS NOT NULL` : '',
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
    request.note(kept, step),
  ].map((sql): Statement => ({ ...plain, sql, kind: 'ddl' }));
  return [...ddl, { ...plain, sql: checkOf(copy), kind: 'assert' }];
}

/** One hold over all that a statement drops. A run that died here left the tables beside behind: they are made anew. */
function aroundOf(
  copies: readonly Copy[],
  hold: NonNullable<Dialect['keeping']['hold']>,
  request: KeepRequest,
  step: Step,
): Around {
  const registry = request.own(keptPrefix);
  const tables = [...new Set(copies.map(({ table }) => table))];
  return {
    before: [
      ...copies.flatMap(({ side, list, table }) => [
        `DROP TABLE IF EXISTS ${side}`,
        `CREATE TABLE ${side} AS SELECT ${list} FROM ${table} LIMIT 0`,
      ]),
      hold.lock([...tables, ...copies.map(({ side }) => side), registry]),
      ...copies.flatMap(({ side, list, table, where, kept }) => [
        `INSERT INTO ${side} SELECT ${list} FROM ${table}${where}`,
        `DELETE FROM ${registry} WHERE id = ${request.dialect.literal(kept.side)}`,
        request.note(kept, step),
      ]),
    ],
    checks: copies.map(checkOf),
    after: [hold.free],
  };
}

/** The statements of a step, with what keeps put before the first one that could destroy it. */
function segmentsOf(step: Step, planned: readonly Planned[], request: KeepRequest): readonly Segment[] {
  const waiting = [...planned].sort((a, b) => a.operation - b.operation);
  const { hold } = request.dialect.keeping;
  const due = (statement: Statement): readonly Copy[] => {
    const count = waiting.filter(({ operation }) => operation <= statement.operation).length;
    return waiting.splice(0, count).map(({ kept }) => copyOf(kept, request));
  };
  return step.segments.map((segment) => ({
    ...segment,
    statements: segment.statements.flatMap((statement): readonly Statement[] => {
      const copies = due(statement);
      if (copies.length === 0) return [statement];
      if (hold) return [{ ...statement, around: aroundOf(copies, hold, request, step) }];
      return [...copies.flatMap((copy) => statementsOf(copy, statement.operation, request, step)), statement];
    }),
  }));
}

const isDrop = (operation: Operation): operation is Drop =>
  operation.kind === 'dropTable' || operation.kind === 'dropColumn';

interface Decision {
  readonly revision: string;
  readonly subject: string;
  readonly operation: number;
  readonly kept: KeptObject | string;
}

/** What is kept of each drop of the plan, in its order; a text says why nothing is. */
function decide(plan: Plan, request: KeepRequest): readonly Decision[] {
  let { next } = request;
  const earlier: Operation[] = [];
  const consider = (step: Step, operation: number): readonly Decision[] => {
    const { operation: one, standing } = step.operations[operation] ?? {};
    if (!one || standing !== 'pending') return [];
    const before = [...earlier];
    earlier.push(one);
    if (!isDrop(one) || one.erase === true) return [];
    const [revision, subject] = [step.revision, subjectOf(one)];
    const loss = plan.losses.find((each) => each.revision === revision && each.subject === subject);
    if (!loss || loss.count === 0) return [];
    const side = `${keptPrefix}_${next}`;
    const kept = objectOf(one, side, request, { earlier: before, count: loss.count });
    if (typeof kept !== 'string') next += 1;
    return [{ revision, subject, operation, kept }];
  };
  return plan.steps.flatMap((step) => step.operations.flatMap((_, index) => consider(step, index)));
}

function toldOf(loss: Loss, decisions: readonly Decision[]): Loss {
  const made = decisions.find(
    ({ revision, subject }) => revision === loss.revision && subject === loss.subject,
  );
  if (!made) return loss;
  return typeof made.kept === 'string' ? { ...loss, notKept: made.kept } : { ...loss, kept: made.kept.side };
}

/** The tables and columns that a plan makes, by their names as `displayRef` has them. */
export function madeBy({ steps }: Pick<Plan, 'steps'>): ReadonlySet<string> {
  const made = steps.flatMap(({ operations }) =>
    operations.flatMap(({ operation, standing }) => {
      if (standing !== 'pending') return [];
      if (operation.kind === 'createTable') return [displayRef(operation.table)];
      return operation.kind === 'addColumn'
        ? [`${displayRef(operation.table)}.${operation.column.name}`]
        : [];
    }),
  );
  return new Set(made);
}

/** The plan with everything kept that its steps drop, as far as it can be; and of the rest why it cannot. */
export function keepLosses(plan: Plan, request: KeepRequest): Plan {
  const decisions = decide(plan, request);
  const steps = plan.steps.map((step) => {
    const planned = decisions.flatMap(({ revision, operation, kept }): readonly Planned[] =>
      revision === step.revision && typeof kept !== 'string' ? [{ operation, kept }] : [],
    );
    return planned.length === 0 ? step : { ...step, segments: segmentsOf(step, planned, request) };
  });
  return {
    ...plan,
    steps,
    losses: plan.losses.map((loss) => toldOf(loss, decisions)),
    choices: { ...plan.choices, keep: true },
  };
}
