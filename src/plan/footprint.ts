import { touches } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import { mentions } from '../schema/identifiers-in-sql.ts';
import type { Table, TableRef } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';

/** Columns of a table; `all`: the table as a whole. */
export interface Columns {
  readonly table: string;
  readonly columns: readonly string[] | 'all';
}

const own = (table: TableRef, columns: Columns['columns']): readonly Columns[] => [
  { table: refKey(table), columns },
];

function mentioned(sql: string, table: Table | undefined): Columns['columns'] {
  return table ? table.columns.map(({ name }) => name).filter((name) => mentions(sql, name)) : 'all';
}

/** What an operation's questions about rows look at. `find` gives a table as it is now. */
export function readsOf(
  operation: Operation,
  find: (ref: TableRef) => Table | undefined,
): readonly Columns[] {
  switch (operation.kind) {
    case 'addUnique':
      return own(operation.table, operation.unique.columns);
    case 'addPrimaryKey':
      return own(operation.table, operation.primaryKey.columns);
    case 'alterColumn':
      return own(operation.table, [operation.column]);
    case 'addForeignKey':
      return [
        ...own(operation.table, operation.foreignKey.columns),
        ...own(operation.foreignKey.references.table, operation.foreignKey.references.columns),
      ];
    case 'addCheck':
      return own(operation.table, mentioned(operation.check.sql, find(operation.table)));
    case 'validateConstraint': {
      const { table, was } = operation;
      if (was === null) return own(table, 'all');
      if ('sql' in was) return own(table, mentioned(was.sql, find(table)));
      return [...own(table, was.columns), ...own(was.references.table, was.references.columns)];
    }
    case 'createIndex': {
      const { parts, where } = operation.index;
      const texts = [...parts.flatMap(({ sql }) => sql ?? []), ...(where === null ? [] : [where])];
      const inTexts = texts.length === 0 ? [] : mentioned(texts.join(' '), find(operation.table));
      return own(
        operation.table,
        inTexts === 'all' ? 'all' : [...parts.flatMap(({ column }) => column ?? []), ...inTexts],
      );
    }
    // Whether there are rows at all does not depend on columns.
    case 'addColumn':
      return own(operation.table, []);
    default:
      return touches(operation).flatMap((object) => (object.kind === 'table' ? own(object.ref, 'all') : []));
  }
}

/** What an operation changes, so that a question about it asked before would not be answered right. */
export function writesOf(operation: Operation): readonly Columns[] {
  switch (operation.kind) {
    case 'addColumn':
      return own(operation.table, [operation.column.name]);
    case 'dropColumn':
    case 'alterColumn':
      return own(operation.table, [operation.column]);
    case 'renameColumn':
      return own(operation.table, [operation.from, operation.to]);
    case 'createTable':
      return own(operation.table, 'all');
    case 'dropTable':
      return own(operation.table, 'all');
    case 'renameTable':
      return [...own(operation.from, 'all'), ...own(operation.to, 'all')];
    default:
      return [];
  }
}

/** What has been changed so far. */
export interface Changed {
  add(columns: readonly Columns[]): void;
  meets(columns: readonly Columns[]): boolean;
  /** True if the text mentions a table that was changed as a whole, or a changed column with its table. */
  mentionedIn(sql: string): boolean;
}

export function openChanged(): Changed {
  const whole = new Set<string>();
  const parts = new Map<string, Set<string>>();
  return {
    add: (all) => {
      for (const { table, columns } of all) {
        if (columns === 'all') whole.add(table);
        else parts.set(table, new Set([...(parts.get(table) ?? []), ...columns]));
      }
    },
    meets: (all) =>
      all.some(({ table, columns }) => {
        if (whole.has(table)) return true;
        const changed = parts.get(table);
        if (!changed) return false;
        return columns === 'all' || columns.some((column) => changed.has(column));
      }),
    mentionedIn: (sql) => {
      const names = (key: string) => mentions(sql, key.split('\u0000').at(-1) ?? key);
      const ofColumns = [...parts].some(
        ([key, columns]) => names(key) && [...columns].some((one) => mentions(sql, one)),
      );
      return ofColumns || [...whole].some(names);
    },
  };
}
