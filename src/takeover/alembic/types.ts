// SQLAlchemy's types → column types, for one kind of database.
// In: a value that names or makes a type. Out: the type, and what comes with it. Must not know columns.

import type { ColumnType, DialectName, Ref } from '../../schema/schema.ts';
import { enumTexts } from './classes.ts';
import type { Rules } from './rules.ts';
import { textOfType } from './type-text.ts';
import type { ClassValue, Made, Value } from './value.ts';
import { flagOf, leafOf, numberOf, pathOf, textOrNull, untranslated } from './value.ts';

export interface FoundType {
  readonly type: ColumnType;
  readonly collation: string | null;
  /** A named enum that PostgreSQL makes together with its table. */
  readonly enum: (Ref & { readonly values: readonly string[]; readonly isMadeWithTable: boolean }) | null;
  /** The values that a check keeps the column to. */
  readonly check: { readonly name: string | null; readonly values: readonly string[] } | null;
}

export interface TypeMeans {
  readonly dialect: DialectName;
  readonly rules: Rules;
}

interface Given extends TypeMeans {
  readonly given: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  readonly path: string;
}

type Reader = (call: Given) => ColumnType;

const plain =
  (
    kind:
      | 'smallint'
      | 'integer'
      | 'bigint'
      | 'text'
      | 'boolean'
      | 'real'
      | 'double'
      | 'date'
      | 'json'
      | 'uuid',
  ): Reader =>
  () => ({ kind });
const native =
  (sql: string): Reader =>
  () => ({ kind: 'native', sql });
/** The same meaning, spelled by each database. */
const perDialect =
  (types: Readonly<Record<DialectName, ColumnType>>): Reader =>
  ({ dialect }) =>
    types[dialect];

const numberAt = ({ given, named }: Given, at: number, name: string): number | null =>
  numberOf(named.get(name)) ?? numberOf(given[at]);

const varchar: Reader = (call) => ({ kind: 'varchar', length: numberAt(call, 0, 'length') });

const moment =
  (kind: 'time' | 'timestamp'): Reader =>
  (call) => {
    const zone = flagOf(call.named.get('timezone') ?? call.given[0], 'timezone') ?? false;
    const precision = numberAt(call, 1, 'precision') ?? numberOf(call.named.get('fsp'));
    // Only PostgreSQL keeps a zone; MySQL's DATETIME, SQLite's DATETIME have none.
    return { kind, zone: zone && call.dialect === 'postgres', precision };
  };

/** `TIMESTAMP` in capitals: MySQL's own type of that name. */
const capitalTimestamp: Reader = (call) => {
  const found = moment('timestamp')(call);
  return call.dialect === 'mysql' && found.kind === 'timestamp' ? { ...found, zone: true } : found;
};

/** What applications call a time with a zone: a zone where there are any. */
const zoned: Reader = ({ dialect }) => ({ kind: 'timestamp', zone: dialect === 'postgres', precision: null });

const numeric: Reader = (call) => {
  const precision = numberAt(call, 0, 'precision');
  const scale = numberAt(call, 1, 'scale');
  return { kind: 'numeric', precision, scale: precision === null ? null : (scale ?? 0) };
};

const float: Reader = (call) => {
  const precision = numberAt(call, 0, 'precision');
  if (call.dialect === 'mysql') return { kind: precision !== null && precision > 24 ? 'double' : 'real' };
  return { kind: precision !== null && precision < 25 && call.dialect === 'postgres' ? 'real' : 'double' };
};

/** MySQL's integers with their attributes. */
const mysqlInteger =
  (word: string, portable: 'smallint' | 'integer' | 'bigint' | null): Reader =>
  ({ named, given }) => {
    const attributes = ['unsigned', 'zerofill'].filter((one) => flagOf(named.get(one), one));
    const width = numberOf(named.get('display_width')) ?? numberOf(given[0]);
    if (attributes.length === 0 && portable) return { kind: portable };
    const size = word === 'tinyint' && width === 1 ? '(1)' : '';
    return { kind: 'native', sql: [`${word}${size}`, ...attributes].join(' ') };
  };

const array: Reader = (call) => {
  const item = call.given[0] ?? call.named.get('item_type');
  if (!item) return untranslated('an array of nothing');
  const inner = textOfType(findType(item, { ...call, dialect: 'postgres' }).type, 'postgres');
  const dimensions = numberOf(call.named.get('dimensions')) ?? 1;
  return {
    kind: 'native',
    sql: `${inner ?? untranslated('an array of enums')}${'[]'.repeat(Math.max(1, dimensions))}`,
  };
};

