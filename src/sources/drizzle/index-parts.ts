// An index's parts as Drizzle gives them: columns, and templates that may say more than an expression.
// In: text of SQL. Out: IndexPart. Must not know a table.

import type { IndexPart } from '../../schema/schema.ts';
import { plainPart } from '../../schema/schema.ts';

const ordering = /(?:\s+(asc|desc))?(?:\s+nulls\s+(first|last))?$/i;
const operators = /[\w")\]]\s+(\w+_ops)$/i;
const prefixed = /^(`(?:[^`]|``)+`|[a-z_]\w*)\s*\((\d+)\)$/is;

/** A template as a part: what stands behind the expression is not of it. */
export function partOfText(text: string): IndexPart {
  const [tail = '', way = '', nulls] = ordering.exec(text) ?? [];
  const bare = text.slice(0, text.length - tail.length).trim();
  const [, operatorClass = null] = operators.exec(bare) ?? [];
  return {
    ...plainPart,
    sql: operatorClass === null ? bare : bare.slice(0, -operatorClass.length).trim(),
    descending: way.toLowerCase() === 'desc',
    nulls: nulls === undefined ? null : nulls.toLowerCase() === 'first' ? 'first' : 'last',
    operatorClass,
  };
}

/** The same, where a column may have a length: MySQL's `` `about`(20) ``. */
export function partOfPrefix(text: string): IndexPart {
  const part = partOfText(text);
  const [, column, length] = prefixed.exec(part.sql ?? '') ?? [];
  if (column === undefined) return part;
  const name = column.startsWith('`') ? column.slice(1, -1).replaceAll('``', '`') : column;
  return { ...part, column: name, sql: null, length: Number(length) };
}

const usual =
  /^(?:int2|int4|int8|text|bool|bpchar|char|name|date|time|timetz|timestamp|timestamptz|uuid|numeric|float4|float8|macaddr|macaddr8|bit|varbit|interval|bytea|enum|array|json|jsonb|oid|tsvector|range|multirange|money|point|box|circle|poly)(?:_minmax)?_ops$/;

/** The operator class; `null` for the one that the column's type has anyway, which pulled models spell out. */
export function operatorClassOf(name: string | undefined, method: string | null): string | null {
  if (name === undefined || usual.test(name)) return null;
  return name === 'inet_ops' && method !== 'gist' ? null : name;
}
