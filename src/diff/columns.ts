import { canonicalJson } from '../kernel/hash.ts';
import type { ColumnChanges, Operation } from '../operations/operation.ts';
import type { Column, Table, TableRef } from '../schema/schema.ts';
import { asTexts, textless } from './compare.ts';
import type { Judge } from './judge.ts';
import { mentionsName } from './order.ts';
import type { Sides, TableSides } from './pair.ts';

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
export function computedLast(columns: readonly Column[]): readonly Column[] {
  return [
    ...columns.filter((one) => one.generated === null),
    ...columns.filter((one) => one.generated !== null),
  ];
}

/**
 * Servers refuse another type (PostgreSQL), or compute nonsense, while a column is computed from it: that one is made anew.
 * So is one that computes something else of another type: neither change is right while the other is still to come.
 */
function madeAnew(altered: readonly AlteredColumn[]): (sides: Sides<Column>) => boolean {
  const retyped = altered
    .filter(({ changes }) => changes.type !== undefined || changes.collation !== undefined)
    .map(({ wanted }) => wanted.name);
  const both = new Set(
    altered
      .filter(({ changes }) => changes.type !== undefined && changes.generated)
      .map(({ wanted }) => wanted),
  );
  return ({ wanted, actual }) => {
    if (wanted.generated === null || actual.generated === null) return false;
    if (both.has(wanted)) return true;
    const texts = `${wanted.generated.sql}\n;\n${actual.generated.sql}`;
    return retyped.some((name) => name !== wanted.name && mentionsName(texts, name));
  };
}

/** True for a column that has had this name all along. */
function isNamedSo(origin: Table, actual: Table, name: string): boolean {
  const at = actual.columns.findIndex((column) => column.name === name);
  return at >= 0 && origin.columns[at]?.name === name;
}

/** What turns the columns of one table into those of the other. */
export function planColumns({ origin, actual, wanted }: TableSides, judge: Judge): ColumnsPlan {
  const known = new Map(actual.columns.map((column) => [column.name, column]));
  const kept = new Set(wanted.columns.map((column) => column.name));
  const altered = wanted.columns.flatMap((column) => {
    const other = known.get(column.name);
    return (other && alterationOf({ wanted: column, actual: other }, judge)) ?? [];
  });
  const isAnew = madeAnew(altered);
  // One that gets another name besides is not there any more to be dropped before it gets it.
  const anew = wanted.columns.flatMap((column) => {
    const sides = { wanted: column, actual: known.get(column.name) ?? column };
    return isNamedSo(origin, actual, column.name) && isAnew(sides) ? [sides] : [];
  });
  const added = wanted.columns.filter((column) => !known.has(column.name));
  const dropped = actual.columns.filter((column) => !kept.has(column.name));
  return {
    added: computedLast([...added, ...anew.map((sides) => sides.wanted)]),
    altered: [
      // What is computed no longer lets go of the columns that it was computed from.
      ...altered.filter(({ changes }) => changes.generated === null),
      // What is computed otherwise lets go of those that come to be computed themselves.
      ...altered.filter(({ changes, actual }) => changes.generated && actual.generated !== null),
      ...altered.filter(
        ({ changes, actual }) =>
          changes.generated === undefined || (changes.generated && actual.generated === null),
      ),
    ].filter(({ wanted: column }) => !anew.some((sides) => sides.wanted === column)),
    dropped: computedLast([...dropped, ...anew.map((sides) => sides.actual)]).toReversed(),
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
