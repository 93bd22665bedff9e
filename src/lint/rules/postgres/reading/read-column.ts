import { parseType } from '../../../../dialects/postgres/parse-type.ts';
import { serialBase } from '../../../../dialects/postgres/types.ts';
import type { SaidColumn } from './act.ts';
import type { Cursor } from './cursor.ts';
import { wordOf } from './cursor.ts';

const clauses: ReadonlySet<string> = new Set(
  'constraint not null default generated check unique primary references collate storage compression deferrable'.split(
    ' ',
  ),
);

const startsClause = (token: Parameters<typeof wordOf>[0]): boolean => clauses.has(wordOf(token));

/** The expression behind DEFAULT: its first token belongs to it, whatever it is. */
function defaultOf(column: Cursor): string | null {
  const { take, until } = column;
  if (column.mentions('by default')) return null;
  until((token) => wordOf(token) === 'default');
  if (!take('default')) return null;
  return until(startsClause).text() || 'null';
}

/** `name type clauses`, as in CREATE TABLE and ADD COLUMN; `null`: it is something else. */
export function readColumn(column: Cursor): SaidColumn | null {
  const name = column.name();
  if (name === null) return null;
  const type = parseType(column.until(startsClause).text());
  const stored = column.mentions('stored');
  const facts = {
    identity: column.mentions('as identity') || serialBase(type) !== null,
    check: column.mentions('check'),
    unique: column.mentions('unique'),
    primaryKey: column.mentions('primary key'),
  };
  return { name, type, ...facts, stored, defaultSql: defaultOf(column) };
}
