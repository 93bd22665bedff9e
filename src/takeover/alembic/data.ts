// Statements and rows. In: what `execute` and `bulk_insert` are given. Out: operations, recorded.
// Must not know statements of Python.

import type { SqlSyntax } from '../../kernel/sql-text.ts';
import { splitStatements, tokenize } from '../../kernel/sql-text.ts';
import type { CellValue, Operation } from '../../operations/operation.ts';
import { toRef } from '../../schema/schema.ts';
import type { Dml, SqlTable } from './core-sql.ts';
import { dmlOf, dmlSql, tableOf, textSql } from './core-sql.ts';
import { jsonOf } from './json-value.ts';
import type { State } from './machine.ts';
import { emit } from './machine.ts';
import { unquoted } from './sql-names.ts';
import { syntaxOf } from './syntax.ts';
import { tableOperations } from './table-objects.ts';
import type { Value } from './value.ts';
import { leafOf, pathOf, untranslated } from './value.ts';

/** `datetime.datetime(2020, 1, 31, 12, 0)` as text. */
function dateOf(value: Value): string | null {
  if (
    value.kind !== 'made' ||
    !/(^|\.)(datetime|date)$/.test(pathOf(value)) ||
    value.callee.kind !== 'symbol'
  )
    return null;
  const parts = value.given.map((one) =>
    one.kind === 'constant' && typeof one.value === 'number' ? one.value : Number.NaN,
  );
  if (parts.length < 3 || parts.some(Number.isNaN) || value.named.size > 0) return null;
  const [year = 0, month = 1, day = 1, ...time] = parts;
  const two = (number: number) => String(number).padStart(2, '0');
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  if (leafOf(value) === 'date') return date;
  const [hour = 0, minute = 0, second = 0] = time;
  return `${date} ${two(hour)}:${two(minute)}:${two(second)}`;
}

function cellOf(value: Value): CellValue {
  if (value.kind === 'constant') return value.value;
  if (value.kind === 'sequence' || value.kind === 'dict') return { json: jsonOf(value) };
  const date = dateOf(value);
  if (date !== null) return date;
  const first = value.kind === 'made' ? value.given[0] : undefined;
  if (first) {
    const path = pathOf(value);
    if (/(^|\.)(inline_literal|UUID|Decimal)$/.test(path)) return cellOf(first);
    if (/json\.dumps$/.test(path)) return JSON.stringify(jsonOf(first));
  }
  return untranslated('a value that is known only when it runs');
}

function rowOf(value: Value): Readonly<Record<string, CellValue>> {
  if (value.kind !== 'dict') return untranslated('rows that are known only when it runs');
  return Object.fromEntries(
    value.entries.map(([key, one]) => {
      const name =
        key.kind === 'constant'
          ? String(key.value)
          : key.kind === 'attribute'
            ? key.name
            : untranslated('a column that is not constant');
      return [name, cellOf(one)] as const;
    }),
  );
}

function emitRows(state: State, table: SqlTable, rows: Value | undefined): void {
  const one = rows?.kind === 'dict' ? [rows] : null;
  const items = rows?.kind === 'sequence' ? rows.items : one;
  if (!items) untranslated('rows that only running can tell');
  if (!items || items.length === 0) return;
  const ref = { namespace: table.schema, name: table.name };
  emit(state, { kind: 'insertRows', table: ref, rows: items.map(rowOf), key: null });
}

/** Rows of constants. */
export function insertRows(state: State, table: Value | undefined, rows: Value | undefined): void {
  const found = tableOf(table);
  if (found) emitRows(state, found, rows);
  else untranslated('a table that only running can tell');
}

const asRef = (text: string) => {
  const parts = text
    .replace(/^"?public"?\./i, '')
    .split('.')
    .map(unquoted);
  return parts.length > 1
    ? { namespace: parts[0] ?? null, name: parts.slice(1).join('.') }
    : { namespace: null, name: parts[0] ?? text };
};

const strings = (text: string, syntax: SqlSyntax): readonly string[] =>
  tokenize(text, syntax).flatMap(({ kind, text: one }) =>
    kind === 'string' ? [one.slice(1, -1).replaceAll("''", "'")] : [],
  );

