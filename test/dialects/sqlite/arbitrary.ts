// Random schemas that SQLite can hold.

import type { Column, ColumnDefault, ColumnType, Index, Schema, Table } from '../../../src/schema/schema.ts';
import { emptySchema } from '../../../src/schema/schema.ts';
import { fc } from '../../support/laws.ts';

const hostile = [
  'order',
  'a "b"',
  "it's",
  'x.y',
  'naïve',
  '`tick`',
  '[box]',
  '__proto__',
  'line\nbreak',
  'CHECK',
  '--c',
  ';',
];

const name = fc.oneof(
  fc.constantFrom(...hostile),
  fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/),
  fc
    .string({ minLength: 1, maxLength: 6, unit: 'grapheme' })
    .filter((text) => !text.includes('\0') && text.isWellFormed()),
);

const names = (length: { min: number; max: number }) =>
  fc.uniqueArray(
    name.filter((text) => !/^(sqlite_|rowid$|oid$|_rowid_$|length$|lower$)/i.test(text)),
    {
      minLength: length.min,
      maxLength: length.max,
      // SQLite folds ASCII letters only; JavaScript folds more, which only makes fewer cases.
      selector: (text) => text.toLowerCase(),
    },
  );

const precision = fc.option(fc.integer({ min: 0, max: 6 }));

