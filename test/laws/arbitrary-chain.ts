// Random chains of revisions that SQLite can run: tables of few names come, change, go and come again.
// In: randomness. Out: operations by revision. Must not know how they are run.

import { completeAndApply, describe } from '../../src/operations/apply.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { sql, t, toColumn, toForeignKey } from '../../src/schema/column-builder.ts';
import { openDraft, type SchemaDraft } from '../../src/schema/draft.ts';
import { mentions } from '../../src/schema/identifiers-in-sql.ts';
import type { Table } from '../../src/schema/schema.ts';
import { emptySchema, refOf } from '../../src/schema/schema.ts';
import { toIndex, toTable, toUnique } from '../../src/schema/table-builder.ts';
import { fc } from '../support/laws.ts';

type Dice = (sides: number) => number;

const tableNames = ['user', 'post', 'a "b"', 'order'];
const columnNames = ['name', 'size', 'Größe', 'x y', 'select'];
const types = [
  () => t.integer(),
  () => t.varchar(20),
  () => t.text(),
  () => t.numeric(8, 2),
  () => t.boolean(),
  () => t.integer().default(3),
  () => t.varchar(9).notNull().default("it's"),
  () => t.timestamp().default(sql('CURRENT_TIMESTAMP')),
];

const pick = <T>(list: readonly T[], dice: Dice): T | undefined => list[dice(list.length || 1)];
const free = (names: readonly string[], taken: readonly string[]) =>
  names.filter((name) => !taken.includes(name));
const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
const type = (dice: Dice) => (pick(types, dice) ?? t.integer)();

const isReferenced = (draft: SchemaDraft, table: Table) =>
  [...draft.tables.values()].some(
    (other) => other !== table && other.foreignKeys.some((key) => key.references.table.name === table.name),
  );
const isViewed = (draft: SchemaDraft, name: string) =>
  [...draft.views.values()].some((view) => mentions(view.sql, name));

function newTable(draft: SchemaDraft, dice: Dice): Operation | null {
  const name = pick(free(tableNames, [...draft.tables.keys()]), dice);
  if (name === undefined) return null;
  const columns = columnNames.slice(0, 1 + dice(3)).map((column) => [column, type(dice)] as const);
  const table = toTable(
    { namespace: null, name },
    { id: t.integer().primaryKey(), ...Object.fromEntries(columns) },
    dice(3) === 0 ? { uniques: [['id', 'name']] } : {},
  );
  return { kind: 'createTable', table };
}

