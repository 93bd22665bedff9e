import type { Check, ForeignKey, Table } from '../schema/schema.ts';
import { displayRef, refKey } from '../schema/schema.ts';
import type { OperationHandler } from './handler.ts';
import { changeTable, tableObject } from './handler.ts';
import { displayTarget, findCheck, findDropped, findDroppedCheck, findTarget, targetOf } from './match.ts';
import type { OperationOf } from './operation.ts';

type Validate = OperationOf<'validateConstraint'>;

/** True for a check; false for a foreign key. */
export const isCheck = (part: ForeignKey | Check): part is Check => 'sql' in part;

const columnsOf = (key: ForeignKey): readonly string[] => key.columns;

/** The foreign key or check that the operation means. */
export function findValidated(table: Table, { target, was }: Validate): ForeignKey | Check | undefined {
  const [key, check] = was === null ? [null, null] : isCheck(was) ? [null, was] : [was, null];
  if ('sql' in target) return findDroppedCheck(table, { target, was: check });
  if ('columns' in target) return findDropped(table.foreignKeys, { target, was: key }, columnsOf);
  return findTarget(table.foreignKeys, target, columnsOf) ?? findCheck(table, target);
}

const validated = <T extends { readonly valid: boolean }>(list: readonly T[], found: unknown): readonly T[] =>
  list.map((one) => (one === found ? { ...one, valid: true } : one));

export const validateConstraint: OperationHandler<'validateConstraint'> = {
  role: 'alter',
  apply: (draft, operation) =>
    changeTable(draft, operation.table, (one) => {
      const found = findValidated(one, operation);
      return {
        ...one,
        foreignKeys: validated(one.foreignKeys, found),
        checks: validated(one.checks, found),
      };
    }),
  // No server forgets that it has looked: the constraint is made again, which reads no row.
  invert: ({ table, was }) => {
    if (was === null) return null;
    if (was.valid) return [];
    if (isCheck(was)) {
      const target = was.name === null ? { sql: was.sql } : { name: was.name };
      return [
        { kind: 'dropCheck', table, target, was: { ...was, valid: true } },
        { kind: 'addCheck', table, check: was },
      ];
    }
    const target = targetOf(was, was.columns);
    return [
      { kind: 'dropForeignKey', table, target, was: { ...was, valid: true } },
      { kind: 'addForeignKey', table, foreignKey: was },
    ];
  },
  describe: ({ table, target }) => `validate constraint ${displayTarget(target)} of ${displayRef(table)}`,
  touches: ({ table }) => [tableObject(table)],
  complete: (operation, before) => {
    const table = before.tables.get(refKey(operation.table));
    if (!table || operation.was) return operation;
    return { ...operation, was: findValidated(table, operation) ?? null };
  },
};
