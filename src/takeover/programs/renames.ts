// Names that statements change.
// In: statements, the schemas before and after them. Out: Renames, as the difference of the two takes them.
// Must not know a connection.

import type { Renames } from '../../diff/diff.ts';
import type { SqlSyntax, SqlToken } from '../../kernel/sql-text.ts';
import type { Schema, Table } from '../../schema/schema.ts';
import { findTable, refOf } from '../../schema/schema.ts';
import type { NameAt } from './statement.ts';
import { codeOf, nameAt, plain, rowsMoved } from './statement.ts';

interface Renamed {
  /** `null`: the table itself. */
  readonly table: string | null;
  readonly from: string;
  readonly to: string;
}

const wordAt = (tokens: readonly SqlToken[], at: number): string =>
  tokens[at]?.kind === 'word' ? tokens[at].text.toLowerCase() : '';

/** What a `rename` or a `change` at a position says; `null`: nothing of tables or columns. */
function alterationAt(tokens: readonly SqlToken[], at: number, table: string): Renamed | null {
  const isRename = wordAt(tokens, at) === 'rename';
  if (!isRename && wordAt(tokens, at) !== 'change') return null;
  const next = wordAt(tokens, at + 1);
  if (isRename && ['constraint', 'index', 'key'].includes(next)) return null;
  if (isRename && (next === 'to' || next === 'as')) {
    const to = nameAt(tokens, at + 2);
    return to && { table: null, from: table, to: to.name };
  }
  const from = nameAt(tokens, next === 'column' ? at + 2 : at + 1);
  const to = from && nameAt(tokens, isRename ? from.next + 1 : from.next);
  return from && to && from.name !== to.name ? { table, from: from.name, to: to.name } : null;
}

/** `rename [column] a to b`, `rename to b`, `change [column] a b` of an ALTER TABLE. */
const alterations = (tokens: readonly SqlToken[], table: NameAt): readonly Renamed[] =>
  tokens.flatMap((_, at) => (at < table.next ? [] : (alterationAt(tokens, at, table.name) ?? [])));

/** `RENAME TABLE a TO b, c TO d`. */
function tableRenames(tokens: readonly SqlToken[]): readonly Renamed[] {
  const found: Renamed[] = [];
  for (let at = 2; at < tokens.length; at++) {
    const from = nameAt(tokens, at);
    const to = from && wordAt(tokens, from.next) === 'to' ? nameAt(tokens, from.next + 1) : null;
    if (!from || !to) continue;
    found.push({ table: null, from: from.name, to: to.name });
    at = to.next;
  }
  return found;
}

const until = (tokens: readonly SqlToken[], start: number, end: string): number => {
  const at = tokens.findIndex(({ text }, i) => i >= start && text.toLowerCase() === end);
  return at < 0 ? tokens.length : at;
};

/** Names between commas; `null`: something else is among them. */
function plainNames(tokens: readonly SqlToken[]): readonly string[] | null {
  const names = tokens.filter((_, at) => at % 2 === 0);
  const commas = tokens.filter((_, at) => at % 2 === 1);
  const isPlain =
    commas.every(({ text }) => text === ',') &&
    names.every(({ kind }) => kind === 'word' || kind === 'identifier');
  return isPlain && tokens.length % 2 === 1 ? names.map(plain) : null;
}