/** Something that changes the table; `null`: the dice asked for what is not there. */
const changes: readonly ((table: Table, draft: SchemaDraft, dice: Dice) => Operation | null)[] = [
  (table, draft) =>
    isReferenced(draft, table) || isViewed(draft, table.name)
      ? null
      : { kind: 'dropTable', table: refOf(table), was: null, triggers: [] },
  (table, draft, dice) => {
    const name = pick(free(tableNames, [...draft.tables.keys()]), dice);
    return name === undefined || isViewed(draft, table.name)
      ? null
      : { kind: 'renameTable', from: refOf(table), to: { namespace: null, name } };
  },
  (table, _, dice) => {
    const taken = table.columns.map(({ name }) => name);
    const name = pick(free(columnNames, taken), dice);
    return name === undefined
      ? null
      : { kind: 'addColumn', table: refOf(table), column: toColumn(name, type(dice)) };
  },
  (table, draft, dice) => {
    const column = pick(table.columns.slice(1), dice);
    if (!column || isViewed(draft, table.name)) return null;
    const lost = { uniques: [], foreignKeys: [], checks: [], indexes: [] };
    return { kind: 'dropColumn', table: refOf(table), column: column.name, was: null, lost };
  },
  (table, draft, dice) => {
    const column = pick(table.columns.slice(1), dice);
    const taken = table.columns.map(({ name }) => name);
    const to = pick(free(columnNames, taken), dice);
    if (!column || to === undefined || isViewed(draft, table.name)) return null;
    return { kind: 'renameColumn', table: refOf(table), from: column.name, to };
  },
  (table, _, dice) => {
    const column = pick(table.columns.slice(1), dice);
    if (!column) return null;
    const { type: newType, default: value, nullable } = type(dice).spec.column;
    const all = [{ type: newType, default: value }, { nullable: !column.nullable }, { nullable }];
    return {
      kind: 'alterColumn',
      table: refOf(table),
      column: column.name,
      changes: pick(all, dice) ?? {},
      was: null,
      using: null,
    };
  },
  (table, draft, dice) => {
    const column = pick(table.columns, dice)?.name ?? 'id';
    const index = toIndex([column], {
      unique: dice(2) === 0,
      ...(dice(2) === 0 ? {} : { name: `ix ${column} ${dice(1e6)}` }),
    });
    // Names of indexes are those of the whole database.
    const named = [...draft.tables.values()].flatMap(({ indexes }) => indexes);
    const isTaken =
      table.indexes.some(({ parts }) => parts[0]?.column === column) ||
      (index.name !== null && named.some(({ name }) => name === index.name));
    return isTaken ? null : { kind: 'createIndex', table: refOf(table), index, concurrently: false };
  },
  (table, _, dice) => {
    const index = pick(table.indexes, dice);
    if (!index) return null;
    const target =
      index.name === null
        ? { columns: index.parts.map((part) => part.column ?? part.sql ?? '') }
        : { name: index.name };
    return { kind: 'dropIndex', table: refOf(table), target, was: null, concurrently: false };
  },
  (table, _, dice) => {
    const columns = table.columns.slice(0, 1 + dice(2)).map(({ name }) => name);
    if (table.uniques.length > 0) return null;
    return { kind: 'addUnique', table: refOf(table), unique: toUnique(columns) };
  },
  (table) => {
    const [unique] = table.uniques;
    return unique
      ? { kind: 'dropUnique', table: refOf(table), target: { columns: unique.columns }, was: null }
      : null;
  },
  (table, _, dice) => {
    const column = pick(table.columns, dice)?.name ?? 'id';
    const check = { name: `ck ${column}`, sql: `length(${quote(column)}) < 99`, valid: true };
    return table.checks.some(({ name }) => name === check.name)
      ? null
      : { kind: 'addCheck', table: refOf(table), check };
  },
  (table, _, dice) => {
    const check = pick(table.checks, dice);
    return check
      ? { kind: 'dropCheck', table: refOf(table), target: { name: check.name ?? '' }, was: null }
      : null;
  },
  (table, draft, dice) => {
    const parent = pick([...draft.tables.values()], dice);
    const column = pick(table.columns.slice(1), dice);
    if (!parent || !column || table.foreignKeys.length > 0) return null;
    const foreignKey = toForeignKey([column.name], { table: refOf(parent), columns: ['id'] });
    return { kind: 'addForeignKey', table: refOf(table), foreignKey };
  },
  (table) => {
    const [key] = table.foreignKeys;
    return key
      ? { kind: 'dropForeignKey', table: refOf(table), target: { columns: key.columns }, was: null }
      : null;
  },
  (table, draft) =>
    draft.views.has('seen')
      ? { kind: 'dropView', view: { namespace: null, name: 'seen' }, was: null }
      : {
          kind: 'createView',
          view: {
            namespace: null,
            name: 'seen',
            sql: `SELECT id FROM ${quote(table.name)}`,
            materialized: false,
          },
        },
];

function next(draft: SchemaDraft, dice: Dice): Operation | null {
  const table = pick([...draft.tables.values()], dice);
  if (!table || dice(5) === 0) return newTable(draft, dice);
  const change = pick(changes, dice);
  return change ? change(table, draft, dice) : null;
}

function revisionOf(draft: SchemaDraft, dice: Dice): readonly Operation[] {
  const operations: Operation[] = [];
  const wanted = 1 + dice(3);
  for (let tries = 0; tries < 20 && operations.length < wanted; tries += 1) {
    const operation = next(draft, dice);
    if (operation === null) continue;
    completeAndApply([operation], draft);
    operations.push(operation);
  }
  return operations;
}

/** A chain: the operations of each revision, and a point between two of them. */
export interface Chain {
  readonly revisions: readonly (readonly Operation[])[];
  readonly point: number;
}

/** A chain in words, for failures. */
export const displayChain = ({ revisions, point }: Chain): string =>
  [
    `point ${point}`,
    ...revisions.map((operations, i) => `r${i}: ${operations.map(describe).join(' | ')}`),
  ].join('\n');

export const chains: fc.Arbitrary<Chain> = fc
  .tuple(fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 7 }), fc.nat())
  .map(([numbers, length, n]): Chain => {
    const dice: Dice = (sides) => numbers.next().value % sides;
    const draft = openDraft(emptySchema);
    const revisions = Array.from({ length }, () => revisionOf(draft, dice));
    const chain = { revisions, point: n % (length + 1) };
    return { ...chain, [fc.toStringMethod]: () => displayChain(chain) } as Chain;
  });
