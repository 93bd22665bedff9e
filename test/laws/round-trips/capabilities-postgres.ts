import type { Column, ColumnDefault, ColumnType } from '../../../src/schema/schema.ts';
import type { Capabilities } from '../../support/arbitrary-schema.ts';
import { everything, portableTypes } from '../../support/arbitrary-schema.ts';

const { quote } = everything;
const expression = (sql: string): ColumnDefault => ({ kind: 'expression', sql });
const literal = (value: string | number | boolean): ColumnDefault => ({ kind: 'literal', value });

/** Types that only this server has, each with defaults in spellings that its catalogue changes. */
const natives: Readonly<Record<string, readonly ColumnDefault[]>> = {
  inet: [literal('10.0.0.1'), expression("'10.0.0.1'::inet")],
  cidr: [expression("'10.0.0.0/8'")],
  macaddr: [],
  interval: [expression("interval '1 day'"), expression("'01:00:00'::interval")],
  'interval day to second(3)': [expression("'1 day'")],
  'bit(3)': [expression("B'101'")],
  bit: [],
  'bit varying(5)': [expression("B'1'::bit varying")],
  'int[]': [expression("'{}'::integer[]"), expression('ARRAY[1, 2]')],
  'varchar(10)[]': [expression("ARRAY['a']::varchar(10)[]"), expression("'{}'")],
  'text[]': [expression("'{}'::text[]")],
  tsvector: [],
  money: [],
  xml: [],
  json: [expression("'{}'::json")],
  point: [],
  int4range: [expression("'empty'::int4range")],
  '"char"': [expression(`'a'::"char"`)],
  bpchar: [literal('ab')],
  oid: [],
  name: [literal('x')],
  'float(20)': [literal(1.5)],
  'dec(8,3)': [literal('1.250'), expression('-1')],
  int8: [expression("'5'"), literal('9007199254740993')],
  serial: [],
  bigserial: [],
};

const integer = [literal(5), literal(-1), expression('(1 + 1)'), expression("'7'"), expression('5::bigint')];
const real = [literal(0.5), literal(-2), expression('1e3')];
const text = [
  literal("it's"),
  literal(''),
  literal('a\\b'),
  literal('100 % "x"'),
  literal('null'),
  expression("'x'::text"),
  expression("E'a\\nb'"),
  expression("upper('a')"),
  expression('CURRENT_USER'),
  expression("'a' || 'b'"),
];

const byKind: Readonly<Record<string, readonly ColumnDefault[]>> = {
  smallint: [literal(5), literal(-1)],
  integer,
  bigint: integer,
  numeric: [literal('5'), literal('-1.50'), expression('0'), expression("'3'::numeric")],
  real,
  double: real,
  text,
  varchar: text,
  char: [literal('abcd'), literal('ab'), expression("'x'::bpchar")],
  boolean: [literal(true), literal(false), expression("'yes'"), expression('NOT true')],
  uuid: [expression('gen_random_uuid()'), literal('00000000-0000-0000-0000-000000000001')],
  json: [expression("'{}'"), expression(`'{"a": [1]}'::jsonb`), expression("jsonb_build_object('a', 1)")],
  binary: [expression("'\\x00ff'::bytea")],
  date: [literal('2024-02-01'), expression('CURRENT_DATE'), expression("'2020-01-01'::date + 1")],
  time: [literal('10:00'), expression('LOCALTIME')],
};

const times = [
  expression('now()'),
  expression('CURRENT_TIMESTAMP'),
  expression("(now() AT TIME ZONE 'utc')"),
  expression('LOCALTIMESTAMP'),
  expression("'2020-01-01 10:00:00'"),
];