const textType: Reader = (call) => {
  const length = numberAt(call, 0, 'length');
  if (call.dialect !== 'mysql' || length === null || length < 65_536) return { kind: 'text' };
  return { kind: 'native', sql: length < 16_777_216 ? 'mediumtext' : 'longtext' };
};

const blob: ColumnType = { kind: 'binary', length: null };

const sizedWord =
  (word: string): Reader =>
  (call) => {
    const size = numberAt(call, 0, 'length') ?? numberAt(call, 0, 'dim');
    return { kind: 'native', sql: size === null ? word : `${word}(${size})` };
  };

const char32 = perDialect({
  postgres: { kind: 'uuid' },
  mysql: { kind: 'char', length: 32 },
  sqlite: { kind: 'char', length: 32 },
});

const interval = perDialect({
  postgres: { kind: 'native', sql: 'interval' },
  mysql: { kind: 'timestamp', zone: false, precision: null },
  sqlite: { kind: 'timestamp', zone: false, precision: null },
});

const geometry: Reader = ({ named, given }) => {
  const shape = textOrNull(named.get('geometry_type') ?? given[0], 'a geometry') ?? 'GEOMETRY';
  const srid = numberOf(named.get('srid')) ?? numberOf(given[1]) ?? -1;
  return { kind: 'native', sql: srid === -1 ? `geometry(${shape})` : `geometry(${shape},${srid})` };
};

/** What is encrypted is kept as another type says it; without one, as text or bytes. */
function encrypted({ given, named, dialect }: Given, usual: ColumnType): ColumnType {
  const length = numberOf(named.get('length'));
  if (usual.kind === 'varchar' && length !== null) return { ...usual, length };
  return usual.kind === 'varchar' && dialect === 'mysql' && given.length > 9 ? { kind: 'text' } : usual;
}

const jsonOf = (postgres: 'json' | 'jsonb'): Reader =>
  perDialect({
    postgres: { kind: 'native', sql: postgres },
    mysql: { kind: 'json' },
    sqlite: { kind: 'json' },
  });

