// Reads the text of a type, in the server's spelling or in a person's.
// In: `int4`, `varchar (10)`, `timestamp(3) with time zone`, `numeric(10,2)[]`. Out: ColumnType.
// Must not know tables, or which types of its own a database has.

import type { ColumnType } from '../../schema/schema.ts';
import { isKeyword } from './expression-tokens.ts';

const aliases: Readonly<Record<string, string>> = {
  int: 'integer',
  int4: 'integer',
  int2: 'smallint',
  int8: 'bigint',
  bool: 'boolean',
  float4: 'real',
  float8: 'double precision',
  decimal: 'numeric',
  dec: 'numeric',
  varchar: 'character varying',
  'char varying': 'character varying',
  'national character varying': 'character varying',
  'national char varying': 'character varying',
  'nchar varying': 'character varying',
  char: 'character',
  nchar: 'character',
  'national character': 'character',
  'national char': 'character',
  varbit: 'bit varying',
  timetz: 'time with time zone',
  timestamptz: 'timestamp with time zone',
  'time without time zone': 'time',
  'timestamp without time zone': 'timestamp',
  serial4: 'serial',
  serial2: 'smallserial',
  serial8: 'bigserial',
};

const plainKinds = {
  smallint: 'smallint',
  integer: 'integer',
  bigint: 'bigint',
  text: 'text',
  boolean: 'boolean',
  real: 'real',
  'double precision': 'double',
  date: 'date',
  jsonb: 'json',
  uuid: 'uuid',
} as const;

interface TypeText {
  readonly name: string;
  readonly modifiers: readonly number[];
  readonly array: boolean;
}

const shape =
  /^([a-z_][a-z0-9_$. ]*?)(?: ?\( ?([0-9, -]+?) ?\))?( with time zone| without time zone| varying)?((?: ?\[[0-9]*\])*| array(?:\[[0-9]+\])?)$/;

/** Cuts the text apart; `null` where it is quoted or otherwise beyond a plain name with numbers. */
function cut(sql: string): TypeText | null {
  const text = sql
    .trim()
    .replace(/\s+/g, ' ')
    .toLowerCase()
    .replace(/^pg_catalog\./, '');
  const found = shape.exec(text);
  if (found === null) return null;
  const [, head = '', modifiers, tail = '', dimensions = ''] = found;
  const written = `${head.trim()}${tail}`;
  return {
    name: aliases[written] ?? written,
    modifiers: modifiers === undefined ? [] : modifiers.split(',').map(Number),
    array: dimensions !== '',
  };
}

function floatKind(bits: number | undefined): ColumnType {
  return { kind: bits !== undefined && bits <= 24 ? 'real' : 'double' };
}

function temporal(text: TypeText): ColumnType | null {
  const found = /^(time|timestamp)( with time zone)?$/.exec(text.name);
  if (found === null) return null;
  const kind = found[1] === 'time' ? 'time' : 'timestamp';
  return { kind, zone: found[2] !== undefined, precision: text.modifiers[0] ?? null };
}

function scalar(text: TypeText): ColumnType | null {
  const [first, second] = text.modifiers;
  switch (text.name) {
    case 'character varying':
      return { kind: 'varchar', length: first ?? null };
    case 'character':
      return { kind: 'char', length: first ?? 1 };
    case 'numeric':
      return { kind: 'numeric', precision: first ?? null, scale: first === undefined ? null : (second ?? 0) };
    case 'float':
      return floatKind(first);
    case 'bytea':
      return { kind: 'binary', length: null };
    case 'bit':
      return { kind: 'native', sql: `bit(${first ?? 1})` };
    default:
      return temporal(text);
  }
}

function native(text: TypeText): string {
  const modifiers = text.modifiers.length === 0 ? '' : `(${text.modifiers.join(',')})`;
  const zoned = / with time zone$/.exec(text.name);
  if (zoned === null) return `${text.name}${modifiers}`;
  return `${text.name.slice(0, zoned.index)}${modifiers} with time zone`;
}

function elementSql(text: TypeText): string {
  if (text.name === 'character' && text.modifiers.length === 0) return 'character(1)';
  if (text.name === 'numeric' && text.modifiers.length === 1) return `numeric(${text.modifiers[0]},0)`;
  if (text.name === 'float')
    return floatKind(text.modifiers[0]).kind === 'real' ? 'real' : 'double precision';
  if (text.name === 'bit' && text.modifiers.length === 0) return 'bit(1)';
  return native(text);
}

/** Names as the server writes them: quoted where they must be. */
function named(sql: string): string {
  return sql
    .trim()
    .replace(/"((?:[^"]|"")+)"/g, (text, name: string) =>
      /^[a-z_][a-z0-9_]*$/.test(name) && !isKeyword(name) ? name : text,
    );
}

/** The type that a text means. What is not portable becomes `native` in one spelling. */
export function parseType(sql: string): ColumnType {
  const text = cut(sql);
  if (text === null) return { kind: 'native', sql: named(sql) };
  if (text.array) return { kind: 'native', sql: `${elementSql(text)}[]` };
  const plain = Object.hasOwn(plainKinds, text.name)
    ? plainKinds[text.name as keyof typeof plainKinds]
    : undefined;
  if (plain !== undefined && text.modifiers.length === 0) return { kind: plain };
  return scalar(text) ?? { kind: 'native', sql: native(text) };
}
