// The schema as it stands after each operation of a compile, folded and named as SQLite will have it.
// In: operations in turn. Out: the draft, changed. Must not know how a statement is spelled.

import { canonicalJson } from '../../kernel/hash.ts';
import { withValue } from '../../operations/add-enum-value.ts';
import { applyTo } from '../../operations/apply.ts';
import type { Operation, OperationOf } from '../../operations/operation.ts';
import type { SchemaDraft } from '../../schema/draft.ts';
import type { Check, Column, Table, TableRef, Trigger } from '../../schema/schema.ts';
import { displayRef, refKey, sameRef } from '../../schema/schema.ts';
import { renameInOptions } from './clauses.ts';
import { foldExpression, namesOf } from './expressions.ts';
import { foldTable } from './normalize.ts';
import { foldTrigger } from './parse-index.ts';
import { nameTable } from './part-names.ts';
import { asLiving, type Context, lookupOf, unsupported } from './pieces.ts';
import { enumCheck, enumCheckValues } from './types.ts';

/** The triggers that go with a table, in the words that SQLite keeps. */
export function triggersOf(draft: SchemaDraft, table: TableRef): readonly Trigger[] {
  return [...draft.triggers.values()]
    .filter((trigger) => sameRef(trigger.table, table))
    .map((trigger) => ({ ...trigger, sql: foldTrigger(trigger.sql) }));
}

/** The columns whose values a run of changes leaves where they are. */
export function columnsKept(table: Table, run: readonly Operation[]): ReadonlySet<string> {
  const dropped = new Set(run.flatMap((one) => (one.kind === 'dropColumn' ? one.column : [])));
  return new Set(table.columns.map(({ name }) => name).filter((name) => !dropped.has(name)));
}

function renameInOptionsOf(draft: SchemaDraft, { table: ref, from, to }: OperationOf<'renameColumn'>): void {
  const table = draft.tables.get(refKey(ref));
  if (table) draft.tables.set(refKey(ref), { ...table, options: renameInOptions(table.options, from, to) });
}

/** The check of an enum's values goes with the type that it stands for. */
export function forgetValues(draft: SchemaDraft, operation: Operation): void {
  if (operation.kind !== 'alterColumn') return;
  const { table: ref, column, changes, was } = operation;
  const table = draft.tables.get(refKey(ref));
  if (!table || was?.type?.kind !== 'enum' || changes.type === undefined) return;
  const { values } = was.type;
  const isKept = ({ sql }: Check) => canonicalJson(enumCheckValues(sql, column)) !== canonicalJson(values);
  draft.tables.set(refKey(ref), { ...table, checks: table.checks.filter(isKept) });
}

/** A table that uses an enum, before and after the enum got a value. */
export interface EnumUse {
  readonly from: Table;
  readonly to: Table;
}

/** Tables keep the values of an enum in checks: those that hold exactly the values of this one. */
export function usesOfEnum(operation: OperationOf<'addEnumValue'>, { draft }: Context): readonly EnumUse[] {
  const known = draft.enums.get(refKey(operation.enum))?.values ?? null;
  const lookup = lookupOf(draft);
  const uses = [...draft.tables.values()].flatMap((table): readonly EnumUse[] => {
    const columns = table.columns.filter((column) => isOfEnum(column, table, { operation, known }));
    if (columns.length === 0) return [];
    const from = foldTable(table, lookup);
    const changed = columns.map(({ name, type }) => {
      const values = withValue(type.kind === 'enum' ? type.values : (known ?? []), operation);
      return [name, { ...operation.enum, kind: 'enum', values } as const] as const;
    });
    const types = new Map(changed);
    const to = from.columns.map((column) => ({ ...column, type: types.get(column.name) ?? column.type }));
    return [{ from, to: foldTable({ ...from, columns: to }, lookup) }];
  });
  if (uses.length > 0 || known !== null) return uses;
  const name = displayRef(operation.enum);
  const message = `addEnumValue: nothing tells which columns use ${name}: SQLite keeps an enum's values at each column.`;
  throw unsupported('addEnumValue', message, 'Alter the type of each column that uses it.');
}

interface EnumQuestion {
  readonly operation: OperationOf<'addEnumValue'>;
  readonly known: readonly string[] | null;
}

function isOfEnum(column: Column, table: Table, { operation, known }: EnumQuestion): boolean {
  const { type, name } = column;
  if (type.kind === 'enum') {
    return type.name === operation.enum.name && type.namespace === operation.enum.namespace;
  }
  if (known === null || type.kind !== 'text') return false;
  const check = enumCheck(name, known);
  return table.checks.some(({ sql }) => foldExpression(sql, namesOf(table)) === check);
}

function changedTable(operation: Operation): TableRef | null {
  if (operation.kind === 'renameTable') return operation.to;
  return 'table' in operation ? operation.table : null;
}

/** The table folded and, unless it only got other names, with names for what is new in it. */
function settle(operation: Operation, before: Table | null, { draft, naming }: Context): void {
  const ref = changedTable(operation);
  const table = ref && draft.tables.get(refKey(ref));
  if (!table) return;
  const folded = foldTable(table, lookupOf(draft));
  const renames = operation.kind === 'renameTable' || operation.kind === 'renameColumn';
  draft.tables.set(refKey(table), renames ? folded : nameTable(folded, before, naming));
}

function beforeOf(operation: Operation, context: Context): Table | null {
  const ref = changedTable(operation);
  const table = ref && operation.kind !== 'createTable' ? context.draft.tables.get(refKey(ref)) : undefined;
  return table ? asLiving(table, context) : null;
}

/** Carries an operation out in the draft. */
export function simulate(operation: Operation, context: Context): void {
  const { draft } = context;
  const before = beforeOf(operation, context);
  const uses = operation.kind === 'addEnumValue' ? usesOfEnum(operation, context) : [];
  // Targets and expressions are matched by their text, which is that of a folded table.
  if (before) draft.tables.set(refKey(before), before);
  forgetValues(draft, operation);
  applyTo(draft, operation);
  for (const { to } of uses) draft.tables.set(refKey(to), to);
  if (operation.kind === 'renameColumn') renameInOptionsOf(draft, operation);
  settle(operation, before, context);
}
