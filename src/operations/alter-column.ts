import { displayDefault, displayType } from '../schema/display.ts';
import type { Column } from '../schema/schema.ts';
import { displayRef, refKey } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, tableObject } from './handler.ts';
import type { ColumnChanges } from './operation.ts';

/** The members of a column that the changes name, as they are there. */
function membersBefore(column: Column, changes: ColumnChanges): ColumnChanges {
  return Object.fromEntries(
    Object.keys(changes).map((member) => [member, column[member as keyof ColumnChanges]]),
  ) as ColumnChanges;
}

type Words = { readonly [M in keyof ColumnChanges]-?: (value: NonNullable<Column[M]>) => string };

const given: Words = {
  type: displayType,
  nullable: (nullable) => (nullable ? 'nullable' : 'not null'),
  default: (value) => `default ${displayDefault(value)}`,
  identity: () => 'identity',
  generated: ({ sql }) => `generated as (${sql})`,
  collation: (collation) => `collate ${collation}`,
  onUpdate: (expression) => `on update ${expression}`,
  comment: () => 'a comment',
};

function word<M extends keyof ColumnChanges>(member: M, value: Column[M] | undefined): string {
  const say = given[member] as (value: NonNullable<Column[M]>) => string;
  return value === null || value === undefined ? `no ${member}` : say(value);
}

function words(changes: ColumnChanges): string {
  const members = Object.keys(changes) as (keyof ColumnChanges)[];
  return members.map((member) => word(member, changes[member])).join(', ');
}

export const alterColumn: OperationHandler<'alterColumn'> = {
  role: 'alter',
  apply: (draft, { table, column, changes }) =>
    changeTable(draft, table, (one) => ({
      ...one,
      columns: one.columns.map((other) => (other.name === column ? { ...other, ...changes } : other)),
    })),
  invert: ({ table, column, changes, was }) =>
    was === null ? null : [{ kind: 'alterColumn', table, column, changes: was, was: changes, using: null }],
  describe: ({ table, column, changes }) =>
    `alter column ${displayRef(table)}.${column} to ${words(changes)}`,
  touches: ({ table }) => [tableObject(table)],
  complete: (operation, before) => {
    const column = before.tables
      .get(refKey(operation.table))
      ?.columns.find((one) => one.name === operation.column);
    if (operation.was !== null || !column) return operation;
    return { ...operation, was: membersBefore(column, operation.changes) };
  },
};
