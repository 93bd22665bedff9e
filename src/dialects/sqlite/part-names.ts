// Names for constraints and indexes that their author left unnamed.
// In: a table, folded, and what it was before. Out: the table with new parts named. What lived unnamed stays so.

import type { Naming, NamingKind } from '../../dialect/dialect.ts';
import { canonicalJson } from '../../kernel/hash.ts';
import type { Check, Index, Table } from '../../schema/schema.ts';
import { mentionedColumns, namesOf } from './expressions.ts';

interface Part {
  readonly name: string | null;
}

interface Renaming<T> {
  readonly kind: NamingKind;
  readonly columnsOf: (part: T) => readonly string[];
}

type NamedIndex = Index & { readonly name: string };

/** The names that a table's new parts get. */
export interface NamedTable extends Table {
  readonly indexes: readonly NamedIndex[];
}

function firstFree(name: (suffix: readonly string[]) => string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const candidate = name(number === 1 ? [] : [String(number)]);
    if (!taken.has(candidate)) return candidate;
  }
}

/** Gives each unnamed part a name that no other has, except those which are in `kept`. */
function nameParts<T extends Part>(
  parts: readonly T[],
  kept: readonly T[],
  name: (part: T, suffix: readonly string[]) => string,
): readonly T[] {
  const taken = new Set(parts.flatMap((part) => part.name ?? []));
  const present = new Set(kept.map(canonicalJson));
  return parts.map((part) => {
    if (part.name !== null || present.has(canonicalJson(part))) return part;
    const free = firstFree((suffix) => name(part, suffix), taken);
    taken.add(free);
    return { ...part, name: free };
  });
}

function indexColumns(table: Table, index: Index): readonly string[] {
  const names = namesOf(table);
  return index.parts.flatMap((part) => {
    if (part.column !== null) return [part.column];
    const found = mentionedColumns(part.sql ?? '', names);
    return found.length > 0 ? found : ['expression'];
  });
}

/** The table with names for what is new in it; `before`: the table as it was, `null` if it is new itself. */
export function nameTable(table: Table, before: Table | null, naming: Naming): NamedTable {
  const names = namesOf(table);
  const by =
    <T>({ kind, columnsOf }: Renaming<T>) =>
    (part: T, suffix: readonly string[]) =>
      naming(kind, table, [...columnsOf(part), ...suffix]);
  const own = <T extends { readonly columns: readonly string[] }>(kind: NamingKind) =>
    by<T>({ kind, columnsOf: (part) => part.columns });
  const check = by<Check>({ kind: 'check', columnsOf: (part) => mentionedColumns(part.sql, names) });
  const index = by<Index>({ kind: 'index', columnsOf: (part) => indexColumns(table, part) });
  const keys = table.primaryKey === null ? [] : [table.primaryKey];
  const oldKeys = before?.primaryKey ? [before.primaryKey] : [];
  return {
    ...table,
    primaryKey: nameParts(keys, oldKeys, own('primaryKey'))[0] ?? null,
    uniques: nameParts(table.uniques, before?.uniques ?? [], own('unique')),
    foreignKeys: nameParts(table.foreignKeys, before?.foreignKeys ?? [], own('foreignKey')),
    checks: nameParts(table.checks, before?.checks ?? [], check),
    indexes: nameParts(table.indexes, [], index) as readonly NamedIndex[],
  };
}
