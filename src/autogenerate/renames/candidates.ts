// What may have got another name: things that went and things that came, alike in shape. Nothing is decided here.
// In: two normalised schemas, the renames that are settled. Out: candidates, the likeliest first. Must not ask anybody.

import type { Renames } from '../../diff/diff.ts';
import { canonicalJson } from '../../kernel/hash.ts';
import type { Column, Ref, Schema, Table, TableRef } from '../../schema/schema.ts';
import { displayRef, findTable, refKey, refOf, sameRef } from '../../schema/schema.ts';
import { likeness } from './likeness.ts';

/** A table, or a column of a table (by its new name), that may have got another name. */
export type RenameCandidate =
  | { readonly kind: 'table'; readonly from: TableRef; readonly to: TableRef }
  | { readonly kind: 'column'; readonly table: TableRef; readonly from: string; readonly to: string };

/** A key for sets: equal for equal candidates. */
export function candidateKey(candidate: RenameCandidate): string {
  return canonicalJson(candidate);
}

/** `user.fullname → user.name` */
export function displayCandidate(candidate: RenameCandidate): string {
  if (candidate.kind === 'table') return `table ${displayRef(candidate.from)} → ${displayRef(candidate.to)}`;
  return `column ${displayRef(candidate.table)}.${candidate.from} → ${candidate.to}`;
}

/** The answer that makes it a rename, as `--rename` takes it. */
export function answerFor(candidate: RenameCandidate): string {
  if (candidate.kind === 'table') return `${displayRef(candidate.from)}:${displayRef(candidate.to)}`;
  return `${displayRef(candidate.table)}.${candidate.from}:${candidate.to}`;
}

interface Scored<T> {
  readonly pair: T;
  readonly score: number;
}

/** The best pairs, each side in one of them only. */
function bestPairs<T>(
  scored: readonly Scored<T>[],
  sides: (pair: T) => readonly [string, string],
): readonly T[] {
  const [gone, made] = [new Set<string>(), new Set<string>()];
  return scored
    .toSorted((a, b) => b.score - a.score)
    .flatMap(({ pair }) => {
      const [from, to] = sides(pair);
      if (gone.has(from) || made.has(to)) return [];
      gone.add(from);
      made.add(to);
      return [pair];
    });
}

const sameType = (a: Column, b: Column): boolean => canonicalJson(a.type) === canonicalJson(b.type);

/** Columns that both tables have, of one type, as a share of all. */
function sharedColumns(a: Table, b: Table): number {
  const shared = a.columns.filter((one) =>
    b.columns.some((other) => other.name === one.name && sameType(one, other)),
  ).length;
  return shared / Math.max(1, a.columns.length + b.columns.length - shared);
}

/** Types that stand in the same order under whatever names. */
function sameShape(a: Table, b: Table): boolean {
  const types = ({ columns }: Table) => canonicalJson(columns.map(({ type, nullable }) => [type, nullable]));
  return a.columns.length > 1 && types(a) === types(b);
}

/** How much two tables look like one under another name; `null`: not enough to ask. */
function tableScore(gone: Table, made: Table): number | null {
  const [name, shared] = [likeness(gone.name, made.name), sharedColumns(gone, made)];
  const isCandidate =
    shared >= 0.6 ||
    (shared >= 0.3 && name >= 0.5) ||
    (sameShape(gone, made) && (name >= 0.5 || shared > 0.2));
  return isCandidate ? shared + name : null;
}

type TablePair = Extract<RenameCandidate, { readonly kind: 'table' }>;

/** What is settled: renames, and candidates that are none. */
export interface Settled {
  readonly renames: Renames;
  /** Keys of candidates. */
  readonly refused: ReadonlySet<string>;
}

function tableCandidates(from: Schema, to: Schema, { renames, refused }: Settled): readonly TablePair[] {
  const isTaken = (side: 'from' | 'to', table: Table) =>
    renames.tables.some((one) => sameRef(one[side], table));
  const gone = from.tables.filter((table) => !findTable(to, table) && !isTaken('from', table));
  const made = to.tables.filter((table) => !findTable(from, table) && !isTaken('to', table));
  const scored = gone.flatMap((old) =>
    made.flatMap((table): readonly Scored<TablePair>[] => {
      const pair: TablePair = { kind: 'table', from: refOf(old), to: refOf(table) };
      const score = tableScore(old, table);
      return score === null || refused.has(candidateKey(pair)) ? [] : [{ pair, score }];
    }),
  );
  return bestPairs(scored, (pair) => [refKey(pair.from), refKey(pair.to)]);
}

interface Sides {
  readonly old: Table;
  readonly table: Table;
}

/** How many of the columns that stay stand before it. */
function place(table: Table, column: Column, stays: (name: string) => boolean): number {
  return table.columns.slice(0, table.columns.indexOf(column)).filter(({ name }) => stays(name)).length;
}

function columnScore(gone: Column, made: Column, isInPlace: boolean): number | null {
  // What is computed holds nothing that could be lost.
  if (gone.generated !== null || made.generated !== null) return null;
  const name = likeness(gone.name, made.name);
  const [isSame, isKin] = [sameType(gone, made), gone.type.kind === made.type.kind];
  const enough = isSame ? 0.5 : isKin ? 0.6 : 0.8;
  if (name < enough && !(isSame && isInPlace)) return null;
  const alike = [
    gone.nullable === made.nullable,
    canonicalJson(gone.default) === canonicalJson(made.default),
  ];
  return name + (isSame ? 1 : isKin ? 0.5 : 0) + (isInPlace ? 0.5 : 0) + alike.filter(Boolean).length / 10;
}

type ColumnPair = Extract<RenameCandidate, { readonly kind: 'column' }>;

function columnCandidates({ old, table }: Sides, { renames, refused }: Settled): readonly ColumnPair[] {
  const ref = refOf(table);
  const own = renames.columns.filter((one) => sameRef(one.table, ref));
  const isIn = ({ columns }: Table, name: string) => columns.some((one) => one.name === name);
  const gone = old.columns.filter(({ name }) => !isIn(table, name) && !own.some((one) => one.from === name));
  const made = table.columns.filter(({ name }) => !isIn(old, name) && !own.some((one) => one.to === name));
  const stays = (name: string) => isIn(old, name) && isIn(table, name);
  const scored = gone.flatMap((before) =>
    made.flatMap((column): readonly Scored<ColumnPair>[] => {
      const pair: ColumnPair = { kind: 'column', table: ref, from: before.name, to: column.name };
      const isInPlace = place(old, before, stays) === place(table, column, stays);
      const score = columnScore(before, column, isInPlace);
      return score === null || refused.has(candidateKey(pair)) ? [] : [{ pair, score }];
    }),
  );
  return bestPairs(scored, (pair) => [pair.from, pair.to]);
}

/** Tables and columns that may have got another name and of which nobody has said anything yet. Tables come first. */
export function renameCandidates(from: Schema, to: Schema, settled: Settled): readonly RenameCandidate[] {
  const tables = tableCandidates(from, to, settled);
  const columns = to.tables.flatMap((table) => {
    const before = settled.renames.tables.find((one) => sameRef(one.to, table))?.from ?? table;
    const old = findTable(from, before as Ref);
    return old ? columnCandidates({ old, table }, settled) : [];
  });
  return [...tables, ...columns];
}
