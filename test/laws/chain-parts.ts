// What a revision of a random chain may do with indexes, constraints, triggers and views, on each family.
// In: a schema, dice, what a server takes. Out: operations that are legal there. Must not know how they are run.

import type { Operation } from '../../src/operations/operation.ts';
import { toForeignKey } from '../../src/schema/column-builder.ts';
import type { Column, DialectName, Table } from '../../src/schema/schema.ts';
import { refOf } from '../../src/schema/schema.ts';
import { toIndex, toUnique } from '../../src/schema/table-builder.ts';
import {
  type Change,
  keyable,
  type Place,
  partName,
  partNames,
  pick,
  plain,
  quoted,
  tablesOf,
  takenNames,
  without,
} from './chain-place.ts';

function createIndex(table: Table, place: Place): readonly Operation[] | null {
  const { dice } = place;
  const columns = keyable(table, place);
  const names = [pick(columns, dice), pick(columns, dice)]
    .slice(0, 1 + dice(2))
    .map((one) => one?.name ?? 'id');
  const parts = [...new Set(names)].map((column) => ({ column, descending: dice(4) === 0 }));
  const where = dice(4) === 0 && place.dialect !== 'mysql' ? { where: `${quoted('id', place)} > 0` } : {};
  if (table.indexes.some((one) => one.parts[0]?.column === parts[0]?.column)) return null;
  const index = toIndex(parts, { unique: dice(2) === 0, ...partName(place), ...where });
  return [{ kind: 'createIndex', table: refOf(table), index, concurrently: false }];
}

function dropIndex(table: Table, { dice }: Place): readonly Operation[] | null {
  const index = pick(table.indexes, dice);
  if (!index) return null;
  const columns = index.parts.map((part) => part.column ?? part.sql ?? '');
  const target = index.name === null ? { columns } : { name: index.name };
  return [{ kind: 'dropIndex', table: refOf(table), target, was: null, concurrently: false }];
}

function addCheck(table: Table, place: Place): readonly Operation[] | null {
  const column = pick(table.columns, place.dice) ?? table.columns[0];
  if (!column || table.checks.length > 2) return null;
  const name = quoted(column.name, place);
  const said: Partial<Record<Column['type']['kind'], string>> = {
    integer: `${name} > 0`,
    varchar: `length(${name}) < 99`,
    text: `length(${name}) < 99`,
  };
  const check = {
    name: null,
    ...partName(place),
    sql: said[column.type.kind] ?? `${name} IS NOT NULL`,
    valid: true,
  };
  return table.checks.some((one) => one.sql === check.sql)
    ? null
    : [{ kind: 'addCheck', table: refOf(table), check }];
}

function addForeignKey(table: Table, place: Place): readonly Operation[] | null {
  const { dice } = place;
  const parent = pick(tablesOf(place), dice);
  const column = pick(
    plain(table).filter(({ type, generated }) => type.kind === 'integer' && !generated),
    dice,
  );
  const [key, more] = parent?.primaryKey?.columns ?? [];
  if (!parent || !column || key === undefined || more !== undefined) return null;
  if (table.foreignKeys.some(({ columns }) => columns[0] === column.name)) return null;
  const isComputed = table.columns.some(({ generated }) => generated !== null);
  const options = {
    ...partName(place),
    ...(dice(2) === 0 && !isComputed ? { onDelete: 'cascade' as const } : {}),
  };
  const references = { table: refOf(parent), columns: [key] };
  return [
    {
      kind: 'addForeignKey',
      table: refOf(table),
      foreignKey: toForeignKey([column.name], references, options),
    },
  ];
}

export const onParts: readonly Change[] = [
  createIndex,
  createIndex,
  dropIndex,
  // Here dropped, there made, by the same name.
  (table, place) => {
    const index = table.indexes.find(({ name }) => name !== null);
    const other = pick(tablesOf(place), place.dice);
    if (!index || !other || other === table) return null;
    const anew = toIndex(['id'], { name: index.name ?? '' });
    return other.indexes.length > 0
      ? null
      : [
          ...(dropIndex({ ...table, indexes: [index] }, place) ?? []),
          { kind: 'createIndex', table: refOf(other), index: anew, concurrently: false },
        ];
  },
  (table, place) => {
    const columns = keyable(table, place)
      .slice(0, 1 + place.dice(2))
      .map(({ name }) => name);
    if (table.uniques.length > 0 || columns.length === 0) return null;
    return [{ kind: 'addUnique', table: refOf(table), unique: toUnique(columns, partName(place)) }];
  },
  (table) => {
    const [unique] = table.uniques;
    if (!unique) return null;
    const target = unique.name === null ? { columns: unique.columns } : { name: unique.name };
    return [{ kind: 'dropUnique', table: refOf(table), target, was: null }];
  },
  addCheck,
  (table, { dice }) => {
    const check = pick(table.checks, dice);
    if (!check) return null;
    const target = check.name === null ? { sql: check.sql } : { name: check.name };
    return [{ kind: 'dropCheck', table: refOf(table), target, was: null }];
  },
  addForeignKey,
  (table, { dice }) => {
    const key = pick(table.foreignKeys, dice);
    if (!key) return null;
    const target = key.name === null ? { columns: key.columns } : { name: key.name };
    return [{ kind: 'dropForeignKey', table: refOf(table), target, was: null }];
  },
];

const bodies: Readonly<Record<DialectName, (column: string) => string>> = {
  sqlite: (column) => `BEGIN SELECT NEW.${column}; END`,
  mysql: (column) => `SET @n = NEW.${column}`,
  postgres: () => 'EXECUTE FUNCTION suppress_redundant_updates_trigger()',
};

export const onPrograms: readonly Change[] = [
  (table, place) => {
    const name = pick(without(partNames, takenNames(place)), place.dice);
    const column = pick(table.columns, place.dice);
    if (name === undefined || !column) return null;
    const own = quoted(column.name, place);
    const event = place.dialect === 'mysql' ? 'UPDATE' : `UPDATE OF ${own}`;
    const head = `CREATE TRIGGER ${quoted(name, place)} BEFORE ${event} ON ${quoted(table.name, place)} FOR EACH ROW`;
    return [
      {
        kind: 'createTrigger',
        trigger: { table: refOf(table), name, sql: `${head} ${bodies[place.dialect](own)}` },
      },
    ];
  },
  (table, { draft, dice }) => {
    const own = [...draft.triggers.values()].filter((one) => one.table.name === table.name);
    const trigger = pick(own, dice);
    return trigger ? [{ kind: 'dropTrigger', table: refOf(table), trigger: trigger.name, was: null }] : null;
  },
  (table, place) => {
    const { dice, draft } = place;
    const views = [...draft.views.keys()];
    const name = pick(without(['seen', 'post_size'], takenNames(place)), dice);
    if (name === undefined || dice(3) === 0) {
      const old = pick(views, dice);
      return old === undefined
        ? null
        : [{ kind: 'dropView', view: { namespace: null, name: old }, was: null }];
    }
    const column = pick(table.columns, dice)?.name ?? 'id';
    const list = [...new Set(['id', column])].map((one) => quoted(one, place)).join(', ');
    const text = `SELECT ${list} FROM ${quoted(table.name, place)}`;
    return [{ kind: 'createView', view: { namespace: null, name, sql: text, materialized: false } }];
  },
];