export const columnType: fc.Arbitrary<ColumnType> = fc.oneof(
  fc.constantFrom<ColumnType>(
    ...(
      ['smallint', 'integer', 'bigint', 'text', 'boolean', 'real', 'double', 'date', 'json', 'uuid'] as const
    ).map((kind): ColumnType => ({ kind })),
  ),
  fc.record({ kind: fc.constant('varchar' as const), length: fc.option(fc.integer({ min: 1, max: 999 })) }),
  fc.record({ kind: fc.constant('char' as const), length: fc.integer({ min: 1, max: 99 }) }),
  fc.record({
    kind: fc.constant('numeric' as const),
    precision: fc.option(fc.integer({ min: 1, max: 38 })),
    scale: fc.option(fc.integer({ min: 0, max: 9 })),
  }),
  fc.record({ kind: fc.constantFrom('time' as const, 'timestamp' as const), zone: fc.boolean(), precision }),
  fc.record({ kind: fc.constant('binary' as const), length: fc.option(fc.integer({ min: 1, max: 99 })) }),
  fc.record({
    kind: fc.constant('enum' as const),
    namespace: fc.constant(null),
    name: fc.constant('mood'),
    values: fc.uniqueArray(
      fc.string({ maxLength: 5 }).filter((text) => !text.includes('\0')),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
  }),
  fc.record({
    kind: fc.constant('native' as const),
    sql: fc.constantFrom('NVARCHAR(20)', 'MEDIUMINT', 'any thing', ''),
  }),
);

const defaults: fc.Arbitrary<ColumnDefault | null> = fc.option(
  fc.oneof(
    fc.record({
      kind: fc.constant('literal' as const),
      value: fc.oneof(
        fc.integer(),
        fc.boolean(),
        fc.string().filter((text) => !text.includes('\0')),
        fc.constantFrom(1.5, -0.25, '9007199254740993', '12', 'NULL', 'CURRENT_TIMESTAMP'),
      ),
    }),
    fc.record({
      kind: fc.constant('expression' as const),
      sql: fc.constantFrom(
        'CURRENT_TIMESTAMP',
        'lower(hex(randomblob(16)))',
        '(1 + 1)',
        "x'00ff'",
        '- 5',
        "'a'",
        'TRUE',
        '1e3',
      ),
    }),
  ),
);

/** A column of that name. */
export const column = (columnName: string): fc.Arbitrary<Column> =>
  fc.record({
    name: fc.constant(columnName),
    type: columnType,
    nullable: fc.boolean(),
    default: defaults,
    onUpdate: fc.constant(null),
    identity: fc.constantFrom(null, null, { mode: 'always' as const, start: 5, increment: null }),
    generated: fc.constant(null),
    collation: fc.constantFrom(null, null, 'NOCASE', 'rtrim', 'BINARY'),
    comment: fc.constantFrom(null, 'said'),
  });

const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** An index over some of the columns. */
export function index(indexName: string, columns: readonly string[]): fc.Arbitrary<Index> {
  const part = fc.oneof(
    fc.record({ column: fc.constantFrom(...columns), sql: fc.constant(null) }),
    fc.record({
      column: fc.constant(null),
      sql: fc.constantFrom(...columns.map((one) => `lower( ${quote(one)} )`)),
    }),
  );
  return fc.record({
    name: fc.constantFrom(indexName, null),
    parts: fc.uniqueArray(
      part.chain((one) =>
        fc.record({
          column: fc.constant(one.column),
          sql: fc.constant(one.sql),
          descending: fc.boolean(),
          nulls: fc.constantFrom(null, 'first' as const),
          collation: fc.constantFrom(null, 'NOCASE'),
          operatorClass: fc.constant(null),
          length: fc.constant(null),
        }),
      ),
      { minLength: 1, maxLength: 3, selector: (one) => one.column ?? one.sql },
    ),
    unique: fc.boolean(),
    where: fc.constantFrom(null, ...columns.map((one) => `${quote(one)} is not null`)),
    method: fc.constant(null),
    include: fc.constant([]),
    nullsNotDistinct: fc.constant(false),
    valid: fc.constant(true),
  });
}

/** Some of the columns, in any order. */
export const subset = (columns: readonly string[], max = 3) =>
  fc.shuffledSubarray([...columns], { minLength: 1, maxLength: Math.min(max, columns.length) });

function table(tableName: string, others: readonly string[]): fc.Arbitrary<Table> {
  return names({ min: 1, max: 6 }).chain((columns) =>
    fc.record({
      namespace: fc.constant(null),
      name: fc.constant(tableName),
      columns: fc.tuple(...columns.map(column)),
      primaryKey: fc.option(fc.record({ name: fc.constantFrom(null, 'pk'), columns: subset(columns) })),
      uniques: fc.uniqueArray(
        fc.record({
          name: fc.constantFrom(null, 'u'),
          columns: subset(columns),
          nullsNotDistinct: fc.constant(false),
          deferrable: fc.constant('no' as const),
        }),
        { maxLength: 2, selector: (one) => [...one.columns].sort().join('\u0001') },
      ),
      foreignKeys: fc.array(
        fc.record({
          name: fc.constantFrom(null, 'f "k"'),
          columns: subset(columns, 1),
          references: fc.record({
            table: fc.constantFrom(...others).map((one) => ({ namespace: null, name: one })),
            columns: fc.constantFrom(['some'], ['Other col']),
          }),
          onDelete: fc.constantFrom('no-action' as const, 'cascade' as const, 'set-null' as const),
          onUpdate: fc.constantFrom('restrict' as const, 'set-default' as const, 'no-action' as const),
          deferrable: fc.constantFrom(
            'no' as const,
            'initially-deferred' as const,
            'initially-immediate' as const,
          ),
          valid: fc.boolean(),
        }),
        { maxLength: 2 },
      ),
      checks: fc.array(
        fc.record({
          name: fc.constantFrom(null, 'c'),
          sql: fc.constantFrom(
            ...columns.flatMap((one) => [
              `${quote(one)}<>'x'`,
              `length (${quote(one)}) > -1 and 1==1`,
              `(${quote(one)} In ('a value' , "another"))`,
              `${quote(tableName)}.${quote(one)} IS NOT NULL OR - - 1 < 2`,
            ]),
          ),
          valid: fc.constant(true),
        }),
        { maxLength: 3 },
      ),
      indexes: fc.tuple(index(`${tableName} ix`, columns)).map((list) => list),
      comment: fc.constant(null),
      options: fc.constantFrom<Table['options']>(
        {},
        {},
        { strict: true },
        { withoutRowid: true },
        { autoincrement: true },
      ),
    }),
  );
}

/** SQLite refuses these: a WITHOUT ROWID table needs a key, a STRICT one knows five types. */
function makeLegal(given: Table): Table {
  const { primaryKey, options } = given;
  const lacksKey = options['withoutRowid'] === true && primaryKey === null;
  const columns = given.columns.map(
    (one): Column =>
      options['strict'] === true && one.type.kind === 'native' ? { ...one, type: { kind: 'text' } } : one,
  );
  return { ...given, columns, options: lacksKey ? {} : options };
}

export const schema: fc.Arbitrary<Schema> = names({ min: 1, max: 3 }).chain((tables) =>
  fc
    .tuple(...tables.map((one) => table(one, tables)))
    .map((list): Schema => ({ ...emptySchema, tables: list.map(makeLegal) })),
);