function defaults(type: ColumnType): readonly ColumnDefault[] {
  if (type.kind === 'native') return typeof type.sql === 'string' ? (natives[type.sql] ?? []) : [];
  if (type.kind === 'enum') return type.values.map(literal);
  if (type.kind === 'timestamp') return type.zone ? times : times.filter((_, i) => i > 0);
  return byKind[type.kind] ?? [];
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
    ];
  if (type.kind === 'numeric') return [...nulls, `${it} > 0`, `${it} >= 0.5 OR ${it} = -1`];
  if (type.kind === 'real' || type.kind === 'double') return [...nulls, `${it} < 1.5`];
  if (type.kind === 'text' || type.kind === 'varchar')
    return [
      ...nulls,
      `${it} IN ('a', 'b')`,
      `${it} LIKE 'a%'`,
      `length(${it}) > 2 AND ${it} <> ''`,
      `${it} ~ '^[a-z]+$'`,
      `lower(${it}) = ${it}`,
      `${it} NOT IN ('x', 'it''s')`,
      `CASE WHEN ${it} = 'a' THEN true ELSE ${it} > 'b' END`,
    ];
  if (type.kind === 'boolean') return [it, `NOT ${it}`, `${it} IS TRUE`];
  if (type.kind === 'date' || type.kind === 'timestamp')
    return [...nulls, `${it} > '2020-01-01'`, `${it} BETWEEN '2020-01-01' AND '2021-01-01'`];
  if (type.kind === 'json') return [...nulls, `(${it} ->> 'a') = 'b'`];
  return nulls;
}

function computations({ name, type }: Column) {
  const it = quote(name);
  if (integers.has(type.kind))
    return [
      { sql: `${it} + 1`, type: { kind: 'bigint' } },
      { sql: `${it} * 2`, type: { kind: 'numeric', precision: 12, scale: 0 } },
    ] as const;
  if (type.kind === 'text' || type.kind === 'varchar')
    return [
      { sql: `lower(${it})`, type: { kind: 'text' } },
      { sql: `${it} || '!'`, type: { kind: 'text' } },
      { sql: `length(${it})`, type: { kind: 'integer' } },
      { sql: `coalesce(${it}, 'none')`, type: { kind: 'varchar', length: 80 } },
    ] as const;
  if (type.kind === 'numeric')
    return [{ sql: `round(${it})`, type: { kind: 'numeric', precision: null, scale: null } }] as const;
  if (type.kind === 'boolean') return [{ sql: `NOT ${it}`, type: { kind: 'boolean' } }] as const;
  if (type.kind === 'json') return [{ sql: `${it} ->> 'a'`, type: { kind: 'text' } }] as const;
  return [];
}

function indexForms({ name, type }: Column) {
  const it = quote(name);
  if (integers.has(type.kind))
    return [
      { part: {}, method: 'brin' },
      { part: {}, method: 'hash' },
      { part: { sql: `${it} + 1` } },
      { part: { sql: `${it} % 2`, descending: true }, unique: true },
      { part: { nulls: 'last', descending: true }, unique: true },
    ] as const;
  if (type.kind === 'text' || type.kind === 'varchar')
    return [
      { part: { operatorClass: `${type.kind}_pattern_ops` }, unique: true },
      { part: { collation: 'C' }, unique: true },
      { part: { sql: `lower(${it})` }, unique: true },
      { part: { sql: `${it} || 'a'` } },
      { part: { sql: `lower(${it})`, operatorClass: 'text_pattern_ops' } },
      { part: {}, method: 'hash' },
      { part: { nulls: 'first' } },
    ] as const;
  if (type.kind === 'json')
    return [
      { part: {}, method: 'gin' },
      { part: { operatorClass: 'jsonb_path_ops' }, method: 'gin' },
      { part: { sql: `${it} ->> 'a'` } },
    ] as const;
  if (type.kind !== 'native') return [];
  const sql = typeof type.sql === 'string' ? type.sql : '';
  if (sql.endsWith('[]') || sql === 'tsvector') return [{ part: {}, method: 'gin' }] as const;
  if (sql === 'int4range')
    return [
      { part: {}, method: 'gist' },
      { part: {}, method: 'spgist' },
    ] as const;
  if (sql === 'inet') return [{ part: { operatorClass: 'inet_ops' }, method: 'gist' }] as const;
  return sql === 'point' ? ([{ part: {}, method: 'gist' }] as const) : [];
}

