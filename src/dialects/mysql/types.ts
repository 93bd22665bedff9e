import { SurefootError } from '../../kernel/errors.ts';
import type { ColumnType } from '../../schema/schema.ts';
import { literal } from './quote.ts';
import { tokenize, unquoteString } from './tokens.ts';
import type { MysqlTraits } from './traits.ts';
import { atLeast } from './traits.ts';

/** MariaDB has a type for it since 10.7; elsewhere it is text. */
const hasUuid = (traits: MysqlTraits): boolean => traits.flavor === 'mariadb' && atLeast(traits, 10, 7);

interface Spelling {
  /** The type's first word or words. */
  readonly base: string;
  /** What stands in parentheses, without blanks; `null`: nothing. */
  readonly size: string | null;
  /** `unsigned`, `zerofill`, `srid 4326`, … */
  readonly rest: string;
}

/** Other words for the same type. */
const aliases: Readonly<Record<string, string>> = {
  integer: 'int',
  int4: 'int',
  int1: 'tinyint',
  int2: 'smallint',
  int3: 'mediumint',
  middleint: 'mediumint',
  int8: 'bigint',
  bool: 'boolean',
  dec: 'decimal',
  numeric: 'decimal',
  fixed: 'decimal',
  real: 'double',
  'double precision': 'double',
  float8: 'double',
  float4: 'float',
  character: 'char',
  'character varying': 'varchar',
  varcharacter: 'varchar',
  'char varying': 'varchar',
  'long varchar': 'mediumtext',
  long: 'mediumtext',
  'long varbinary': 'mediumblob',
  geometrycollection: 'geomcollection',
};

const integers: Readonly<Record<string, 'smallint' | 'integer' | 'bigint'>> = {
  smallint: 'smallint',
  int: 'integer',
  bigint: 'bigint',
};

/** Lower case outside strings, one blank where there were several. */
function tidy(sql: string): string {
  return sql
    .trim()
    .split(/('(?:[^'\\]|\\[\s\S]|'')*')/)
    .map((part, i) => (i % 2 === 1 ? part : part.toLowerCase().replace(/\s+/g, ' ')))
    .join('');
}

function split(text: string): Spelling {
  const [, words = text, size, rest = ''] = /^([a-z][a-z0-9_ ]*?)\s*\(([^()]*)\)\s*(.*)$/s.exec(text) ?? [];
  if (size !== undefined)
    return { base: aliases[words] ?? words, size: size.replace(/\s/g, ''), rest: rest.trim() };
  const [, base = text, attributes = ''] =
    /^(.*?)\s*((?:\b(?:unsigned|signed|zerofill|srid \d+)\b\s*)*)$/s.exec(text) ?? [];
  return { base: aliases[base] ?? base, size: null, rest: attributes.trim() };
}

function native(spelling: Spelling): ColumnType {
  const size = spelling.size === null ? '' : `(${spelling.size})`;
  return { kind: 'native', sql: `${spelling.base}${size}${spelling.rest === '' ? '' : ` ${spelling.rest}`}` };
}

/** A display width is decoration, except with zerofill, which also means unsigned. */
function integerType(spelling: Spelling): ColumnType {
  const words = spelling.rest.split(' ').filter((word) => word !== '' && word !== 'signed');
  if (words.includes('zerofill')) {
    return native({ ...spelling, rest: 'unsigned zerofill' });
  }
  const portable = integers[spelling.base];
  if (words.length === 0 && portable) return { kind: portable };
  if (words.length === 0 && spelling.base === 'tinyint' && spelling.size === '1') return { kind: 'boolean' };
  return native({ base: spelling.base, size: null, rest: words.join(' ') });
}

function floatType(spelling: Spelling): ColumnType {
  if (spelling.rest !== '' || spelling.size?.includes(',')) return native(spelling);
  return { kind: Number(spelling.size ?? 0) > 24 ? 'double' : 'real' };
}

function decimalType(spelling: Spelling): ColumnType {
  const [precision = '10', scale = '0'] = spelling.size === null ? [] : spelling.size.split(',');
  if (spelling.rest !== '') return native({ ...spelling, size: `${precision},${scale}` });
  return { kind: 'numeric', precision: Number(precision), scale: Number(scale) };
}