const readers: Readonly<Record<string, Reader>> = {
  Integer: plain('integer'),
  INTEGER: plain('integer'),
  INT: plain('integer'),
  SmallInteger: plain('smallint'),
  SMALLINT: plain('smallint'),
  BigInteger: plain('bigint'),
  BIGINT: plain('bigint'),
  String: varchar,
  VARCHAR: varchar,
  Unicode: varchar,
  NVARCHAR: varchar,
  AutoString: varchar,
  CHAR: (call) => ({ kind: 'char', length: numberAt(call, 0, 'length') ?? 1 }),
  Text: textType,
  TEXT: textType,
  UnicodeText: textType,
  CLOB: textType,
  Boolean: plain('boolean'),
  BOOLEAN: plain('boolean'),
  Date: plain('date'),
  DATE: plain('date'),
  DateTime: moment('timestamp'),
  DATETIME: moment('timestamp'),
  TIMESTAMP: capitalTimestamp,
  Time: moment('time'),
  TIME: moment('time'),
  Interval: interval,
  INTERVAL: interval,
  Float: float,
  FLOAT: float,
  Double: plain('double'),
  DOUBLE: plain('double'),
  DOUBLE_PRECISION: plain('double'),
  REAL: plain('real'),
  Numeric: numeric,
  NUMERIC: numeric,
  DECIMAL: numeric,
  LargeBinary: () => blob,
  PickleType: () => blob,
  BLOB: () => blob,
  BYTEA: () => blob,
  Binary: () => blob,
  VARBINARY: (call) => ({ kind: 'binary', length: numberAt(call, 0, 'length') }),
  BINARY: (call) => (call.dialect === 'mysql' ? sizedWord('binary')(call) : blob),
  JSON: jsonOf('json'),
  JSONB: jsonOf('jsonb'),
  JSONType: perDialect({
    postgres: { kind: 'native', sql: 'json' },
    mysql: { kind: 'text' },
    sqlite: { kind: 'text' },
  }),
  Uuid: char32,
  UUID: plain('uuid'),
  GUID: char32,
  UUIDType: perDialect({
    postgres: { kind: 'uuid' },
    mysql: { kind: 'native', sql: 'binary(16)' },
    sqlite: blob,
  }),
  ArrowType: () => ({ kind: 'timestamp', zone: false, precision: null }),
  ...Object.fromEntries(
    [
      'UtcDateTime',
      'UTCDateTime',
      'UTCDatetime',
      'TZDateTime',
      'TZTimeStamp',
      'AwareDateTime',
      'Timestamp',
    ].map((name) => [name, zoned] as const),
  ),
  PasswordType: (call) =>
    call.dialect === 'postgres'
      ? { kind: 'binary', length: null }
      : { kind: 'binary', length: numberAt(call, 99, 'max_length') ?? 1137 },
  StringEncryptedType: (call) => encrypted(call, { kind: 'varchar', length: null }),
  EncryptedType: (call) => encrypted(call, blob),
  LocaleType: () => ({ kind: 'varchar', length: 10 }),
  CountryType: () => ({ kind: 'varchar', length: 2 }),
  CurrencyType: () => ({ kind: 'varchar', length: 3 }),
  TimezoneType: () => ({ kind: 'varchar', length: 50 }),
  PhoneNumberType: (call) => ({ kind: 'varchar', length: numberAt(call, 1, 'max_length') ?? 20 }),
  IPAddressType: (call) => ({ kind: 'varchar', length: numberAt(call, 0, 'max_length') ?? 50 }),
  ColorType: (call) => ({ kind: 'varchar', length: numberAt(call, 0, 'max_length') ?? 20 }),
  ScalarListType: plain('text'),
  EmailType: () => ({ kind: 'varchar', length: 255 }),
  URLType: plain('text'),
  ARRAY: array,
  HSTORE: native('hstore'),
  INET: native('inet'),
  CIDR: native('cidr'),
  MACADDR: native('macaddr'),
  MONEY: native('money'),
  OID: native('oid'),
  CITEXT: native('citext'),
  TSVECTOR: native('tsvector'),
  TSVectorType: native('tsvector'),
  TSQUERY: native('tsquery'),
  LtreeType: native('ltree'),
  LTREE: native('ltree'),
  INT4RANGE: native('int4range'),
  INT8RANGE: native('int8range'),
  NUMRANGE: native('numrange'),
  DATERANGE: native('daterange'),
  TSRANGE: native('tsrange'),
  TSTZRANGE: native('tstzrange'),
  BIT: sizedWord('bit'),
  Vector: sizedWord('vector'),
  VECTOR: sizedWord('vector'),
  HALFVEC: sizedWord('halfvec'),
  Geometry: geometry,
  Geography: (call) => ({
    kind: 'native',
    sql: String(textOfType(geometry(call), 'postgres')).replace('geometry', 'geography'),
  }),
  TINYTEXT: native('tinytext'),
  MEDIUMTEXT: native('mediumtext'),
  LONGTEXT: native('longtext'),
  TINYBLOB: native('tinyblob'),
  MEDIUMBLOB: native('mediumblob'),
  LONGBLOB: native('longblob'),
  YEAR: native('year'),
  NullType: () => untranslated('a column without a type'),
};

const mysqlReaders: Readonly<Record<string, Reader>> = {
  TINYINT: mysqlInteger('tinyint', null),
  SMALLINT: mysqlInteger('smallint', 'smallint'),
  MEDIUMINT: mysqlInteger('mediumint', null),
  INTEGER: mysqlInteger('int', 'integer'),
  INT: mysqlInteger('int', 'integer'),
  BIGINT: mysqlInteger('bigint', 'bigint'),
  SET: ({ given }) => ({
    kind: 'native',
    sql: `set(${given.map((one) => `'${String(textOrNull(one, 'a member of a set') ?? '').replaceAll("'", "''")}'`).join(',')})`,
  }),
};

const enumNames: ReadonlySet<string> = new Set(['Enum', 'ENUM']);

/** The class of an enum that a type is made of. */
const enumClass = ({ given }: Given): ClassValue | null =>
  given.find((one): one is ClassValue => one.kind === 'class' && one.isEnum) ?? null;

function enumValues(call: Given): readonly string[] {
  const { given, named } = call;
  const own = enumClass(call);
  const items = own
    ? enumTexts(own, named.has('values_callable'))
    : given.flatMap((one) => (one.kind === 'sequence' ? one.items : [one]));
  return items.map(
    (one) => textOrNull(one, 'a value of the enum') ?? untranslated('an enum with a null in it'),
  );
}

