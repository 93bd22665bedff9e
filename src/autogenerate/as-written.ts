// Operations between schemas as a server has them, in the words of those who wrote history and models.
// In: operations, history as written, the models as written. Out: operations that lead to the same schema.
// Must not know a dialect by name.

import type { Dialect } from '../dialect/dialect.ts';
import { compareSchemas } from '../diff/compare.ts';
import { applyAll, completeAndApply } from '../operations/apply.ts';
import type { CheckTarget, ConstraintTarget, Operation } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { closeDraft, openDraft } from '../schema/draft.ts';
import { mentions } from '../schema/identifiers-in-sql.ts';
import type { Column, Schema, Table, TableRef } from '../schema/schema.ts';
import { emptySchema, findTable, refKey, refOf } from '../schema/schema.ts';
import { tableAsDeclared } from './declared-table.ts';

export interface Written {
  /** The schema that the operations meet, as its revisions wrote it. */
  readonly before: Schema;
  /** The models in their own words. */
  readonly declared: Schema;
  readonly dialect: Pick<Dialect, 'normalize' | 'normalizeTable'>;
}

/** What was taken from the schema as the server has it is taken anew from the one that was written. */
function withoutSides(operation: Operation): Operation {
  return 'was' in operation && operation.was !== null ? { ...operation, was: null } : operation;
}

/** The names of the table on which the operation works: its own, and the one it gets. */
function tableOf(operation: Operation): TableRef | null {
  if ('table' in operation && operation.kind !== 'createTable') return operation.table;
  return null;
}

interface Bench extends Written {
  /** The tables as the operations are to leave them, normalised. */
  readonly goal: SchemaDraft;
}

const finalRef = (ref: TableRef, operations: readonly Operation[]): TableRef =>
  operations.reduce(
    (now, one) => (one.kind === 'renameTable' && refKey(one.from) === refKey(now) ? one.to : now),
    ref,
  );

/** How far the operations, on what was written, are from where they are to lead: differences of the table. */
function distance(operations: readonly Operation[], ref: TableRef, { before, dialect, goal }: Bench): number {
  const draft = openDraft(before);
  applyAll(draft, operations);
  const key = refKey(finalRef(ref, operations));
  const [wanted, found] = [goal.tables.get(key), draft.tables.get(key)];
  if (!wanted || !found) return wanted === found ? 0 : Number.POSITIVE_INFINITY;
  const normal = dialect.normalizeTable(found, closeDraft(draft));
  const only = (table: Table): Schema => ({ ...emptySchema, tables: [table] });
  return compareSchemas(only(wanted), only(normal)).length;
}

function declaredColumn(ref: TableRef, name: string, { declared }: Bench): Column | undefined {
  return findTable(declared, ref)?.columns.find((column) => column.name === name);
}

type Edit = (operations: readonly Operation[]) => readonly Operation[];

const replaced =
  (old: Operation, operation: Operation): Edit =>
  (operations) =>
    operations.map((one) => (one === old ? operation : one));
const removed =
  (...gone: readonly Operation[]): Edit =>
  (operations) =>
    operations.filter((one) => !gone.includes(one));

/** A column as the models say it; a check that the server makes of its type goes with that. */
function columnEdits(
  operation: Operation & { readonly kind: 'addColumn' },
  operations: readonly Operation[],
  bench: Bench,
): readonly Edit[] {
  const { table, column } = operation;
  const own = declaredColumn(table, column.name, bench);
  if (!own) return [];
  const swap = replaced(operation, { ...operation, column: own });
  const checks = operations.filter(
    (one) =>
      one.kind === 'addCheck' &&
      refKey(one.table) === refKey(table) &&
      one.check.name === null &&
      mentions(one.check.sql, column.name),
  );
  return [
    ...checks.map(
      (check): Edit =>
        (list) =>
          swap(removed(check)(list)),
    ),
    swap,
  ];
}

function changeEdits(operation: Operation & { readonly kind: 'alterColumn' }, bench: Bench): readonly Edit[] {
  const { table, column, changes } = operation;
  const own = declaredColumn(table, column, bench);
  if (!own || (changes.type === undefined && changes.default === undefined)) return [];
  const said = {
    ...(changes.type === undefined ? {} : { type: own.type }),
    ...(changes.default === undefined ? {} : { default: own.default }),
  };
  return [replaced(operation, { ...operation, changes: { ...changes, ...said } })];
}

type Drop = Extract<Operation, { readonly kind: 'dropCheck' | 'dropIndex' | 'dropUnique' }>;

const isDrop = (operation: Operation): operation is Drop =>
  operation.kind === 'dropCheck' || operation.kind === 'dropIndex' || operation.kind === 'dropUnique';

