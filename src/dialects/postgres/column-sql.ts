import type { Column, ColumnDefault, ColumnType, Identity, TableRef } from '../../schema/schema.ts';
import type { Context, Piece } from './pieces.ts';
import { ddl, unsupported } from './pieces.ts';
import { quoteCollation, quoteIdentifier, quoteLiteral, quoteRef } from './quote.ts';
import { serialBase, typeSql } from './types.ts';

const numberKinds = new Set(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double']);
const numeral = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** A literal default for a column of that type. */
function literalSql(value: string | number | boolean, type: ColumnType): string {
  const text = String(value);
  if (type.kind === 'boolean' && typeof value !== 'string')
    return value === true || value === 1 ? 'true' : 'false';
  if (numberKinds.has(type.kind) && numeral.test(text)) return text;
  if (type.kind === 'native' && typeof value !== 'string') return text;
  return quoteLiteral(text);
}

// Operators that the grammar takes in a default of CREATE TABLE only in parentheses.
const loose = /\b(?:at|and|or|not|in|like|ilike|similar|between|is|isnull|notnull|overlaps)\b/i;

export function defaultSql(value: ColumnDefault, type: ColumnType): string {
  if (value.kind === 'literal') return literalSql(value.value, type);
  return loose.test(value.sql) ? `(${value.sql})` : value.sql;
}

function identityOptions(identity: Identity): string {
  const start = identity.start === null ? [] : [`START WITH ${identity.start}`];
  const increment = identity.increment === null ? [] : [`INCREMENT BY ${identity.increment}`];
  const options = [...increment, ...start];
  return options.length === 0 ? '' : ` (${options.join(' ')})`;
}

export function identityMode(identity: Identity): string {
  return identity.mode === 'always' ? 'ALWAYS' : 'BY DEFAULT';
}

export function identitySql(identity: Identity): string {
  return `GENERATED ${identityMode(identity)} AS IDENTITY${identityOptions(identity)}`;
}

function generatedSql(column: Column, context: Context): string {
  if (column.generated === null) return '';
  const { sql, stored } = column.generated;
  if (!stored && context.major < 18) {
    throw unsupported(
      'virtual generated column',
      `Column ${column.name} is generated and not stored, which PostgreSQL ${context.major} does not have.`,
      'Make it stored, or use PostgreSQL 18 or newer.',
    );
  }
  return ` GENERATED ALWAYS AS (${sql}) ${stored ? 'STORED' : 'VIRTUAL'}`;
}

/** A column as CREATE TABLE and ADD COLUMN take it. */
export function columnSql(column: Column, context: Context): string {
  const collation = column.collation === null ? '' : ` COLLATE ${quoteCollation(column.collation)}`;
  const nullable = column.nullable ? '' : ' NOT NULL';
  const value =
    column.default === null || column.identity !== null || column.generated !== null
      ? ''
      : ` DEFAULT ${defaultSql(column.default, column.type)}`;
  const isSerial = serialBase(column.type) !== null;
  const identity = column.identity === null || isSerial ? '' : ` ${identitySql(column.identity)}`;
  const generated = generatedSql(column, context);
  return `${quoteIdentifier(column.name)} ${typeSql(column.type)}${collation}${value}${identity}${generated}${nullable}`;
}

function commentText(comment: string | null): string {
  return comment === null ? 'NULL' : quoteLiteral(comment);
}

export function columnComment(table: TableRef, column: string, comment: string | null): Piece {
  return ddl(`COMMENT ON COLUMN ${quoteRef(table)}.${quoteIdentifier(column)} IS ${commentText(comment)}`);
}

export function tableComment(table: TableRef, comment: string | null): Piece {
  return ddl(`COMMENT ON TABLE ${quoteRef(table)} IS ${commentText(comment)}`);
}