/** The first column keeps its name: views may rest on it. */
function viewTexts(source: string, columns: readonly Pick<Column, 'name' | 'type'>[]): readonly string[] {
  const [first, second] = columns;
  if (!first) return [];
  const it = quote(first.name);
  const texts = [
    `SELECT * FROM ${source}`,
    `SELECT one_1.${it}, one_1.${it} AS again FROM ${source} AS one_1`,
    `SELECT one_1.${it}, two_2.${it} AS other FROM ${source} one_1 LEFT JOIN ${source} two_2 ON one_1.${it}::text = two_2.${it}::text`,
    `SELECT ${it}, CASE WHEN ${it}::text IN ('a', 'b') THEN 1 ELSE -1 END AS sign FROM ${source} ORDER BY 2 LIMIT 5`,
    `WITH with_1 AS (SELECT ${it} FROM ${source}) SELECT ${it}, now() AS at_1 FROM with_1 UNION ALL SELECT ${it}, now() FROM ${source}`,
  ];
  return second
    ? [
        ...texts,
        `SELECT ${it}, ${quote(second.name)}::text || 'x' AS other FROM ${source} WHERE ${quote(second.name)} IS NOT NULL`,
      ]
    : texts;
}

const unkeyable = /^(?:json|xml|point|serial|bigserial)$/;

const isKeyable = (type: ColumnType): boolean => {
  if (type.kind === 'native') return typeof type.sql === 'string' && !unkeyable.test(type.sql);
  return type.kind !== 'json';
};

const typed = (
  {
    name,
    table,
  }: { readonly name: string; readonly table: { readonly namespace: string | null; readonly name: string } },
  n: number,
) => {
  const home = table.namespace === null ? '' : `${quote(table.namespace)}.`;
  const when = ['BEFORE UPDATE', 'BEFORE UPDATE OR DELETE', 'BEFORE INSERT'][n % 3] ?? '';
  const condition = n > 2 ? ' WHEN (pg_trigger_depth() < 1)' : '';
  const body = when.includes('INSERT') ? when.replace('INSERT', 'UPDATE') : when;
  return `CREATE TRIGGER ${quote(name)} ${body} ON ${home}${quote(table.name)} FOR EACH ROW${condition} EXECUTE FUNCTION suppress_redundant_updates_trigger()`;
};

/** What PostgreSQL has besides the portable, of any version. */
export const postgresRich: Partial<Capabilities> = {
  types: [
    ...portableTypes.filter(({ kind }) => kind !== 'enum'),
    { kind: 'varchar', length: null },
    { kind: 'numeric', precision: null, scale: null },
    { kind: 'time', zone: true, precision: 3 },
    { kind: 'timestamp', zone: true, precision: null },
    { kind: 'timestamp', zone: false, precision: 0 },
    { kind: 'varchar', length: 40 },
    { kind: 'text' },
    { kind: 'integer' },
    { kind: 'json' },
    ...Object.keys(natives).map((sql): ColumnType => ({ kind: 'native', sql })),
  ],
  isKeyable,
  // A serial is no type of a column that refers to it; a foreign key over ranges is none.
  isReferable: (type) => isKeyable(type) && type.kind !== 'native',
  tableOptions: [{}, {}, {}, { fillfactor: 70 }],
  defaults,
  conditions,
  computations,
  indexForms,
  viewTexts,
  trigger: typed,
  routine: ({ namespace, name }, n) => {
    const ref = namespace === null ? quote(name) : `${quote(namespace)}.${quote(name)}`;
    const signature = ['integer', '', 'text, integer'][n % 3] ?? '';
    const kind = n > 3 ? 'procedure' : 'function';
    const returns = kind === 'function' ? ' RETURNS integer' : '';
    return {
      namespace,
      name,
      kind,
      signature,
      sql: `CREATE ${kind.toUpperCase()} ${ref}(${signature})${returns} LANGUAGE sql AS 'SELECT ${n}'`,
    };
  },
};
