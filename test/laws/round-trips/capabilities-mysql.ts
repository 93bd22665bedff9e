import type { Column, ColumnDefault, ColumnType } from '../../../src/schema/schema.ts';
import { capabilities as plain } from '../../conformance/capabilities.ts';
import type { Capabilities } from '../../support/arbitrary-schema.ts';
import { portableTypes } from '../../support/arbitrary-schema.ts';

const { quote } = plain.mysql9;
const expression = (sql: string): ColumnDefault => ({ kind: 'expression', sql });
const literal = (value: string | number | boolean): ColumnDefault => ({ kind: 'literal', value });

/** Types that only these servers have (but for geometries, which become nothing else), each with defaults in spellings that their catalogues change. */
const natives: Readonly<Record<string, readonly ColumnDefault[]>> = {
  tinyint: [literal(1)],
  'int unsigned': [literal(5)],
  'int(11)': [literal(-5)],
  mediumint: [literal(-1)],
  'bigint(20) unsigned': [literal('18446744073709551615')],
  'int(6) unsigned zerofill': [],
  'tinyint(1) unsigned': [],
  'decimal(10,2) unsigned': [literal('1.5'), literal(1)],
  dec: [literal(3)],
  'float(7,3)': [literal(1.5)],
  'double unsigned': [],
  year: [literal(2020)],
  'bit(8)': [expression("b'101'")],
  "set('b','a','it''s')": [literal('a,b'), literal('')],
  "enum('x','y','it''s')": [literal("it's")],
  'binary(16)': [],
  varbinary: [],
  tinytext: [expression("('x')")],
  mediumtext: [],
  longtext: [],
  tinyblob: [],
  mediumblob: [],
  'varchar(20) character set latin1': [literal('é')],
  'char(5) collate utf8mb4_bin': [literal('ab')],
};

const integer = [literal(5), literal(-1), expression('(1 + 1)')];
const text = [
  literal("it's"),
  literal(''),
  literal('a\\b'),
  literal('100 % "x"'),
  literal('é'),
  literal('null'),
  expression("(concat('a', 'b'))"),
  expression('(uuid())'),
];

const byKind: Readonly<Record<string, readonly ColumnDefault[]>> = {
  smallint: integer,
  integer,
  bigint: integer,
  numeric: [literal('5'), literal('1'), literal(0)],
  real: [literal(1.5), literal(1)],
  double: [literal(-0.5), literal(1000)],
  text: [expression("('x')"), expression("(upper('a'))")],
  varchar: text,
  char: [literal('abcd'), literal('')],
  boolean: [literal(true), literal(false), literal(1)],
  json: [expression('(json_object())'), expression(`('{"a": 1}')`)],
  date: [literal('2024-02-01'), expression('(curdate())')],
  time: [literal('10:00'), literal('10:00:00')],
  binary: [],
};

function defaults(type: ColumnType): readonly ColumnDefault[] {
  if (type.kind === 'native') return typeof type.sql === 'string' ? (natives[type.sql] ?? []) : [];
  if (type.kind === 'enum') return type.values.map(literal);
  if (type.kind !== 'timestamp') return byKind[type.kind] ?? [];
  const precision = type.precision ? `(${type.precision})` : '';
  return [
    expression(`CURRENT_TIMESTAMP${precision}`),
    literal('2020-01-01'),
    expression(`now(${type.precision ?? ''})`),
  ];
}

const integers: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint']);

function conditions({ name, type }: Column): readonly string[] {
  const it = quote(name);
  const nulls = [`${it} IS NOT NULL`, `NOT ${it} IS NULL`];
  if (integers.has(type.kind))
    return [
      ...nulls,
      `${it} > 0`,
      `${it} IN (1, 2, 3)`,
      `${it} BETWEEN 1 AND 5`,
      `${it} % 2 = 0`,
      `${it} <> -1`,
      `${it} > 0 OR ${it} = -4 AND NOT (${it} = 3)`,
    ];
  if (type.kind === 'numeric') return [...nulls, `${it} > 0`, `${it} >= 0.5`];
  if (type.kind === 'varchar' || type.kind === 'char')
    return [
      ...nulls,
      `${it} IN ('a', 'b')`,
      `${it} LIKE 'a%'`,
      `char_length(${it}) > 2 AND ${it} <> ''`,
      `${it} REGEXP '^[a-z]+$'`,
      `lower(${it}) = ${it}`,
      `${it} <> 'it''s'`,
      `length(${it}) > 1`,
    ];
  if (type.kind === 'date') return [...nulls, `${it} > '2020-01-01'`];
  return nulls;
}

function computations({ name, type }: Column) {
  const it = quote(name);
  if (integers.has(type.kind))
    return [
      { sql: `${it} + 1`, type: { kind: 'bigint' } },
      { sql: `${it} * 2`, type: { kind: 'numeric', precision: 20, scale: 0 } },
    ] as const;
  if (type.kind === 'varchar' || type.kind === 'char')
    return [
      { sql: `lower(${it})`, type: { kind: 'varchar', length: 80 } },
      { sql: `concat(${it}, '!')`, type: { kind: 'varchar', length: 90 } },
      { sql: `char_length(${it})`, type: { kind: 'integer' } },
      { sql: `coalesce(${it}, 'none')`, type: { kind: 'varchar', length: 80 } },
    ] as const;
  if (type.kind === 'numeric')
    return [{ sql: `${it} + 1`, type: { kind: 'numeric', precision: 30, scale: 2 } }] as const;
  if (type.kind === 'timestamp' && !type.zone)
    return [{ sql: `date(${it})`, type: { kind: 'date' } }] as const;
  if (type.kind === 'json')
    return [
      { sql: `json_unquote(json_extract(${it}, '$.a'))`, type: { kind: 'varchar', length: 40 } },
    ] as const;
  return [];
}

