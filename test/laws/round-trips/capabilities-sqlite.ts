import type { Column, ColumnDefault, ColumnType } from '../../../src/schema/schema.ts';
import type { Capabilities } from '../../support/arbitrary-schema.ts';
import { everything, portableTypes } from '../../support/arbitrary-schema.ts';

const { quote } = everything;
const expression = (sql: string): ColumnDefault => ({ kind: 'expression', sql });
const literal = (value: string | number | boolean): ColumnDefault => ({ kind: 'literal', value });

const natives = [
  'NUMERIC',
  'DATETIME',
  'varchar(20)',
  'UNSIGNED BIG INT',
  'FLOATING POINT',
  'BLOB',
  'MEDIUMTEXT',
  'decimal(10,5)',
  'INT',
  'CHARINT',
  'some type',
];

const numbers = [literal(5), literal(-1), expression('+3'), expression('(1 + 1)'), expression('0x10')];
const text = [
  literal("it's"),
  literal(''),
  literal('a\\b'),
  literal('100 % "x"'),
  literal('null'),
  expression("('a' || 'b')"),
  expression("(lower('A'))"),
];

const byKind: Readonly<Record<string, readonly ColumnDefault[]>> = {
  smallint: numbers,
  integer: numbers,
  bigint: [...numbers, literal('9007199254740993')],
  numeric: [literal('5'), literal(-1.5)],
  real: [literal(0.5), expression('1e3')],
  double: [literal(-0.5)],
  text,
  varchar: text,
  char: text,
  boolean: [literal(true), literal(false), expression('(1 = 1)')],
  date: [literal('2024-02-01'), expression('CURRENT_DATE')],
  time: [literal('10:00:00')],
  timestamp: [
    expression('CURRENT_TIMESTAMP'),
    expression("(datetime('now'))"),
    expression("(strftime('%s', 'now'))"),
  ],
  binary: [expression("x'00ff'")],
  json: [expression("'{}'"), expression("(json_object('a', 1))")],
  native: [literal(5), literal('x'), expression('(random())')],
};

function conditions({ name, type }: Column): readonly string[] {
  const it = quote(name);
  const nulls = [`${it} IS NOT NULL`, `NOT ${it} IS NULL`, `${it} notnull`];
  if (type.kind === 'text' || type.kind === 'varchar')
    return [
      ...nulls,
      `${it} IN ('a', 'b')`,
      `${it} LIKE 'a%' -- a comment`,
      `length(${it}) > 2 AND ${it} <> ''`,
      `${it} GLOB '[a-z]*'`,
      `typeof(${it}) = 'text'`,
    ];
  return [
    ...nulls,
    `${it} > 0`,
    `${it} IN (1, 2, 3)`,
    `${it} BETWEEN 1 AND 5`,
    `${it} % 2 = 0`,
    `${it} <> -1`,
  ];
}

function computations({ name, type }: Column) {
  const it = quote(name);
  if (type.kind === 'text' || type.kind === 'varchar')
    return [
      { sql: `lower(${it})`, type: { kind: 'text' } },
      { sql: `${it} || '!'`, type: { kind: 'text' } },
      { sql: `coalesce(${it}, 'none')`, type: { kind: 'varchar', length: 80 } },
    ] as const;
  return [
    { sql: `${it} + 1`, type: { kind: 'bigint' } },
    { sql: `(${it} * 2)`, type: { kind: 'integer' } },
  ] as const;
}

function indexForms({ name, type }: Column) {
  const it = quote(name);
  if (type.kind === 'text' || type.kind === 'varchar')
    return [
      { part: { collation: 'NOCASE' }, unique: true },
      { part: { collation: 'RTRIM', descending: true } },
      { part: { sql: `lower(${it})` }, unique: true },
      { part: { sql: `${it} || 'a'`, collation: 'NOCASE' } },
    ] as const;
  return [
    { part: { sql: `${it} + 1` }, unique: true },
    { part: { sql: `(${it} % 2)`, descending: true } },
  ] as const;
}

/** The first column keeps its name: views may rest on it. */
function viewTexts(source: string, columns: readonly Pick<Column, 'name' | 'type'>[]): readonly string[] {
  const [first, second] = columns;
  if (!first) return [];
  const it = quote(first.name);
  const texts = [
    `SELECT * FROM ${source}`,
    `SELECT ${it}, count(*) AS number FROM ${source} GROUP BY ${it}`,
    `SELECT one_1.${it}, two_2.${it} AS other FROM ${source} one_1 LEFT JOIN ${source} two_2 ON one_1.${it} = two_2.${it}`,
    `SELECT ${it}\n  FROM ${source} -- said so\n WHERE 1`,
  ];
  return second ? [...texts, `SELECT ${it}, ${quote(second.name)} AS other FROM ${source}`] : texts;
}

/** What SQLite takes besides the portable. */
export const sqliteRich: Partial<Capabilities> = {
  types: [...portableTypes, ...natives.map((sql): ColumnType => ({ kind: 'native', sql }))],
  isReferable: ({ kind }) => kind !== 'native',
  deferrable: ['no'],
  collations: ['NOCASE', 'RTRIM'],
  tableOptions: [
    {},
    {},
    {},
    {},
    { strict: true },
    { withoutRowid: true },
    { strict: true, withoutRowid: true },
  ],
  defaults: (type) => (type.kind === 'enum' ? type.values.map(literal) : (byKind[type.kind] ?? [])),
  conditions,
  computations,
  indexForms,
  viewTexts,
};
