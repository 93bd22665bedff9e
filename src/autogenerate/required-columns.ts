import { applyTo } from '../operations/apply.ts';
import type { Operation, OperationOf } from '../operations/operation.ts';
import { openDraft } from '../schema/draft.ts';
import type { Schema, TableRef } from '../schema/schema.ts';
import { displayRef, refKey } from '../schema/schema.ts';
import type { Noted } from './notes.ts';

/** What the safe sequence needs of a dialect: names in its SQL. */
export type Quote = (identifier: string) => string;

/** A column that every row must have a value of, and that gives none by itself. */
function isRequired({ column }: OperationOf<'addColumn'>): boolean {
  const { nullable, default: value, identity, generated } = column;
  return !nullable && value === null && identity === null && generated === null;
}

const quoted = ({ namespace, name }: TableRef, quote: Quote): string =>
  [...(namespace === null ? [] : [namespace]), name].map(quote).join('.');

function inThreeSteps(operation: OperationOf<'addColumn'>, quote: Quote): readonly Noted[] {
  const { table, column } = operation;
  const name = quote(column.name);
  const shown = `${displayRef(table)}.${column.name}`;
  const added: Operation = { kind: 'addColumn', table, column: { ...column, nullable: true } };
  const fill: Operation = {
    kind: 'execute',
    sql: `UPDATE ${quoted(table, quote)} SET ${name} = NULL WHERE ${name} IS NULL`,
    inverse: [],
    effect: [],
    transaction: true,
  };
  const required: Operation = {
    kind: 'alterColumn',
    table,
    column: column.name,
    changes: { nullable: false },
    was: null,
    using: null,
  };
  return [
    {
      operation: added,
      notes: [
        `${shown} may not be null and has no default, so the rows that are there need a value first. It comes in three steps.`,
      ],
    },
    {
      operation: fill,
      notes: [
        `FILL IN: what the rows that are there get, in place of the first NULL. As it stands it changes nothing, and where there are rows the next step refuses.`,
      ],
    },
    { operation: required, notes: [] },
  ];
}

/**
 * A NOT NULL column without a default cannot be added to a table that has rows: some servers refuse, others make values up.
 * It comes in three steps instead: as one that may be null, a data step to fill it, and then NOT NULL.
 */
export function withSafeSequences(
  operations: readonly Noted[],
  before: Schema,
  quote: Quote,
): readonly Noted[] {
  const draft = openDraft(before);
  const isOld = new Set(before.tables.map(refKey));
  return operations.flatMap((noted): readonly Noted[] => {
    const { operation } = noted;
    applyTo(draft, operation);
    if (operation.kind === 'renameTable' && isOld.delete(refKey(operation.from)))
      isOld.add(refKey(operation.to));
    if (operation.kind !== 'addColumn' || !isRequired(operation) || !isOld.has(refKey(operation.table)))
      return [noted];
    const [first, ...rest] = inThreeSteps(operation, quote);
    return first ? [{ ...first, notes: [...noted.notes, ...first.notes] }, ...rest] : [noted];
  });
}