function enumType(call: Given): FoundType {
  const { named, path, dialect } = call;
  const values = enumValues(call);
  if (values.length === 0) untranslated('an enum without values');
  // A class gives its own name.
  const name =
    textOrNull(named.get('name'), 'the name of an enum') ?? enumClass(call)?.name.toLowerCase() ?? null;
  const namespace = textOrNull(named.get('schema'), 'the schema of an enum');
  const isNative = (flagOf(named.get('native_enum'), 'native_enum') ?? true) || path.includes('postgresql');
  const length = numberOf(named.get('length')) ?? Math.max(...values.map((one) => one.length));
  const hasCheck = flagOf(named.get('create_constraint'), 'create_constraint') ?? false;
  const asText = !isNative || dialect === 'sqlite' || (dialect === 'postgres' && name === null);
  if (asText) {
    const check = hasCheck ? { name, values } : null;
    return { type: { kind: 'varchar', length }, collation: null, enum: null, check };
  }
  const isMadeWithTable = flagOf(named.get('create_type'), 'create_type') ?? true;
  const made = dialect === 'postgres' && name !== null ? { namespace, name, values, isMadeWithTable } : null;
  return { type: { kind: 'enum', namespace, name, values }, collation: null, enum: made, check: null };
}

const justType = (type: ColumnType, collation: string | null = null): FoundType => ({
  type,
  collation,
  enum: null,
  check: null,
});

/** SQLAlchemy's names of a family of databases. */
const variantNames: Readonly<Record<DialectName, readonly string[]>> = {
  postgres: ['postgresql'],
  mysql: ['mysql', 'mariadb'],
  sqlite: ['sqlite'],
};

/** `JSON().with_variant(JSONB(), 'postgresql')` */
function variantOf(value: Made, means: TypeMeans): FoundType {
  const { callee, given } = value;
  const on = callee.kind === 'attribute' ? callee.on : undefined;
  const [other, ...names] = given;
  const isMeant = names.some((name) =>
    variantNames[means.dialect].includes(textOrNull(name, 'a dialect') ?? ''),
  );
  return findType(isMeant ? other : on, means);
}

/** The type that a value means; refuses what is none. */
export function findType(value: Value | undefined, means: TypeMeans): FoundType {
  // `MutableDict.as_mutable(JSONB)`
  if (value?.kind === 'made' && leafOf(value) === 'as_mutable') return findType(value.given[0], means);
  if (value?.kind === 'made' && value.callee.kind === 'attribute') {
    if (value.callee.name === 'with_variant') return variantOf(value, means);
    if (value.callee.name === 'evaluates_none') return findType(value.callee.on, means);
  }
  if (value?.kind !== 'made' && value?.kind !== 'symbol') return untranslated('a type that is not constant');
  const [path, leaf] = [pathOf(value), leafOf(value)];
  const rule = (means.rules.types.get(path) ?? means.rules.types.get(leaf))?.(means.dialect);
  if (rule) return justType(rule);
  const { given, named } = value.kind === 'made' ? value : { given: [], named: new Map() };
  return readType({ ...means, path, given, named }, leaf);
}

const arrayOfEnum = ({ namespace, name }: Ref): string =>
  `${[...(namespace === null ? [] : [namespace]), name].map((one) => `"${one.replaceAll('"', '""')}"`).join('.')}[]`;

function readType(call: Given, leaf: string): FoundType {
  const { path } = call;
  if (enumNames.has(leaf)) return enumType(call);
  // A choice of sqlalchemy_utils is kept as its `impl`, else as a text.
  if (leaf === 'ChoiceType') {
    const impl = call.named.get('impl') ?? call.given[1];
    return impl ? findType(impl, call) : justType({ kind: 'varchar', length: 255 });
  }
  if (leaf === 'ARRAY') {
    const item = findType(call.given[0] ?? call.named.get('item_type'), { ...call, dialect: 'postgres' });
    // An enum of PostgreSQL's is made for its array, too.
    if (item.enum) return { ...justType({ kind: 'native', sql: arrayOfEnum(item.enum) }), enum: item.enum };
  }
  const family = path.includes('.mysql.') && Object.hasOwn(mysqlReaders, leaf) ? mysqlReaders : readers;
  const read = Object.hasOwn(family, leaf) ? family[leaf] : undefined;
  if (!read) return untranslated(`the type ${path} is not known; a rule can say what it is`);
  return justType(read(call), textOrNull(call.named.get('collation'), 'a collation'));
}