const columnsTarget = (name: string | null, columns: readonly string[]): ConstraintTarget =>
  name === null ? { columns } : { name };

/** Every part of the table as written that it may mean: what a server spells otherwise, or keeps as another kind of part. */
function dropEdits(operation: Drop, { before }: Bench): readonly Edit[] {
  const { table } = operation;
  const own = findTable(before, table);
  if (!own) return [];
  if (operation.kind === 'dropCheck') {
    return own.checks.map(({ name, sql }) => {
      const target: CheckTarget = name === null ? { sql } : { name };
      return replaced(operation, { ...operation, target });
    });
  }
  const ref = refOf(table);
  const uniques = own.uniques.map(({ name, columns }): Operation => {
    return { kind: 'dropUnique', table: ref, target: columnsTarget(name, columns), was: null };
  });
  const indexes = own.indexes.flatMap(({ name, parts }): readonly Operation[] => {
    const columns = parts.flatMap(({ column }) => column ?? []);
    if (name === null && columns.length !== parts.length) return [];
    const target = columnsTarget(name, columns);
    return [{ kind: 'dropIndex', table: ref, target, was: null, concurrently: false }];
  });
  return [...uniques, ...indexes].map((one) => replaced(operation, one));
}

/** Where a server keeps an enum as a check, another check is another type of the column. */
function enumEdits(
  operation: Operation & { readonly kind: 'addCheck' },
  operations: readonly Operation[],
  { before, declared }: Bench,
): readonly Edit[] {
  const { table } = operation;
  const [old, own] = [findTable(before, table), findTable(declared, table)];
  const drops = operations.filter(
    (one) => one.kind === 'dropCheck' && refKey(one.table) === refKey(table) && !('name' in one.target),
  );
  return (own?.columns ?? []).flatMap(({ name, type }) => {
    const was = old?.columns.find((column) => column.name === name)?.type;
    if (type.kind !== 'enum' || was?.kind !== 'enum') return [];
    const changes = { type };
    const swap = replaced(operation, {
      kind: 'alterColumn',
      table,
      column: name,
      changes,
      was: null,
      using: null,
    });
    return [
      ...drops.map(
        (drop): Edit =>
          (list) =>
            swap(removed(drop)(list)),
      ),
      swap,
    ];
  });
}

/** Ways to say the same that are nearer to what people wrote. */
function editsOf(operation: Operation, operations: readonly Operation[], bench: Bench): readonly Edit[] {
  if (operation.kind === 'addColumn') return columnEdits(operation, operations, bench);
  if (operation.kind === 'alterColumn') return changeEdits(operation, bench);
  if (operation.kind === 'addCheck' || operation.kind === 'dropCheck') return [removed(operation)];
  return [];
}

/** Leaving one out is right only where nothing is missing afterwards. */
const isTidy = ({ kind }: Operation): boolean => kind === 'addCheck' || kind === 'dropCheck';

/** The first edit that leads nearer where something is called by another name, else the first that leads as near. */
function bestEdit(
  operation: Operation,
  ref: TableRef,
  { now, bench }: { readonly now: readonly Operation[]; readonly bench: Bench },
): readonly Operation[] {
  const nice = editsOf(operation, now, bench);
  const needed = isDrop(operation)
    ? dropEdits(operation, bench)
    : operation.kind === 'addCheck'
      ? enumEdits(operation, now, bench)
      : [];
  if (nice.length + needed.length === 0) return now;
  const reached = distance(now, ref, bench);
  const lists = (edits: readonly Edit[]) => edits.map((edit) => edit(now));
  const nearer = reached > 0 && lists(needed).find((list) => distance(list, ref, bench) < reached);
  return (
    nearer ||
    (lists(nice).find((list) => distance(list, ref, bench) <= (isTidy(operation) ? 0 : reached)) ?? now)
  );
}

function edited(operations: readonly Operation[], bench: Bench): readonly Operation[] {
  let now = operations;
  for (const operation of operations) {
    const ref = tableOf(operation);
    if (ref !== null && now.includes(operation)) now = bestEdit(operation, ref, { now, bench });
  }
  return now;
}

/**
 * The operations in the words of models and history, complete: a `uuid` stays one where this server keeps it as text, and
 * what is dropped is called what its revision called it. Only where the server takes both for the same.
 */
export function asWritten(operations: readonly Operation[], written: Written): readonly Operation[] {
  const { before, declared, dialect } = written;
  const goal = openDraft(dialect.normalize(before));
  applyAll(goal, operations);
  const plain = operations.map((operation) =>
    operation.kind === 'createTable'
      ? tableAsDeclared(operation, { declared, dialect })
      : withoutSides(operation),
  );
  return completeAndApply(edited(plain, { ...written, goal }), openDraft(before));
}