function temporal(kind: 'time' | 'timestamp', zone: boolean): (spelling: Spelling) => ColumnType {
  return ({ size }) => ({ kind, zone, precision: Number(size ?? 0) || null });
}

/** The length that a type has where none is written. */
const length = (spelling: Spelling): number => Number(spelling.size ?? 1);

const families: Readonly<Record<string, (spelling: Spelling) => ColumnType>> = {
  tinyint: integerType,
  smallint: integerType,
  mediumint: integerType,
  int: integerType,
  bigint: integerType,
  boolean: () => ({ kind: 'boolean' }),
  decimal: decimalType,
  float: floatType,
  double: (spelling) =>
    spelling.size === null && spelling.rest === '' ? { kind: 'double' } : native(spelling),
  varchar: (spelling) =>
    spelling.size === null ? { kind: 'text' } : { kind: 'varchar', length: length(spelling) },
  char: (spelling) => ({ kind: 'char', length: length(spelling) }),
  text: (spelling) => (spelling.size === null ? { kind: 'text' } : native(spelling)),
  blob: (spelling) => (spelling.size === null ? { kind: 'binary', length: null } : native(spelling)),
  varbinary: (spelling) => ({ kind: 'binary', length: length(spelling) }),
  binary: (spelling) => native({ ...spelling, size: String(length(spelling)) }),
  bit: (spelling) => native({ ...spelling, size: String(length(spelling)) }),
  year: () => ({ kind: 'native', sql: 'year' }),
  date: () => ({ kind: 'date' }),
  time: temporal('time', false),
  datetime: temporal('timestamp', false),
  timestamp: temporal('timestamp', true),
  json: () => ({ kind: 'json' }),
  uuid: () => ({ kind: 'uuid' }),
};

const plainAttributes = /^(?:(?:unsigned|signed|zerofill)\b\s*)*$/;

/** The values of `enum('a','b''c')`; `null`: not such a type. */
export function valuesOf(type: string, word: 'enum' | 'set'): readonly string[] | null {
  const [, list, rest] = new RegExp(`^${word}\\s*\\(([\\s\\S]*)\\)\\s*(.*)$`, 'i').exec(type.trim()) ?? [];
  if (list === undefined || rest !== '') return null;
  return tokenize(list)
    .filter((token) => token.kind === 'string')
    .map((token) => unquoteString(token.text));
}

/** A type as the server spells it, in the model: portable where there is a portable kind. */
export function parseType(sql: string): ColumnType {
  const values = valuesOf(sql, 'enum');
  if (values !== null) return { kind: 'enum', namespace: null, name: null, values };
  const members = valuesOf(sql, 'set');
  if (members !== null) return { kind: 'native', sql: `set(${members.map(literal).join(',')})` };
  const text = tidy(sql);
  const spelling = split(text);
  const family = Object.hasOwn(families, spelling.base) ? families[spelling.base] : undefined;
  // `varchar(10) character set latin1` and the like are left alone.
  if (!family || !plainAttributes.test(spelling.rest)) return { kind: 'native', sql: text };
  return family(spelling);
}

function nativeSql(type: ColumnType & { kind: 'native' }, traits: MysqlTraits): string {
  if (typeof type.sql === 'string') return type.sql;
  const sql = type.sql[traits.flavor] ?? type.sql.mysql;
  if (sql !== undefined) return sql;
  throw new SurefootError('schema/unsupported', `a native type is not given for ${traits.flavor}`, {
    details: { object: Object.values(type.sql).join(', '), dialect: traits.flavor },
    hint: `add a spelling: native({ …, ${traits.flavor}: '…' })`,
  });
}

