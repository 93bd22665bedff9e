// What a revision of a random chain may do with tables and their columns, on each family.
// In: a schema, dice, what a server takes. Out: operations that are legal there. Must not know how they are run.

import type { Operation } from '../../src/operations/operation.ts';
import { t, toColumn } from '../../src/schema/column-builder.ts';
import type { Table } from '../../src/schema/schema.ts';
import { refOf } from '../../src/schema/schema.ts';
import { toTable } from '../../src/schema/table-builder.ts';
import {
  type Change,
  canBeKey,
  columnNames,
  folded,
  freeColumn,
  freeTable,
  inKey,
  isIndexed,
  isReferenced,
  isSaid,
  isViewed,
  type Place,
  pick,
  plain,
  quoted,
  tableNames,
  tablesOf,
  typeOf,
} from './chain-place.ts';

/** A new table. */
export function newTable(place: Place): readonly Operation[] | null {
  const { dice } = place;
  const name = freeTable(place);
  if (name === undefined) return null;
  const columns = columnNames.slice(0, 1 + dice(3)).map((column) => [column, typeOf(dice)] as const);
  const [, first] = columns[0] ?? [];
  const isUnique = dice(3) === 0 && (place.dialect !== 'mysql' || first?.spec.column.type.kind !== 'text');
  const table = toTable(
    { namespace: null, name },
    { id: t.integer().primaryKey(), ...Object.fromEntries(columns) },
    isUnique ? { uniques: [['id', 'name']] } : {},
  );
  return [{ kind: 'createTable', table }];
}

const renameTable = (from: string, to: string): Operation => ({
  kind: 'renameTable',
  from: { namespace: null, name: from },
  to: { namespace: null, name: to },
});
const renameColumn = (table: Table, from: string, to: string): Operation => ({
  kind: 'renameColumn',
  table: refOf(table),
  from,
  to,
});

export const onTables: readonly Change[] = [
  (table, place) =>
    isReferenced(table, place) || isViewed(table, place)
      ? null
      : [{ kind: 'dropTable', table: refOf(table), was: null, triggers: [] }],
  (table, place) => {
    const name = freeTable(place);
    return name === undefined ? null : [renameTable(table.name, name)];
  },
  // Only the case of its name is another, or it comes back to the name of another table.
  (table, place) => {
    const to = tableNames.find((name) => name !== table.name && folded(name) === folded(table.name));
    return to === undefined ? null : place.dialect === 'mysql' ? null : [renameTable(table.name, to)];
  },
  (table, place) => {
    const other = pick(tablesOf(place), place.dice);
    if (!other || other === table) return null;
    const [a, b] = [table.name, other.name];
    return [renameTable(a, 'between'), renameTable(b, a), renameTable('between', b)];
  },
  // Away, and another one in its place.
  (table, place) => {
    const name = freeTable(place);
    if (name === undefined) return null;
    const anew = toTable(refOf(table), { id: t.integer().primaryKey(), name: typeOf(place.dice) });
    return [renameTable(table.name, name), { kind: 'createTable', table: anew }];
  },
];

function addColumn(table: Table, place: Place): readonly Operation[] | null {
  const name = freeColumn(table, place);
  return name === undefined
    ? null
    : [{ kind: 'addColumn', table: refOf(table), column: toColumn(name, typeOf(place.dice)) }];
}

function dropColumn(table: Table, place: Place): readonly Operation[] | null {
  const column = pick(plain(table), place.dice);
  if (!column || isSaid(table, column.name, place)) return null;
  const isTarget = tablesOf(place).some(({ foreignKeys }) =>
    foreignKeys.some(({ references }) => references.columns.includes(column.name)),
  );
  if (isTarget || table.primaryKey?.columns.includes(column.name)) return null;
  const lost = { uniques: [], foreignKeys: [], checks: [], indexes: [] };
  return [{ kind: 'dropColumn', table: refOf(table), column: column.name, was: null, lost }];
}

function alterColumn(table: Table, place: Place): readonly Operation[] | null {
  const { dice, dialect } = place;
  const column = pick(plain(table), dice);
  if (!column || column.generated || table.primaryKey?.columns.includes(column.name)) return null;
  const { type, default: value, nullable } = typeOf(dice).spec.column;
  const isFree = dialect === 'sqlite' || !(isSaid(table, column.name, place) || inKey(table, column.name));
  const fits = canBeKey({ ...column, type }, place) || !isIndexed(table, column.name);
  const all = [
    ...(isFree && fits ? [{ type, default: value }] : []),
    { nullable: !column.nullable },
    { nullable },
  ];
  const changes = pick(all, dice) ?? {};
  return [{ kind: 'alterColumn', table: refOf(table), column: column.name, changes, was: null, using: null }];
}

export const onColumns: readonly Change[] = [
  addColumn,
  addColumn,
  dropColumn,
  alterColumn,
  (table, place) => {
    const column = pick(plain(table), place.dice);
    const to = freeColumn(table, place);
    return !column || to === undefined ? null : [renameColumn(table, column.name, to)];
  },
  (table, { dice }) => {
    const column = pick(plain(table), dice);
    const to = columnNames.find(
      (name) => name !== column?.name && folded(name) === folded(column?.name ?? ''),
    );
    return !column || to === undefined ? null : [renameColumn(table, column.name, to)];
  },
  (table, { dice }) => {
    const [a, b] = [pick(plain(table), dice)?.name, pick(plain(table), dice)?.name];
    if (a === undefined || b === undefined || a === b) return null;
    return [renameColumn(table, a, 'between'), renameColumn(table, b, a), renameColumn(table, 'between', b)];
  },
  (table, place) => {
    const column = pick(plain(table), place.dice);
    const to = freeColumn(table, place);
    if (!column || to === undefined) return null;
    const anew = toColumn(column.name, typeOf(place.dice));
    return [renameColumn(table, column.name, to), { kind: 'addColumn', table: refOf(table), column: anew }];
  },
  // Computed.
  (table, place) => {
    const name = freeColumn(table, place);
    const of = table.columns.find(({ type, generated }) => type.kind === 'integer' && !generated);
    if (name === undefined || !of || (place.dialect === 'mysql' && table.foreignKeys.length > 0)) return null;
    const column = toColumn(name, t.integer().generatedAs(`${quoted(of.name, place)} + 1`));
    return [{ kind: 'addColumn', table: refOf(table), column }];
  },
  // In the author's own words.
  (table, place) => {
    const name = freeColumn(table, place);
    if (name === undefined) return null;
    const [own, column] = [quoted(table.name, place), quoted(name, place)];
    const effect: Operation = { kind: 'addColumn', table: refOf(table), column: toColumn(name, t.integer()) };
    return [
      {
        kind: 'execute',
        sql: `ALTER TABLE ${own} ADD COLUMN ${column} integer`,
        inverse: [`ALTER TABLE ${own} DROP COLUMN ${column}`],
        effect: [effect],
        transaction: true,
      },
    ];
  },
];
