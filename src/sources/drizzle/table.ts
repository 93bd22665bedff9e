// A table of Drizzle as a table of the schema.
// In: what `getTableConfig` gives, the core that knows its own. Out: Table. Must not know where models stand.

import type {
  Check,
  Column,
  ForeignKey,
  Generated,
  Index,
  PrimaryKey,
  ReferentialAction,
  Table,
  TableRef,
  Unique,
} from '../../schema/schema.ts';
import { plainPart } from '../../schema/schema.ts';
import type { Core, ModelColumn, ModelForeignKey, ModelTable, ModelUnique } from './model.ts';
import type { Pen } from './pen.ts';

const actions: Readonly<Record<string, ReferentialAction>> = {
  'no action': 'no-action',
  restrict: 'restrict',
  cascade: 'cascade',
  'set null': 'set-null',
  'set default': 'set-default',
};

const actionOf = (text: string | undefined): ReferentialAction => actions[text ?? 'no action'] ?? 'no-action';

function generatedOf(column: ModelColumn, pen: Pen): Generated | null {
  if (column.generated === undefined) return null;
  return { sql: pen.expression(column.generated.as), stored: column.generated.mode !== 'virtual' };
}

function columnOf(column: ModelColumn, core: Core): Column {
  return core.refine(column, {
    name: core.pen.nameOf(column),
    type: core.typeOf(column),
    nullable: !column.notNull,
    default: core.pen.defaultOf(column),
    onUpdate: null,
    identity: null,
    generated: generatedOf(column, core.pen),
    collation: null,
    comment: null,
  });
}

function primaryKeyOf(table: ModelTable, core: Core): PrimaryKey | null {
  const [key] = table.primaryKeys;
  if (key) {
    const name = core.pen.fit(core.pen.keyName(key.getName(), key.columns));
    return core.primaryKey(key.columns.map(core.pen.nameOf), name);
  }
  const columns = table.columns.filter(({ primary }) => primary).map(core.pen.nameOf);
  return columns.length === 0 ? null : core.primaryKey(columns, null);
}

const plainUnique = { nullsNotDistinct: false, deferrable: 'no' } as const;

function uniqueOf({ name, columns, nullsNotDistinct }: ModelUnique, { pen }: Core): Unique {
  return {
    ...plainUnique,
    name: name === undefined ? null : pen.fit(name),
    columns: columns.map(pen.nameOf),
    nullsNotDistinct: nullsNotDistinct ?? false,
  };
}

function uniqueOfColumn(column: ModelColumn, { pen }: Core): readonly Unique[] {
  if (!column.isUnique) return [];
  const name = column.uniqueName === undefined ? null : pen.fit(column.uniqueName);
  return [
    {
      ...plainUnique,
      name,
      columns: [pen.nameOf(column)],
      nullsNotDistinct: column.uniqueType === 'not distinct',
    },
  ];
}

function foreignKeyOf(key: ModelForeignKey, core: Core): ForeignKey {
  const { columns, foreignColumns, foreignTable } = key.reference();
  const { pen } = core;
  const name = core.namesForeignKeys
    ? pen.fit(pen.keyName(key.getName(), [...columns, ...foreignColumns]))
    : null;
  return {
    name,
    columns: columns.map(pen.nameOf),
    references: {
      table: refOfTable(core.tableConfig(foreignTable)),
      columns: foreignColumns.map(pen.nameOf),
    },
    onDelete: actionOf(key.onDelete),
    onUpdate: actionOf(key.onUpdate),
    deferrable: 'no',
    valid: true,
  };
}

/** The name of a table, or of anything that stands in a namespace as tables do. */
export function refOfTable({
  name,
  schema,
}: {
  readonly name: string;
  readonly schema?: string | undefined;
}): TableRef {
  return { namespace: schema ?? null, name };
}

/** An index with nothing said of it. */
export const plainIndex: Index = {
  name: null,
  parts: [],
  unique: false,
  where: null,
  method: null,
  include: [],
  nullsNotDistinct: false,
  valid: true,
};

const indexOfUnique = ({ name, columns }: Unique): Index => ({
  ...plainIndex,
  name,
  unique: true,
  parts: columns.map((column) => ({ ...plainPart, column })),
});

function checkOf({ name, value }: ModelTable['checks'][number], { pen }: Core): Check {
  return { name: pen.fit(name), sql: pen.expression(value), valid: true };
}

/** A table as the models declare it. */
export function readTable(model: ModelTable, core: Core): Table {
  const uniques = [
    ...model.columns.flatMap((column) => [...uniqueOfColumn(column, core), ...core.uniquesOf(column)]),
    ...model.uniqueConstraints.map((unique) => uniqueOf(unique, core)),
  ];
  const indexes = model.indexes.map((index) => core.indexOf(index, model));
  return {
    ...refOfTable(model),
    columns: model.columns.map((column) => columnOf(column, core)),
    primaryKey: primaryKeyOf(model, core),
    uniques: core.uniquesAreIndexes ? [] : uniques,
    foreignKeys: model.foreignKeys.map((key) => foreignKeyOf(key, core)),
    checks: model.checks.map((check) => checkOf(check, core)),
    indexes: core.uniquesAreIndexes ? [...uniques.map(indexOfUnique), ...indexes] : indexes,
    comment: null,
    options: core.optionsOf(model),
  };
}
