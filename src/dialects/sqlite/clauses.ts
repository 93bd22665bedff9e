// What SQLite has at a constraint and the model has no member for, kept among the table's options:
// conflict clauses, the order and collation of key columns, names of NOT NULL.

import type { Table, TableOptions } from '../../schema/schema.ts';

/** `parts` is a JSON list with the text after each column: `["COLLATE NOCASE DESC", ""]`. */
export type Clause =
  | 'primaryKey.conflict'
  | 'primaryKey.parts'
  | 'unique.conflict'
  | 'unique.parts'
  | 'notNull.conflict'
  | 'notNull.name';

/** The option's key: the clause and the columns that it belongs to. */
export function clauseKey(clause: Clause, columns: readonly string[]): string {
  return `${clause} ${JSON.stringify(columns)}`;
}

/** The clause of that constraint, or `null`. */
export function clauseOf(table: Table, clause: Clause, columns: readonly string[]): string | null {
  const value = table.options[clauseKey(clause, columns)];
  return typeof value === 'string' ? value : null;
}

/** The text after each column of a key. */
export function partsOf(
  table: Table,
  clause: 'primaryKey.parts' | 'unique.parts',
  columns: readonly string[],
): readonly string[] {
  const text = clauseOf(table, clause, columns);
  return text === null ? columns.map(() => '') : (JSON.parse(text) as readonly string[]);
}

const keyPattern = /^(primaryKey|unique|notNull)\.(conflict|parts|name) (\[.*\])$/s;

interface ParsedKey {
  readonly constraint: string;
  readonly clause: string;
  readonly columns: readonly string[];
}

function parseKey(key: string): ParsedKey | null {
  const [, constraint = '', clause = '', columns = '[]'] = keyPattern.exec(key) ?? [];
  return constraint === '' ? null : { constraint, clause, columns: JSON.parse(columns) as readonly string[] };
}

const sameColumns = (a: readonly string[], b: readonly string[]) => JSON.stringify(a) === JSON.stringify(b);

function isThere(table: Table, { constraint, columns }: ParsedKey): boolean {
  if (constraint === 'primaryKey') return sameColumns(table.primaryKey?.columns ?? [], columns);
  if (constraint === 'unique') return table.uniques.some((unique) => sameColumns(unique.columns, columns));
  const column = table.columns.find(({ name }) => name === columns[0]);
  return column !== undefined && !column.nullable;
}

const flags = ['strict', 'withoutRowid', 'autoincrement'] as const;

/** The options that mean something to SQLite and that belong to something which is there. */
export function foldOptions(table: Table): TableOptions {
  const kept = Object.entries(table.options).filter(([key, value]) => {
    if ((flags as readonly string[]).includes(key)) return value === true;
    const parsed = parseKey(key);
    return parsed !== null && isThere(table, parsed);
  });
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The options after a column got another name. */
export function renameInOptions(options: TableOptions, from: string, to: string): TableOptions {
  const renamed = Object.entries(options).map(([key, value]) => {
    const parsed = parseKey(key);
    if (parsed === null || !parsed.columns.includes(from)) return [key, value] as const;
    const columns = parsed.columns.map((name) => (name === from ? to : name));
    return [`${parsed.constraint}.${parsed.clause} ${JSON.stringify(columns)}`, value] as const;
  });
  return Object.fromEntries(renamed);
}
