// What `drizzle-orm/sqlite-core` does in its own way.
// In: its exports, a pen. Out: Core. Must not know where models stand.

import type { SQL } from 'drizzle-orm';
import type { Index, IndexPart } from '../../schema/schema.ts';
import { plainPart } from '../../schema/schema.ts';
import { partOfText } from './index-parts.ts';
import type { Core, Library, ModelColumn, ModelIndexConfig } from './model.ts';
import type { Pen } from './pen.ts';
import { isSql } from './pen.ts';
import { plainIndex } from './table.ts';

const partOf = (part: ModelColumn | SQL, pen: Pen): IndexPart =>
  isSql(part) ? partOfText(pen.expression(part)) : { ...plainPart, column: pen.nameOf(part) };

function indexOf({ config }: ModelIndexConfig, pen: Pen): Index {
  const { name, columns, unique, where } = config;
  return {
    ...plainIndex,
    name,
    unique: unique ?? false,
    parts: columns.map((part) => partOf(part, pen)),
    where: where === undefined ? null : pen.expression(where),
  };
}

/** SQLite's core: what is unique is so by an index, and keys have no names. */
export function sqliteCore(library: Library, pen: Pen): Core {
  return {
    name: 'sqlite-core',
    pen,
    hasNamespaces: false,
    tableConfig: library.getTableConfig,
    viewConfig: library.getViewConfig,
    typeOf: (column) => ({ kind: 'native', sql: column.getSQLType() }),
    refine: (_, plain) => plain,
    primaryKey: (columns) => ({ name: null, columns }),
    indexOf: (index) => indexOf(index as ModelIndexConfig, pen),
    namesForeignKeys: false,
    uniquesAreIndexes: true,
    uniquesOf: () => [],
    optionsOf: ({ columns }) =>
      columns.some(({ autoIncrement }) => autoIncrement === true) ? { autoincrement: true } : {},
    viewOptions: () => [],
    restOf: () => ({ namespaces: [], enums: [], sequences: [], unsupported: [] }),
  };
}
