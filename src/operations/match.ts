import { canonicalJson, hashJson } from '../kernel/hash.ts';
import type { Check, ForeignKey, Index, Table, Unique } from '../schema/schema.ts';
import { sameRef } from '../schema/schema.ts';
import type { CheckTarget, ConstraintTarget } from './operation.ts';

const sameList = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((one, i) => one === b[i]);

type Named = { readonly name: string | null };

/** Names decide where both sides have one; otherwise the structure. */
function matches<T extends Named>(a: T, b: T, sameStructure: (a: T, b: T) => boolean): boolean {
  return a.name !== null && b.name !== null ? a.name === b.name : sameStructure(a, b);
}

/** An expression without what spelling adds: whitespace, quotes of identifiers, parentheses, case outside strings. */
function loose(sql: string): string {
  return sql
    .replace(/'(?:[^']|'')*'|[\s()"`]+|[^'\s()"`]+/g, (text) => {
      if (text.startsWith("'")) return text;
      return /^[\s()"`]/.test(text) ? ' ' : text.toLowerCase();
    })
    .replace(/ +/g, ' ')
    .trim();
}

const sameText = (a: string | null, b: string | null): boolean =>
  a === null || b === null ? a === b : loose(a) === loose(b);

const looseParts = (index: Index) =>
  index.parts.map((part) => (part.sql === null ? part : { ...part, sql: loose(part.sql) }));

export const sameUnique = (a: Unique, b: Unique): boolean =>
  matches(a, b, (x, y) => sameList(x.columns, y.columns));

export const sameForeignKey = (a: ForeignKey, b: ForeignKey): boolean =>
  matches(a, b, (x, y) => sameList(x.columns, y.columns) && sameRef(x.references.table, y.references.table));

export const sameCheck = (a: Check, b: Check): boolean => matches(a, b, (x, y) => sameText(x.sql, y.sql));

export const sameIndex = (a: Index, b: Index): boolean =>
  matches(
    a,
    b,
    (x, y) =>
      x.unique === y.unique &&
      x.method === y.method &&
      sameText(x.where, y.where) &&
      hashJson(looseParts(x)) === hashJson(looseParts(y)),
  );

/** The constraint or index that a target means: by its name, or the one over these columns. */
export function findTarget<T extends Named>(
  list: readonly T[],
  target: ConstraintTarget,
  columnsOf: (part: T) => readonly string[],
): T | undefined {
  if ('name' in target) return list.find((part) => part.name === target.name);
  return list.find((part) => sameList(columnsOf(part).map(loose), target.columns.map(loose)));
}

/** The check that a target means. */
export function findCheck(table: Table, target: CheckTarget): Check | undefined {
  if ('name' in target) return table.checks.find((check) => check.name === target.name);
  return table.checks.find((check) => sameText(check.sql, target.sql));
}

/** The check that a drop takes away: the one that the operation remembers. */
export function findDroppedCheck(
  table: Table,
  { target, was }: { readonly target: CheckTarget; readonly was: Check | null },
): Check | undefined {
  const own = 'name' in target || was === null ? undefined : table.checks.find(({ sql }) => sql === was.sql);
  return own ?? findCheck(table, target);
}

/** The part that a drop takes away. Several may cover the same columns: it is the one that the operation remembers. */
export function findDropped<T extends Named>(
  list: readonly T[],
  { target, was }: { readonly target: ConstraintTarget; readonly was: T | null },
  columnsOf: (part: T) => readonly string[],
): T | undefined {
  const form = (part: T) => canonicalJson({ ...part, name: null });
  const remembered = 'name' in target || was === null ? undefined : form(was);
  return list.find((part) => form(part) === remembered) ?? findTarget(list, target, columnsOf);
}

/** Column names of an index; an expression counts as its text. */
export const indexColumns = (index: Index): readonly string[] =>
  index.parts.map((part) => part.column ?? part.sql ?? '');

/** A target for a part: its name, else its columns. */
export function targetOf(part: Named, columns: readonly string[]): ConstraintTarget {
  return part.name === null ? { columns } : { name: part.name };
}

/** A target in words. */
export function displayTarget(target: ConstraintTarget | CheckTarget): string {
  if ('name' in target) return target.name;
  return 'columns' in target ? `(${target.columns.join(', ')})` : `(${target.sql})`;
}