/** The parts of a list between commas. */
function between(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const parts: SqlToken[][] = [[]];
  for (const token of tokens) {
    if (token.text === ',') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** `a AS b` among what is selected. */
function aliased(tokens: readonly SqlToken[], table: string): readonly Renamed[] {
  return between(tokens).flatMap((part) => {
    const [from, word, to] = part;
    if (part.length !== 3 || !from || !to || word?.text.toLowerCase() !== 'as') return [];
    return plain(from) === plain(to) ? [] : [{ table, from: plain(from), to: plain(to) }];
  });
}

/**
 * A table that is copied, column by column: `INSERT INTO copy (a, b) SELECT a, c FROM table`, or without names
 * `INSERT INTO copy SELECT a, c AS b FROM table`.
 */
function copied(sql: string, tokens: readonly SqlToken[], syntax: SqlSyntax): readonly Renamed[] {
  const moved = rowsMoved(sql, syntax);
  const source = moved?.from[0];
  if (!moved || !source) return [];
  const isNamed = tokens[moved.into.next]?.text === '(';
  const close = isNamed ? until(tokens, moved.into.next, ')') : moved.into.next - 1;
  if (wordAt(tokens, close + 1) !== 'select') return [];
  const selected = tokens.slice(close + 2, until(tokens, close, 'from'));
  if (!isNamed) return aliased(selected, source.name);
  const to = plainNames(tokens.slice(moved.into.next + 1, close));
  const from = plainNames(selected);
  if (to === null || from === null || from.length !== to.length) return [];
  return from.flatMap((name, at) => {
    const other = to[at];
    return other === undefined || other === name ? [] : [{ table: source.name, from: name, to: other }];
  });
}

function renamedBy(sql: string, syntax: SqlSyntax): readonly Renamed[] {
  const tokens = codeOf(sql, syntax);
  const [first, second] = [wordAt(tokens, 0), wordAt(tokens, 1)];
  if (first === 'rename' && second === 'table') return tableRenames(tokens);
  if (first === 'insert') return copied(sql, tokens, syntax);
  if (first !== 'alter' || (second !== 'table' && second !== 'view')) return [];
  let at = 2;
  while (['if', 'exists', 'only'].includes(wordAt(tokens, at))) at += 1;
  const table = nameAt(tokens, at);
  return table === null ? [] : alterations(tokens, table);
}

const same = (a: string, b: string): boolean => a === b || a.toLowerCase() === b.toLowerCase();

/** What a name that had that name at the beginning is called in the end, and the other way round. */
function chain(renamed: readonly Renamed[], table: (one: Renamed) => boolean): ReadonlyMap<string, string> {
  const ends = new Map<string, string>();
  for (const one of renamed.filter(table)) {
    const origin = [...ends].find(([, now]) => same(now, one.from))?.[0] ?? one.from;
    ends.set(origin, one.to);
  }
  return ends;
}

const tableCalled = (schema: Schema, name: string): Table | undefined =>
  schema.tables.find((one) => one.name === name) ?? schema.tables.find((one) => same(one.name, name));

const hasColumn = (table: Table, name: string): string | undefined =>
  (table.columns.find((one) => one.name === name) ?? table.columns.find((one) => same(one.name, name)))?.name;

function columnsOf({ before, after, renamed }: Found, tables: Renames['tables']): Renames['columns'] {
  return after.tables.flatMap((table) => {
    const old = tables.find(({ to }) => to.name === table.name && to.namespace === table.namespace)?.from;
    const was = findTable(before, old ?? table);
    if (!was) return [];
    const own = chain(
      renamed,
      (one) => one.table !== null && [was.name, table.name].some((name) => same(name, one.table ?? '')),
    );
    return [...own].flatMap(([from, to]) => {
      const [old, now] = [hasColumn(was, from), hasColumn(table, to)];
      if (old === undefined || now === undefined) return [];
      return hasColumn(table, old) === undefined && hasColumn(was, now) === undefined
        ? [{ table: refOf(table), from: old, to: now }]
        : [];
    });
  });
}

interface Found {
  readonly before: Schema;
  readonly after: Schema;
  readonly renamed: readonly Renamed[];
}

/** What got another name between two schemas, as the statements say it. */
export function renamesIn(
  statements: readonly string[],
  { before, after }: { readonly before: Schema; readonly after: Schema },
  syntax: SqlSyntax,
): Renames {
  const renamed = statements.flatMap((sql) => renamedBy(sql, syntax));
  const tables = [...chain(renamed, (one) => one.table === null)].flatMap(([from, to]) => {
    const [old, now] = [tableCalled(before, from), tableCalled(after, to)];
    if (!old || !now || findTable(after, old) || findTable(before, now)) return [];
    return [{ from: refOf(old), to: refOf(now) }];
  });
  return { tables, columns: columnsOf({ before, after, renamed }, tables) };
}