/** A type in the form that this server gives back: aliases folded, what it lacks replaced by what it has. */
export function normalizeType(type: ColumnType, traits: MysqlTraits): ColumnType {
  switch (type.kind) {
    case 'native':
      return normalizeNative(parseType(nativeSql(type, traits)), traits);
    case 'uuid':
      return hasUuid(traits) ? type : { kind: 'char', length: 36 };
    case 'varchar':
      return type.length === null ? { kind: 'text' } : type;
    case 'numeric':
      return { kind: 'numeric', precision: type.precision ?? 10, scale: type.scale ?? 0 };
    case 'time':
      return { kind: 'time', zone: false, precision: type.precision || null };
    case 'timestamp':
      return { ...type, precision: type.precision || null };
    case 'enum':
      return { kind: 'enum', namespace: null, name: null, values: type.values };
    default:
      return type;
  }
}

/** What a native spelling turned out to be may itself be something that this server spells otherwise. */
function normalizeNative(type: ColumnType, traits: MysqlTraits): ColumnType {
  return type.kind === 'native' ? type : normalizeType(type, traits);
}

const sized = (word: string, size: number | null): string => (size === null ? word : `${word}(${size})`);

/** A normalised type as SQL. */
export function typeSql(type: ColumnType, traits: MysqlTraits): string {
  const normal = normalizeType(type, traits);
  switch (normal.kind) {
    case 'native':
      return nativeSql(normal, traits);
    case 'integer':
      return 'int';
    case 'boolean':
      return 'tinyint(1)';
    case 'real':
      return 'float';
    case 'varchar':
      return sized('varchar', normal.length);
    case 'char':
      return sized('char', normal.length);
    case 'numeric':
      return `decimal(${normal.precision ?? 10},${normal.scale ?? 0})`;
    case 'time':
      return sized('time', normal.precision);
    case 'timestamp':
      return sized(normal.zone ? 'timestamp' : 'datetime', normal.precision);
    case 'binary':
      return normal.length === null ? 'blob' : sized('varbinary', normal.length);
    case 'enum':
      return `enum(${normal.values.map(literal).join(',')})`;
    default:
      return normal.kind;
  }
}

/** What a default means, and whether a column has a collation, depends on the family of its type. */
export type TypeFamily =
  | 'boolean'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'text'
  | 'long'
  | 'binary'
  | 'bit'
  | 'temporal'
  | 'other';

const nativeFamilies: readonly (readonly [RegExp, TypeFamily])[] = [
  [/^(tinyint|smallint|mediumint|int|bigint|year)\b/, 'integer'],
  [/^decimal\b/, 'decimal'],
  [/^(float|double)\b/, 'float'],
  [/^(tiny|medium|long)?text\b/, 'long'],
  [/^(tiny|medium|long)?blob\b/, 'binary'],
  [/^(var)?binary\b/, 'binary'],
  [/^bit\b/, 'bit'],
  [/^(set|char|varchar|nchar|nvarchar|national|enum)\b/, 'text'],
];

const portableFamilies: Readonly<Partial<Record<ColumnType['kind'], TypeFamily>>> = {
  boolean: 'boolean',
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  numeric: 'decimal',
  real: 'float',
  double: 'float',
  varchar: 'text',
  char: 'text',
  enum: 'text',
  text: 'long',
  binary: 'binary',
  date: 'temporal',
  time: 'temporal',
  timestamp: 'temporal',
};

/** The family of a normalised type. */
export function familyOf(type: ColumnType): TypeFamily {
  if (type.kind !== 'native') return portableFamilies[type.kind] ?? 'other';
  const sql = typeof type.sql === 'string' ? type.sql : '';
  return nativeFamilies.find(([pattern]) => pattern.test(sql))?.[1] ?? 'other';
}

/** True if values of the type are text in a collation. */
export function hasCollation(type: ColumnType): boolean {
  const family = familyOf(type);
  return family === 'text' || family === 'long';
}

/** True for text and blobs of any size, and what is kept like them: no index without a prefix, no literal default. */
export function isLong(type: ColumnType): boolean {
  if (type.kind === 'text' || type.kind === 'json') return true;
  if (type.kind === 'binary') return type.length === null;
  const sql = type.kind === 'native' && typeof type.sql === 'string' ? type.sql : '';
  return /^(tiny|medium|long)?(text|blob)\b|^(geometry|point|linestring|polygon|multi|geomcoll)/.test(sql);
}
