import { SurefootError } from '../../kernel/errors.ts';
import type { ColumnType } from '../../schema/schema.ts';
import { literal, spellIdentifier } from './quote.ts';
import { tokenize } from './tokens.ts';

/** SQLite's five ways to keep a value (https://sqlite.org/datatype3.html#determination_of_column_affinity). */
export type Affinity = 'integer' | 'text' | 'blob' | 'real' | 'numeric';

/** The affinity of a column declared with that type text. */
export function affinityOf(typeText: string): Affinity {
  const type = typeText.toUpperCase();
  if (type.includes('INT')) return 'integer';
  if (/CHAR|CLOB|TEXT/.test(type)) return 'text';
  if (type.includes('BLOB') || type.trim() === '') return 'blob';
  return /REAL|FLOA|DOUB/.test(type) ? 'real' : 'numeric';
}

const simple = new Map<string, ColumnType>([
  ['SMALLINT', { kind: 'smallint' }],
  ['INTEGER', { kind: 'integer' }],
  ['INT', { kind: 'integer' }],
  ['BIGINT', { kind: 'bigint' }],
  ['TEXT', { kind: 'text' }],
  ['BOOLEAN', { kind: 'boolean' }],
  ['BOOL', { kind: 'boolean' }],
  ['REAL', { kind: 'real' }],
  ['DOUBLE', { kind: 'double' }],
  ['DOUBLE PRECISION', { kind: 'double' }],
  ['FLOAT', { kind: 'double' }],
  ['DATE', { kind: 'date' }],
  ['JSON', { kind: 'json' }],
  ['BLOB', { kind: 'binary', length: null }],
]);

type Sized = (sizes: readonly number[]) => ColumnType | null;

const varchar: Sized = ([length = null]) => ({ kind: 'varchar', length });
const char: Sized = ([length]) => (length === undefined ? null : { kind: 'char', length });
const numeric: Sized = ([precision = null, scale = null]) => ({ kind: 'numeric', precision, scale });
const moment =
  (kind: 'time' | 'timestamp', zone: boolean): Sized =>
  ([precision = null]) => ({ kind, zone, precision });

const sized = new Map<string, Sized>([
  ['VARCHAR', varchar],
  ['CHARACTER VARYING', varchar],
  ['CHAR', char],
  ['CHARACTER', char],
  ['NUMERIC', numeric],
  ['DECIMAL', numeric],
  ['TIME', moment('time', false)],
  ['TIMETZ', moment('time', true)],
  ['TIMESTAMP', moment('timestamp', false)],
  ['DATETIME', moment('timestamp', false)],
  ['TIMESTAMPTZ', moment('timestamp', true)],
]);

/** The type text with one space between words, in upper case where it is a plain name. */
function foldTypeText(text: string): string {
  const words = tokenize(text).map((token) =>
    token.kind === 'word' ? token.text.toUpperCase() : token.text,
  );
  return words
    .join(' ')
    .replace(/ ?\( ?/g, '(')
    .replace(/ ?([,)])/g, '$1');
}

/** The portable kind of a type text, or the text itself where it is none that Surefoot writes. */
export function parseType(text: string): ColumnType {
  const folded = foldTypeText(text);
  const plain = simple.get(folded);
  if (plain) return plain;
  const match = /^([A-Z ]+?)(?:\((\d+)(?:, ?(\d+))?\))?$/.exec(folded);
  const sizes = [match?.[2], match?.[3]].filter((size) => size !== undefined).map(Number);
  return sized.get(match?.[1] ?? '')?.(sizes) ?? { kind: 'native', sql: folded };
}

function sizes(...values: readonly (number | null)[]): string {
  const given = values.filter((value) => value !== null);
  return given.length === 0 ? '' : `(${given.join(', ')})`;
}

/** The text that a native type gives for SQLite. */
function nativeText(type: ColumnType & { readonly kind: 'native' }): string {
  const text = typeof type.sql === 'string' ? type.sql : type.sql.sqlite;
  if (text !== undefined) return text;
  const known = Object.keys(type.sql as object).join(', ');
  throw new SurefootError(
    'schema/unsupported',
    `A column has a native type for ${known}, but none for SQLite.`,
    {
      details: { object: known, dialect: 'sqlite' },
      hint: 'Add its SQLite spelling under the key "sqlite".',
    },
  );
}

/** The type as a column definition spells it. */
export function spellType(type: ColumnType): string {
  switch (type.kind) {
    case 'double':
      return 'DOUBLE PRECISION';
    case 'varchar':
    case 'char':
      return `${type.kind.toUpperCase()}${sizes(type.length)}`;
    case 'numeric':
      return `NUMERIC${sizes(type.precision, type.precision === null ? null : type.scale)}`;
    case 'time':
    case 'timestamp':
      return `${type.kind.toUpperCase()}${type.zone ? 'TZ' : ''}${sizes(type.precision)}`;
    case 'uuid':
      return 'CHAR(36)';
    case 'binary':
      return 'BLOB';
    case 'enum':
      return 'TEXT';
    case 'native':
      return nativeText(type);
    default:
      return type.kind.toUpperCase();
  }
}

/** The type as SQLite gives it back: what it does not tell apart becomes the same. */
export function foldType(type: ColumnType): ColumnType {
  if (type.kind === 'uuid') return { kind: 'char', length: 36 };
  if (type.kind === 'binary') return { kind: 'binary', length: null };
  if (type.kind === 'enum') return { kind: 'text' };
  if (type.kind === 'numeric' && type.precision === null) return { ...type, scale: null };
  return type.kind === 'native' ? parseType(nativeText(type)) : type;
}

const strictTypes = new Map<string, ColumnType>([
  ['INT', { kind: 'integer' }],
  ['INTEGER', { kind: 'integer' }],
  ['REAL', { kind: 'real' }],
  ['TEXT', { kind: 'text' }],
  ['BLOB', { kind: 'binary', length: null }],
]);

/** The type in a STRICT table, which knows INT, INTEGER, REAL, TEXT, BLOB and ANY only. */
export function foldStrictType(type: ColumnType): ColumnType {
  const folded = foldType(type);
  if (folded.kind === 'native') return strictTypes.get(spellType(folded)) ?? folded;
  // BOOLEAN has numeric affinity by its name; in a STRICT table true is 1.
  if (folded.kind === 'boolean') return { kind: 'integer' };
  if (folded.kind === 'numeric') return { kind: folded.scale === 0 ? 'integer' : 'real' };
  const text = folded.kind === 'json' || folded.kind === 'date' || /^time/.test(folded.kind);
  const affinity = text ? 'text' : affinityOf(spellType(folded));
  if (affinity === 'blob') return { kind: 'binary', length: null };
  return affinity === 'numeric' ? folded : { kind: affinity };
}

/** The check that keeps a column to the values of an enum. */
export function enumCheck(column: string, values: readonly string[]): string {
  const list = values.length === 0 ? 'NULL' : values.map(literal).join(', ');
  return `${spellIdentifier(column)} IN (${list})`;
}

/** The values of a check that does nothing but keep this column to a list of texts; `null`: another check. */
export function enumCheckValues(sql: string, column: string): readonly string[] | null {
  const [name, word, open, ...rest] = tokenize(sql);
  const isList =
    name?.value === column && word?.text === 'IN' && open?.text === '(' && rest.at(-1)?.text === ')';
  const values = rest.slice(0, -1);
  const isPlain = values.every(({ kind, text }, at) => (at % 2 === 0 ? kind === 'string' : text === ','));
  return isList && isPlain ? values.filter(({ kind }) => kind === 'string').map(({ value }) => value) : null;
}
