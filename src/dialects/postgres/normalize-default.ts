// Defaults: literals in one form, whatever cast or quotes they came with.
// In: a default and the column's type. Out: the default folded. Must not know tables.

import { canonicalJson } from '../../kernel/hash.ts';
import type { ColumnDefault, ColumnType } from '../../schema/schema.ts';
import { foldArray } from './array-literal.ts';
import type { ExpressionContext } from './expression.ts';
import { foldExpression } from './expression.ts';
import { parseType } from './parse-type.ts';
import { sameType } from './type-change.ts';

type Literal = string | number | boolean;

const quoted = /^'((?:[^']|'')*)'(?:::(.+))?$/s;
const escaped = /^E'((?:[^'\\]|''|\\\\|\\')*)'(?:::(.+))?$/is;
const numeral = /^\(?([+-]?(?:\d+(?:\.\d*)?|\.\d+))\)?(?:::(.+))?$/;
const castName =
  /^(?:"(?:[^"]|"")*"|[a-z_][\w$ ]*)(?:\.(?:"(?:[^"]|"")*"|[a-z_][\w$ ]*))*(?:\([\d, ]+\))?(?:\[\])*(?: (?:with|without) time zone)?$/i;

const texts = new Set<ColumnType['kind']>(['text', 'varchar', 'char']);
const numbers = new Set<ColumnType['kind']>(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double']);

/** A cast that says again what the column is. */
function castIsOwn(cast: string | undefined, type: ColumnType): boolean {
  if (cast === undefined) return true;
  if (!castName.test(cast)) return false;
  const to = parseType(cast);
  if (texts.has(type.kind)) return texts.has(to.kind) && lengthOf(to) === null;
  if (numbers.has(type.kind)) return numbers.has(to.kind);
  if (type.kind === 'enum') return !/[[(]/.test(cast);
  return to.kind === type.kind && (to.kind !== 'native' || sameType(to, type));
}

function lengthOf(type: ColumnType): number | null {
  // `bpchar` and `character varying` without a length are how the server casts a literal.
  return type.kind === 'varchar' ? type.length : type.kind === 'char' && type.length > 1 ? type.length : null;
}

function unescaped(text: string): string {
  return text.replaceAll("''", "'").replace(/\\(.)/gs, '$1');
}

/** The literal behind the text of an expression; `null` if it is none. */
function literalIn(sql: string, type: ColumnType): Literal | null {
  const text = sql.trim();
  const string = quoted.exec(text);
  if (string !== null) return castIsOwn(string[2], type) ? (string[1] ?? '').replaceAll("''", "'") : null;
  const backslashed = escaped.exec(text);
  if (backslashed !== null) return castIsOwn(backslashed[2], type) ? unescaped(backslashed[1] ?? '') : null;
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  const number = numeral.exec(text);
  if (number === null || !castIsOwn(number[2], type)) return null;
  return number[1] ?? null;
}

/** `+01.50` as `1.5`. */
function decimal(text: string): string {
  const found = /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(text.trim());
  if (found === null || (found[2] === '' && found[3] === undefined && !/\d/.test(text))) return text;
  const [, sign, whole = '', fraction = ''] = found;
  const digits = `${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}

function numberOf(value: Literal): Literal {
  const text = decimal(String(value));
  return /^-?\d+(\.\d+)?$/.test(text) && String(Number(text)) === text ? Number(text) : text;
}

const trueWords = /^(t|true|y|yes|on|1)$/i;
const falseWords = /^(f|false|n|no|off|0)$/i;

function booleanOf(value: Literal): Literal {
  if (trueWords.test(String(value).trim())) return true;
  return falseWords.test(String(value).trim()) ? false : value;
}

/** JSON as `jsonb` sees it: order of members and spaces do not count. Long numbers would lose digits: left alone. */
function jsonOf(value: Literal): Literal {
  const text = String(value);
  if (/\d{16}/.test(text)) return text;
  try {
    return canonicalJson(JSON.parse(text));
  } catch {
    return text; // Not JSON: the server will say so.
  }
}

function timestampOf(value: Literal, zone: boolean): Literal {
  const text = String(value).trim();
  const found = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?)?(Z|\+00(?::?00)?)?$/i.exec(
    text,
  );
  // Without a zone it is UTC: sessions are pinned to that.
  if (found === null) return text;
  const [, day, minutes = '00:00', seconds = ':00'] = found;
  return `${day} ${minutes}${seconds.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')}${zone ? '+00' : ''}`;
}

const isArray = (sql: unknown): sql is string => typeof sql === 'string' && sql.endsWith('[]');

/** A time with a zone takes that of the session, where it names none: UTC. */
function timeOf(value: Literal, zone: boolean): Literal {
  const found = /^(\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?(Z|\+00(?::?00)?)?$/i.exec(String(value).trim());
  if (found === null) return String(value);
  const [, minutes, seconds = ':00'] = found;
  return `${minutes}${seconds.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')}${zone ? '+00' : ''}`;
}

function arrayOf(value: Literal, sql: string): Literal {
  const element = parseType(sql.slice(0, -'[]'.length));
  return foldArray(String(value), (text) => {
    const folded = literalOf(text, element);
    return typeof folded === 'boolean' ? (folded ? 't' : 'f') : String(folded);
  });
}

function literalOf(value: Literal, type: ColumnType): Literal {
  if (numbers.has(type.kind)) return numberOf(value);
  switch (type.kind) {
    case 'boolean':
      return booleanOf(value);
    case 'json':
      return jsonOf(value);
    case 'uuid':
      return String(value).toLowerCase();
    case 'timestamp':
      return timestampOf(value, type.zone);
    case 'time':
      return timeOf(value, type.zone);
    case 'native':
      return isArray(type.sql) ? arrayOf(value, type.sql) : String(value);
    default:
      return String(value);
  }
}

/** Two names for the start of the transaction. */
const isNow = /^\(*\s*(now\(\)|current_timestamp|transaction_timestamp\(\))\s*\)*$/i;
const isNull = /^\(*\s*null\s*\)*(::.*)?$/is;

/** The default as this server would give it back; `null` where it is none. */
export function foldDefault(
  value: ColumnDefault | null,
  type: ColumnType,
  context: ExpressionContext,
): ColumnDefault | null {
  if (value === null) return null;
  if (value.kind === 'literal') return { kind: 'literal', value: literalOf(value.value, type) };
  if (isNull.test(value.sql.trim())) return null;
  if (isNow.test(value.sql.trim())) return { kind: 'expression', sql: 'CURRENT_TIMESTAMP' };
  const sql = foldExpression(value.sql, context);
  // The fold may take away the cast that hid a literal.
  const literal = literalIn(value.sql, type) ?? literalIn(sql, type);
  return literal === null
    ? { kind: 'expression', sql }
    : { kind: 'literal', value: literalOf(literal, type) };
}
