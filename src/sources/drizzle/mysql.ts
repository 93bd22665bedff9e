// What `drizzle-orm/mysql-core` does in its own way.
// In: its exports, a pen. Out: Core. Must not know where models stand.

import type { SQL } from 'drizzle-orm';
import type { Column, ColumnType, Index, IndexPart, Unique } from '../../schema/schema.ts';
import { plainPart } from '../../schema/schema.ts';
import { kindsOf } from './entities.ts';
import { partOfPrefix } from './index-parts.ts';
import type { Core, Library, ModelColumn, ModelIndexConfig } from './model.ts';
import type { Pen } from './pen.ts';
import { isSql } from './pen.ts';
import { plainIndex } from './table.ts';

const enumKinds = ['MySqlEnumColumn', 'MySqlEnumObjectColumn'];

const isSerial = (column: ModelColumn): boolean => kindsOf(column).includes('MySqlSerial');

/** Drizzle's own spelling of an enum does not escape its values. */
function typeOf(column: ModelColumn): ColumnType {
  if (kindsOf(column).some((kind) => enumKinds.includes(kind)))
    return { kind: 'enum', namespace: null, name: null, values: column.enumValues ?? [] };
  return { kind: 'native', sql: isSerial(column) ? 'bigint unsigned' : column.getSQLType() };
}

/** The server asks for the precision of the column. */
function onUpdateOf(column: ModelColumn): string | null {
  if (column.hasOnUpdateNow !== true) return null;
  const [size = ''] = /\(\d+\)/.exec(column.getSQLType()) ?? [];
  return `CURRENT_TIMESTAMP${size}`;
}

function refine(column: ModelColumn, plain: Column): Column {
  const isCounted = column.autoIncrement === true;
  return {
    ...plain,
    nullable: plain.nullable && !isSerial(column),
    onUpdate: onUpdateOf(column),
    identity: isCounted ? { mode: 'by-default', start: null, increment: null } : null,
  };
}

/** SERIAL is short for more than a type: the column is unique by itself. */
function uniquesOf(column: ModelColumn, pen: Pen): readonly Unique[] {
  if (!isSerial(column)) return [];
  return [{ name: null, columns: [pen.nameOf(column)], nullsNotDistinct: false, deferrable: 'no' }];
}

const partOf = (part: ModelColumn | SQL, pen: Pen): IndexPart =>
  isSql(part) ? partOfPrefix(pen.expression(part)) : { ...plainPart, column: pen.nameOf(part) };

/** InnoDB has B-trees only, whatever USING says; how an index is built is no property of it. */
function indexOf({ config }: ModelIndexConfig, pen: Pen): Index {
  const { name, columns, unique } = config;
  return { ...plainIndex, name, unique: unique ?? false, parts: columns.map((part) => partOf(part, pen)) };
}

/** The core of MySQL and MariaDB. */
export function mysqlCore(library: Library, pen: Pen): Core {
  return {
    name: 'mysql-core',
    pen,
    hasNamespaces: false,
    tableConfig: library.getTableConfig,
    viewConfig: library.getViewConfig,
    typeOf,
    refine,
    primaryKey: (columns) => ({ name: null, columns }),
    indexOf: (index) => indexOf(index as ModelIndexConfig, pen),
    namesForeignKeys: true,
    uniquesAreIndexes: false,
    uniquesOf: (column) => uniquesOf(column, pen),
    optionsOf: () => ({}),
    viewOptions: (view) => {
      const given = view as unknown as Readonly<Record<string, unknown>>;
      return ['algorithm', 'sqlSecurity', 'withCheckOption'].filter((option) => given[option] !== undefined);
    },
    restOf: () => ({ namespaces: [], enums: [], sequences: [], unsupported: [] }),
  };
}