const isLongText = ({ type }: Column): boolean =>
  type.kind === 'text' || (type.kind === 'native' && /text$/.test(String(type.sql)));

function formsOf(column: Column, hasExpressions: boolean) {
  const { type, nullable } = column;
  const it = quote(column.name);
  if (isLongText(column))
    return [
      { part: { length: 10 }, unique: true },
      { part: {}, method: 'fulltext' },
    ] as const;
  if (type.kind === 'varchar')
    return [
      { part: { length: 10 }, unique: true },
      { part: { length: 5, descending: true } },
      { part: {}, method: 'fulltext' },
      ...(hasExpressions ? ([{ part: { sql: `(lower(${it}))` }, unique: true }] as const) : []),
    ] as const;
  if (type.kind === 'binary' && type.length === null) return [{ part: { length: 4 } }] as const;
  if (integers.has(type.kind) && hasExpressions)
    return [{ part: { sql: `(${it} + 1)` }, unique: true }, { part: { sql: `(${it} % 2)` } }] as const;
  if (type.kind !== 'native' || nullable) return [];
  return type.sql === 'point' || type.sql === 'geometry' ? ([{ part: {}, method: 'spatial' }] as const) : [];
}

/** The first column keeps its name: views may rest on it. */
function viewTexts(source: string, columns: readonly Pick<Column, 'name' | 'type'>[]): readonly string[] {
  const [first, second] = columns;
  if (!first) return [];
  const it = quote(first.name);
  const texts = [
    `SELECT * FROM ${source}`,
    `SELECT ${it}, count(*) AS number FROM ${source} GROUP BY ${it}`,
    `SELECT one_1.${it}, one_1.${it} AS again FROM ${source} AS one_1`,
    `SELECT one_1.${it}, two_2.${it} AS other FROM ${source} one_1 LEFT JOIN ${source} two_2 ON one_1.${it} = two_2.${it}`,
    `SELECT ${it}, CASE WHEN ${it} IN ('a', 'b') THEN 1 ELSE -1 END AS sign FROM ${source} ORDER BY 2 LIMIT 5`,
  ];
  return second
    ? [
        ...texts,
        `SELECT ${it}, concat(${quote(second.name)}, 'x') AS other FROM ${source} WHERE ${quote(second.name)} IS NOT NULL`,
      ]
    : texts;
}

const keyable = /^(?:tinyint|mediumint|int|bigint|year|decimal|dec|binary|varchar|char|enum|bit)/;
const isKeyable = (type: ColumnType): boolean => {
  if (type.kind === 'native') return typeof type.sql === 'string' && keyable.test(type.sql);
  return plain.mysql9.isKeyable(type);
};

/** What both have besides the portable. */
export const mysqlRich: Partial<Capabilities> = {
  types: [
    ...portableTypes,
    { kind: 'varchar', length: 40 },
    { kind: 'integer' },
    { kind: 'timestamp', zone: false, precision: 6 },
    { kind: 'timestamp', zone: true, precision: null },
    { kind: 'time', zone: false, precision: 3 },
    { kind: 'numeric', precision: null, scale: null },
    { kind: 'binary', length: null },
    ...Object.keys(natives).map((sql): ColumnType => ({ kind: 'native', sql })),
  ],
  isKeyable,
  // Numbers whose values run out refer to nothing; a bit and a set neither.
  isReferable: (type) => isKeyable(type) && type.kind !== 'native' && type.kind !== 'enum',
  tableOptions: [
    {},
    {},
    {},
    {},
    { charset: 'latin1' },
    { rowFormat: 'COMPRESSED' },
    { collation: 'utf8mb4_bin' },
  ],
  collations: ['utf8mb4_bin', 'latin1_swedish_ci', 'utf8mb4_unicode_ci'],
  defaults,
  conditions,
  computations,
  indexForms: (column) => formsOf(column, true),
  viewTexts,
  routine: ({ namespace, name }, n) => {
    const kind = n > 3 ? 'procedure' : 'function';
    const returns = kind === 'function' ? ' RETURNS int DETERMINISTIC' : '';
    const body = kind === 'function' ? `RETURN ${n}` : `SELECT ${n}`;
    const argument = n % 3 === 0 ? (kind === 'function' ? 'a int' : 'IN a int') : '';
    return {
      namespace,
      name,
      kind,
      signature: '',
      sql: `CREATE ${kind.toUpperCase()} ${quote(name)}(${argument})${returns} ${body}`,
    };
  },
};

/** It computes no indexes, and has sequences. */
export const mariadbRich: Partial<Capabilities> = {
  indexForms: (column) => formsOf(column, false),
  sequences: true,
};
