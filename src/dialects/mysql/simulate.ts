// The schema before and after each operation, as the server would have it.
// In: operations, the schema before. Out: one moment for each operation. Must not know SQL.

import type { CompileInput } from '../../dialect/dialect.ts';
import { withValue } from '../../operations/add-enum-value.ts';
import { applyTo } from '../../operations/apply.ts';
import { resolveDrop } from '../../operations/living-part.ts';
import type { Operation } from '../../operations/operation.ts';
import type { SchemaDraft } from '../../schema/draft.ts';
import { openDraft } from '../../schema/draft.ts';
import type { Ref, Schema, Table } from '../../schema/schema.ts';
import { emptySchema, refKey } from '../../schema/schema.ts';
import { changedTexts, textsOf } from './changed-texts.ts';
import type { EnumColumns } from './enum-columns.ts';
import { enumsOf, followEnums } from './enum-columns.ts';
import { foldExpression } from './expressions.ts';
import { normalizeTable } from './normalize.ts';
import { nameParts, nameTable } from './part-names.ts';
import type { Moment } from './pieces.ts';
import type { MysqlTraits } from './traits.ts';

type Ground = Pick<Moment, 'naming' | 'traits' | 'draft'>;

/** One operation with its moment. */
export interface Simulated {
  readonly operation: Operation;
  readonly position: number;
  readonly moment: Moment;
}

/** The table that an operation is about, before and after it. */
function subjects(operation: Operation): { readonly before: Ref; readonly after: Ref } | null {
  if (operation.kind === 'renameTable') return { before: operation.from, after: operation.to };
  if (operation.kind === 'createTable') return { before: operation.table, after: operation.table };
  return 'table' in operation ? { before: operation.table, after: operation.table } : null;
}

/** What the server makes of the table right away. */
function settle(draft: SchemaDraft, ref: Ref, traits: MysqlTraits): void {
  const table = draft.tables.get(refKey(ref));
  if (!table) return;
  const schema: Schema = { ...emptySchema, enums: [...draft.enums.values()] };
  draft.tables.set(refKey(ref), normalizeTable(table, schema, traits));
}

function addValue(draft: SchemaDraft, operation: Operation, columns: EnumColumns): void {
  if (operation.kind !== 'addEnumValue') return;
  for (const place of columns.get(refKey(operation.enum)) ?? []) {
    const table = draft.tables.get(refKey(place.table));
    if (!table) continue;
    const changed = table.columns.map((column) =>
      column.name === place.column && column.type.kind === 'enum'
        ? { ...column, type: { ...column.type, values: withValue(column.type.values, operation) } }
        : column,
    );
    draft.tables.set(refKey(place.table), { ...table, columns: changed });
  }
}

function noteNew(created: Set<string>, operation: Operation): void {
  if (operation.kind === 'createTable') created.add(refKey(operation.table));
  if (operation.kind === 'dropTable') created.delete(refKey(operation.table));
  if (operation.kind === 'renameTable' && created.delete(refKey(operation.from))) {
    created.add(refKey(operation.to));
  }
}

/** All effects of an operation on the draft, and the tables they concern brought into the server's form. */
function advance(draft: SchemaDraft, operation: Operation, traits: MysqlTraits): void {
  applyTo(draft, operation);
  const effect = operation.kind === 'execute' || operation.kind === 'run' ? (operation.effect ?? []) : [];
  for (const one of [operation, ...effect]) {
    const subject = subjects(one);
    if (subject) settle(draft, subject.after, traits);
  }
}

/** A check named by its text, of which nothing else is known, is found by what the text means. */
function resolveCheck(operation: Operation, table: Table): Operation {
  if (operation.kind !== 'dropCheck' || 'name' in operation.target) return operation;
  const columns = table.columns.map((column) => column.name);
  const sql = foldExpression(operation.target.sql, columns);
  const found = table.checks.find((check) => check.sql === sql);
  return found?.name ? { ...operation, target: { name: found.name } } : operation;
}

/** What a drop takes away, by the name that it has on the server. */
function resolved(operation: Operation, table: Table | undefined, ground: Ground): Operation {
  if (!table) return operation;
  const { naming, traits, draft } = ground;
  const schema: Schema = { ...emptySchema, enums: [...draft.enums.values()] };
  const form = (one: Table) => nameTable(normalizeTable(one, schema, traits), naming);
  return resolveCheck(resolveDrop(operation, { table, form }), table);
}

/** Opens the schema before, every part named as it is on the server. */
function openNamed(input: CompileInput, traits: MysqlTraits): SchemaDraft {
  const named = (table: Table) => nameTable(normalizeTable(table, input.before, traits), input.naming);
  return openDraft({ ...input.before, tables: input.before.tables.map(named) }, '`');
}

function renamedTo(operation: Operation): string | null {
  if (operation.kind === 'renameTable') return operation.to.name;
  return operation.kind === 'renameColumn' ? operation.to : null;
}

/** Plays the operations one after the other. */
export function* simulate(input: CompileInput, traits: MysqlTraits): Generator<Simulated> {
  const draft = openNamed(input, traits);
  const created = new Set<string>();
  const enumColumns = enumsOf(input.before);
  for (const [position, plain] of input.operations.entries()) {
    const subject = subjects(plain);
    const before = subject ? draft.tables.get(refKey(subject.before)) : undefined;
    const found = resolved(plain, before, { naming: input.naming, traits, draft });
    const operation = nameParts(found, before, input.naming);
    followEnums(enumColumns, operation);
    const isNew = subject !== null && created.has(refKey(subject.before));
    const newName = renamedTo(operation);
    const texts = newName === null ? null : textsOf(draft);
    advance(draft, operation, traits);
    const respelled = texts
      ? changedTexts(texts, draft, newName ?? '')
      : { views: [], triggers: [], name: '' };
    addValue(draft, operation, enumColumns);
    const after = subject ? draft.tables.get(refKey(subject.after)) : undefined;
    const moment = { traits, naming: input.naming, before, after, draft, isNew, enumColumns, respelled };
    yield { operation, position, moment };
    noteNew(created, operation);
  }
}
