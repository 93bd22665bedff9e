import { canonicalJson } from '../kernel/hash.ts';
import type { ColumnChanges, Operation } from '../operations/operation.ts';
import type { Column, Table, TableRef } from '../schema/schema.ts';
import { asTexts, textless } from './compare.ts';
import type { Judge } from './judge.ts';
import type { Sides } from './pair.ts';

/** A column that stays and changes. */
export interface AlteredColumn extends Sides<Column> {
  readonly changes: ColumnChanges;
}

/** What becomes of a table's columns. */
export interface ColumnsPlan {
  readonly added: readonly Column[];
  readonly altered: readonly AlteredColumn[];
  readonly dropped: readonly Column[];
}

const members = [
  'type',
  'nullable',
  'default',
  'onUpdate',
  'identity',
  'generated',
  'collation',
  'comment',
] as const satisfies readonly (keyof ColumnChanges)[];

const differs = (a: unknown, b: unknown): boolean => canonicalJson(a) !== canonicalJson(b);

/** The members that differ: surely, and by the text of an expression only. */
function changedMembers({ wanted, actual }: Sides<Column>) {
  const different = members.filter((member) => differs(wanted[member], actual[member]));
  const isSure = (member: (typeof members)[number]) => {
    const [left, right] = asTexts({ [member]: wanted[member] }, { [member]: actual[member] });
    return differs(textless(left), textless(right));
  };
  return {
    sure: different.filter(isSure),
    textual: different.filter((member) => !isSure(member)),
  };
}

function alterationOf(sides: Sides<Column>, judge: Judge): AlteredColumn | null {
  const { sure, textual } = changedMembers(sides);
  const equality = textual.length === 0 ? 'equal' : judge.settle(sides);
  if (equality === 'unsure') judge.note(sides);
  const changed =
    equality === 'different' ? members.filter((one) => [...sure, ...textual].includes(one)) : sure;
  if (changed.length === 0) return null;
  const changes = Object.fromEntries(
    changed.map((member) => [member, sides.wanted[member]]),
  ) as ColumnChanges;
  return { ...sides, changes };
}

/** Columns that are computed come last: they may compute with the others. */
function computedLast(columns: readonly Column[]): readonly Column[] {
  return [
    ...columns.filter((one) => one.generated === null),
    ...columns.filter((one) => one.generated !== null),
  ];
}

/** What turns the columns of one table into those of the other. */
export function planColumns({ wanted, actual }: Sides<Table>, judge: Judge): ColumnsPlan {
  const known = new Map(actual.columns.map((column) => [column.name, column]));
  const kept = new Set(wanted.columns.map((column) => column.name));
  return {
    added: computedLast(wanted.columns.filter((column) => !known.has(column.name))),
    altered: wanted.columns.flatMap((column) => {
      const other = known.get(column.name);
      return (other && alterationOf({ wanted: column, actual: other }, judge)) ?? [];
    }),
    dropped: computedLast(actual.columns.filter((column) => !kept.has(column.name))).toReversed(),
  };
}

/** The alteration as an operation: a comment alone has one of its own. */
export function alteration(
  table: TableRef,
  { wanted, actual }: Sides<Column>,
  changes: ColumnChanges,
): Operation {
  const column = wanted.name;
  if (Object.keys(changes).join() === 'comment') {
    return { kind: 'setColumnComment', table, column, from: actual.comment, to: wanted.comment };
  }
  return { kind: 'alterColumn', table, column, changes, was: null, using: null };
}
