// A renaming, as it reaches the texts of views and triggers: where a word means what is renamed, and nowhere else.
// In: a program, what is renamed, the columns of tables. Out: the program in its new words.

import type { QuoteMark, SchemaDraft } from './draft.ts';
import { isPlainName, saysName } from './identifiers-in-sql.ts';
import type { ColumnWord, Scope, Source, Word } from './program-words.ts';
import { wordsOf } from './program-words.ts';
import type { Ref } from './schema.ts';
import { refKey } from './schema.ts';

/** The columns of a table of that name; `null`: there is none. */
export type ColumnsOf = (table: string) => readonly string[] | null;

/** The columns of the tables beside one. */
export const columnsIn =
  ({ tables }: Pick<SchemaDraft, 'tables'>, { namespace }: Ref): ColumnsOf =>
  (name) =>
    tables.get(refKey({ namespace, name }))?.columns.map((column) => column.name) ?? null;

/** What something is called from now on, and the quotes that a bare word then gets if it needs any. */
export interface NewName {
  readonly to: string;
  readonly quote: QuoteMark;
}

/** A column of a table, by the names that programs say. */
export interface ColumnName {
  readonly table: string;
  readonly column: string;
}

const isName = (word: Word, name: string): boolean =>
  word.isBare ? word.name.toLowerCase() === name.toLowerCase() : word.name === name;

const sameAlias = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** What a word before a dot stands for. */
function sourceOf(scope: Scope | null, { name }: Word): Source | null {
  if (scope === null) return null;
  const found = scope.sources.find(({ alias, table }) => sameAlias(alias ?? table?.name ?? '', name));
  return found ?? sourceOf(scope.parent, { name } as Word);
}

const visible = (scope: Scope): readonly Source[] => scope.sources.filter(({ isQualified }) => !isQualified);

interface Search {
  readonly meant: ColumnName;
  readonly columnsOf: ColumnsOf;
  readonly columns: readonly ColumnWord[];
  /** Queries that are being asked already: one beside others may see them and, in the end, itself. */
  readonly asked: readonly Scope[];
}

const isTable = (source: Source, { meant }: Search): boolean =>
  source.table !== null && isName(source.table, meant.table);

/** A query between parentheses gives the column on under its name. */
function gives(query: Scope, search: Search): boolean {
  if (search.asked.includes(query)) return false;
  const inner = { ...search, asked: [...search.asked, query] };
  return search.columns.some(
    (word) => word.scope === query && word.isGiven && (word.column ? means(word, inner) : isAll(word, inner)),
  );
}

function isAll({ scope, qualifier }: ColumnWord, search: Search): boolean {
  const read = qualifier ? sourceOf(scope, qualifier) : null;
  return (read ? [read] : visible(scope)).some((source) => has(source, search));
}

const has = (source: Source, search: Search): boolean =>
  isTable(source, search) || (source.query !== null && gives(source.query, search));

/** True if a bare column of that name is another table's. */
const isOthers = (source: Source, { meant, columnsOf }: Search): boolean =>
  source.table !== null &&
  (columnsOf(source.table.name) ?? []).some((column) => sameAlias(column, meant.column));

function isFound(scope: Scope | null, search: Search): boolean {
  if (scope === null) return false;
  const sources = visible(scope);
  if (sources.some((source) => has(source, search))) return true;
  return !sources.some((source) => isOthers(source, search)) && isFound(scope.parent, search);
}

function means({ scope, clause, qualifier, column }: ColumnWord, search: Search): boolean {
  if (column === null || !isName(column, search.meant.column)) return false;
  if (qualifier) {
    const source = sourceOf(scope, qualifier);
    return source !== null && has(source, search);
  }
  const isOutput = clause === 'order' && scope.outputs.has(column.name.toLowerCase());
  return !isOutput && isFound(scope, search);
}

function written(sql: string, { isBare, start }: Word, { to, quote }: NewName): string {
  if (isBare && isPlainName(to)) return to;
  if ((isBare ? quote : sql[start]) === '`') return `\`${to.replaceAll('`', '``')}\``;
  return sql[start] === '[' ? `[${to}]` : `"${to.replaceAll('"', '""')}"`;
}

function replaced(sql: string, words: Iterable<Word>, name: NewName): string {
  const sorted = [...words].toSorted((a, b) => b.start - a.start);
  return sorted.reduce(
    (text, word) => text.slice(0, word.start) + written(sql, word, name) + text.slice(word.end),
    sql,
  );
}

/** A word that means a column. */
export interface ColumnUse {
  readonly word: Word;
  /** Who gets it under its own name: nobody, a query around it, or whoever reads the whole. */
  readonly givenTo: 'nobody' | 'query' | 'reader';
}

/** The words that mean this column. */
export function usesOfColumn(sql: string, meant: ColumnName, columnsOf: ColumnsOf): readonly ColumnUse[] {
  if (!saysName(sql, meant.column)) return [];
  const { columns, result } = wordsOf(sql);
  return columns.flatMap((one): readonly ColumnUse[] => {
    if (!one.column || !means(one, { meant, columnsOf, columns, asked: [] })) return [];
    const given = one.scope === result ? 'reader' : 'query';
    return [{ word: one.column, givenTo: one.isGiven ? given : 'nobody' }];
  });
}

/** The program, where a column is called otherwise. */
export function renameColumnInProgram(
  sql: string,
  { to, quote, ...meant }: ColumnName & NewName,
  columnsOf: ColumnsOf,
): string {
  const words = usesOfColumn(sql, meant, columnsOf).map(({ word }) => word);
  return replaced(sql, words, { to, quote });
}

/** The program, where a table is called otherwise. */
export function renameTableInProgram(sql: string, from: string, name: NewName): string {
  if (!saysName(sql, from)) return sql;
  const { tables, columns } = wordsOf(sql);
  const qualifiers = columns.flatMap(({ scope, qualifier }) => {
    const source = qualifier && isName(qualifier, from) ? sourceOf(scope, qualifier) : null;
    return qualifier && source && source.alias === null && source.table ? [qualifier] : [];
  });
  const own = tables.flatMap(({ table }) => (isName(table, from) ? [table] : []));
  return replaced(sql, new Set([...own, ...qualifiers]), name);
}