/** Statements about enums, as operations: the rest of a history may build on them. */
function enumOperation(sql: string, syntax: SqlSyntax): Operation | null {
  const [, made, list] = /^create\s+type\s+([\w".]+)\s+as\s+enum\s*\(([\s\S]*)\)$/i.exec(sql) ?? [];
  if (made !== undefined && list !== undefined)
    return { kind: 'createEnum', enum: { ...asRef(made), values: strings(list, syntax) } };
  const [, gone] = /^drop\s+type\s+(?:if\s+exists\s+)?([\w".]+)$/i.exec(sql) ?? [];
  if (gone !== undefined) return { kind: 'dropEnum', enum: asRef(gone), was: null };
  const [, altered, value, side, neighbour] =
    /^alter\s+type\s+([\w".]+)\s+add\s+value\s+(?:if\s+not\s+exists\s+)?('(?:[^']|'')*')(?:\s+(before|after)\s+('(?:[^']|'')*'))?$/i.exec(
      sql,
    ) ?? [];
  if (altered === undefined || value === undefined) return null;
  const [text = ''] = strings(value, syntax);
  const [next = null] = neighbour === undefined ? [] : strings(neighbour, syntax);
  const isBefore = side?.toLowerCase() === 'before';
  return {
    kind: 'addEnumValue',
    enum: asRef(altered),
    value: text,
    before: isBefore ? next : null,
    after: isBefore ? null : next,
  };
}

function operationOf(sql: string, state: State, syntax: SqlSyntax): Operation {
  const found = state.dialect === 'postgres' ? enumOperation(sql, syntax) : null;
  if (found?.kind === 'createEnum') return found;
  if (
    found &&
    'enum' in found &&
    state.draft.enums.has(
      found.enum.namespace === null ? found.enum.name : `${found.enum.namespace}\u0000${found.enum.name}`,
    )
  )
    return found;
  return { kind: 'execute', sql, inverse: null, effect: null, transaction: state.transaction };
}

/** Literal SQL, one operation for each statement. */
export function executeSql(state: State, sql: string): void {
  const syntax = syntaxOf(state.dialect);
  const statements = splitStatements(sql, syntax);
  emit(state, ...statements.map((one) => operationOf(one.sql, state, syntax)));
}

const noParameters: ReadonlyMap<string, Value> = new Map();

function parametersOf(value: Value | undefined): ReadonlyMap<string, Value> | null {
  if (value === undefined) return noParameters;
  if (value.kind !== 'dict') return null;
  return new Map(
    value.entries.map(([key, one]) => [key.kind === 'constant' ? String(key.value) : '', one] as const),
  );
}

/** `CreateSequence(Sequence('s'))`, `DropSequence(…)` */
function sequenceOperations(leaf: string, given: Value, state: State): readonly Operation[] | null {
  const name = given.kind === 'made' && leafOf(given) === 'Sequence' ? given.given[0] : undefined;
  if (name?.kind !== 'constant' || state.dialect !== 'postgres') return null;
  const ref = toRef(String(name.value));
  const usual = { start: 1, increment: 1, minimum: null, maximum: null, cycle: false };
  if (leaf === 'CreateSequence') return [{ kind: 'createSequence', sequence: { ...ref, ...usual } }];
  return leaf === 'DropSequence' ? [{ kind: 'dropSequence', sequence: ref, was: null }] : null;
}

/** `CreateSchema('x')`, `CreateTable(table)` and their like; `null`: it is none of them. */
function schemaObject(state: State, value: Value | undefined): readonly Operation[] | null {
  const name = value?.kind === 'made' ? value.given[0] : undefined;
  if (value?.kind !== 'made' || !name) return null;
  const leaf = leafOf(value);
  const text = name.kind === 'constant' ? String(name.value) : null;
  switch (leaf) {
    case 'CreateTable':
      return tableOperations(name, state, 'create');
    case 'DropTable':
      return tableOperations(name, state, 'drop');
    case 'CreateSchema':
      return text === null ? null : [{ kind: 'createNamespace', namespace: text }];
    case 'DropSchema':
      return text === null ? null : [{ kind: 'dropNamespace', namespace: text }];
    default:
      return sequenceOperations(leaf, name, state);
  }
}

/** What `execute` is given: SQL, a statement of the expression language, an object of the schema. */
export function runStatement(state: State, value: Value | undefined, parameters: Value | undefined): void {
  const objects = schemaObject(state, value);
  const dml = objects ? null : dmlOf(value);
  if (objects) emit(state, ...objects);
  else if (dml) runDml(state, dml, parameters);
  else runText(state, value, parameters);
}

function runDml(state: State, dml: Dml, parameters: Value | undefined): void {
  if (dml.verb !== 'insert') {
    if (parameters !== undefined) untranslated('parameters of a statement that is put together');
    executeSql(state, dmlSql(dml, state.dialect));
    return;
  }
  const rows = dml.values.length > 0 || !parameters ? dml.values : [parameters];
  if (rows.length === 0) untranslated('an insert without values');
  for (const one of rows) emitRows(state, dml.table, one);
}

function runText(state: State, value: Value | undefined, parameters: Value | undefined): void {
  // Several sets of parameters: the statement once for each.
  const sets = parameters?.kind === 'sequence' ? parameters.items : [parameters];
  for (const one of sets) {
    const bound = parametersOf(one) ?? untranslated('parameters that are known only when it runs');
    const sql = textSql(value, bound, state.dialect);
    if (sql === null) untranslated('a statement that is known only when it runs');
    else executeSql(state, sql);
  }
}
