import type { Dialect } from '../dialect/dialect.ts';
import { applyTo } from '../operations/apply.ts';
import type { Operation, OperationOf } from '../operations/operation.ts';
import { openDraft } from '../schema/draft.ts';
import type { Schema } from '../schema/schema.ts';
import { displayRef, refKey } from '../schema/schema.ts';
import type { Noted } from './notes.ts';

/** What the safe sequence needs of a dialect: names in its SQL, and which defaults it does not add columns with. */
export type Writer = Pick<Dialect, 'quote' | 'addsWithoutDefault'>;

/** A column that every row must have a value of, and that gives none by itself. */
function isRequired({ column }: OperationOf<'addColumn'>): boolean {
  const { nullable, default: value, identity, generated } = column;
  return !nullable && value === null && identity === null && generated === null;
}

function update({ table, column }: OperationOf<'addColumn'>, value: string, writer: Writer): Operation {
  const quoted = [...(table.namespace === null ? [] : [table.namespace]), table.name].map((name) =>
    writer.quote(name),
  );
  const name = writer.quote(column.name);
  return {
    kind: 'execute',
    sql: `UPDATE ${quoted.join('.')} SET ${name} = ${value} WHERE ${name} IS NULL`,
    inverse: [],
    effect: [],
    transaction: true,
  };
}

/** Every row gets a value of its own; the server does that only by a statement of its own. */
function filledByDefault(operation: OperationOf<'addColumn'>, writer: Writer): readonly Noted[] {
  const { table, column } = operation;
  const value = column.default?.kind === 'expression' ? column.default.sql : 'NULL';
  const changes = { default: column.default, ...(column.nullable ? {} : { nullable: false }) };
  return [
    {
      operation: { kind: 'addColumn', table, column: { ...column, nullable: true, default: null } },
      notes: [
        `${displayRef(table)}.${column.name} has a default that differs from row to row, which this server adds no column with. It comes in three steps.`,
      ],
    },
    { operation: update(operation, value, writer), notes: [] },
    {
      operation: { kind: 'alterColumn', table, column: column.name, changes, was: null, using: null },
      notes: [],
    },
  ];
}

function inThreeSteps(operation: OperationOf<'addColumn'>, writer: Writer): readonly Noted[] {
  const { table, column } = operation;
  const shown = `${displayRef(table)}.${column.name}`;
  const added: Operation = { kind: 'addColumn', table, column: { ...column, nullable: true } };
  const fill = update(operation, 'NULL', writer);
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
 * It comes in three steps instead: as one that may be null, a data step to fill it, and then NOT NULL. So does one whose
 * default the server does not add columns with.
 */
export function withSafeSequences(
  operations: readonly Noted[],
  before: Schema,
  writer: Writer,
): readonly Noted[] {
  const draft = openDraft(before);
  const isOld = new Set(before.tables.map(refKey));
  return operations.flatMap((noted): readonly Noted[] => {
    const { operation } = noted;
    applyTo(draft, operation);
    if (operation.kind === 'renameTable' && isOld.delete(refKey(operation.from)))
      isOld.add(refKey(operation.to));
    if (operation.kind !== 'addColumn' || !isOld.has(refKey(operation.table))) return [noted];
    const varies = writer.addsWithoutDefault(operation.column);
    if (!varies && !isRequired(operation)) return [noted];
    const [first, ...rest] = varies ? filledByDefault(operation, writer) : inThreeSteps(operation, writer);
    return first ? [{ ...first, notes: [...noted.notes, ...first.notes] }, ...rest] : [noted];
  });
}
