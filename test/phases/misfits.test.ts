// Values that are none of the new type: nobody's write fails for them while both releases run, and none of them is lost.

import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../src/dialect/dialect.ts';
import { connectMysql } from '../../src/dialects/mysql/index.ts';
import { connectPostgres } from '../../src/dialects/postgres/index.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import type { ColumnBuilder } from '../../src/schema/column-builder.ts';
import { t, toColumn } from '../../src/schema/column-builder.ts';
import { session } from '../runner/support.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import { testProject } from '../support/revisions.ts';
import { share } from '../support/share.ts';

const able = selectedEngines().filter((one) => ['postgres18', 'mysql9', 'mariadb'].includes(one));
const engines = share(able, able.slice(0, 1));

const before = {
  id: 'aaaa',
  up: `op.createTable('item', (t) => ({ id: t.integer().primaryKey(), price: t.varchar(20).notNull(), small: t.integer(), note: t.varchar(20) }));
    op.insertRows('item', [{ id: 1, price: '1', small: 1, note: '1' }, { id: 2, price: 'free', small: 2, note: '2' }]);`,
};
const models = `import { defineSchema, table } from 'surefoot';
export default defineSchema({ tables: { item: table((t) => ({
  id: t.integer().primaryKey(), price: t.integer().notNull(), large: t.bigint(), note: t.integer(),
})) } });
`;

async function send(url: string, ...statements: readonly string[]) {
  const connection = await session(url);
  try {
    const answers = [];
    for (const sql of statements) answers.push((await connection.query(sql)).rows);
    return answers.at(-1) ?? [];
  } finally {
    await connection.close();
  }
}

test.each(engines)(
  '%s: what does not fit is written all the same, and stops the second half',
  async (engine) => {
    const { url, drop } = await freshDatabase(engine);
    using project = testProject(before);
    project.writeFile('schema.ts', models);
    const surefoot = () => createSurefoot({ url, projectFolder: project.folder, models: './schema.ts' });
    try {
      await surefoot().upgrade();
      const rename = ['item.small:large'];
      await surefoot().autogenerate({ message: 'x', id: 'bbbb', rename, noRenames: true, online: true });
      expect(await surefoot().upgrade('heads', { phase: 'expand' })).toMatchObject({
        failed: null,
        differences: [],
      });
      // The release before writes what it always wrote.
      await send(
        url,
        `INSERT INTO item (id, price, note) VALUES (3, 'much', '99999999999')`,
        `UPDATE item SET price = '01' WHERE id = 1`,
        `UPDATE item SET note = 'words' WHERE id = 2`,
      );
      const values = 'SELECT price_new, note_new FROM item ORDER BY id';
      expect((await send(url, values)).map((row) => Object.values(row))).toEqual([
        [1, 1],
        [null, null],
        [null, null],
      ]);
      // The release to come is told, and so is nobody misled: its value is none of the old type.
      await expect(send(url, 'UPDATE item SET large = 5000000000 WHERE id = 1')).rejects.toThrow(
        /out of range/i,
      );
      const error = await refusal(surefoot().upgrade('heads', { phase: 'contract' }), 'plan/assertion');
      expect(error.message).toMatch(/item\.(price|note) has values that are none of the new type/);
      await send(url, `UPDATE item SET price = '7' WHERE id > 1`, `UPDATE item SET note = NULL WHERE id > 1`);
      const contracted = await surefoot().upgrade('heads', { phase: 'contract' });
      expect(contracted).toMatchObject({ failed: null, differences: [] });
      const after = await send(url, 'SELECT price, note FROM item ORDER BY id');
      expect(after.map((row) => Object.values(row))).toEqual([
        [1, 1],
        [7, null],
        [7, null],
      ]);
      // And all the way back.
      expect(await surefoot().downgrade('aaaa')).toMatchObject({ failed: null, differences: [] });
      const back = await send(url, 'SELECT price, note FROM item ORDER BY id');
      expect(back.map((row) => Object.values(row))).toEqual([
        ['1', '1'],
        ['7', null],
        ['7', null],
      ]);
    } finally {
      await drop();
    }
  },
);

type Pair = readonly [
  from: ColumnBuilder,
  to: ColumnBuilder,
  values: Readonly<Record<string, string | null>>,
];

const common: readonly Pair[] = [
  [t.bigint(), t.integer(), { '5': '5', '-2147483648': '-2147483648', '2147483648': null }],
  [t.integer(), t.numeric(5, 2), { '999': '999.00', '1000': null }],
  [t.numeric(8, 3), t.numeric(6, 1), { '12.500': '12.5', '12.125': null }],
  [t.numeric(8, 3), t.integer(), { '12.000': '12', '12.500': null }],
  [
    t.varchar(30),
    t.bigint(),
    {
      '9223372036854775807': '9223372036854775807',
      '9223372036854775808': null,
      '-': null,
      '1e3': null,
      '': null,
      ' 1': null,
      '+4': '4',
    },
  ],
  [t.varchar(30), t.numeric(6, 2), { '12.5': '12.50', '1.234': null, '99999': null }],
  [t.varchar(30), t.varchar(3), { abc: 'abc', äöü: 'äöü', abcd: null }],
  [t.integer(), t.varchar(3), { '123': '123', '1234': null, '-12': '-12' }],
  [t.timestamp(), t.date(), { '2026-02-03 00:00:00': '2026-02-03', '2026-02-03 01:00:00': null }],
];
const postgresOnly: readonly Pair[] = [
  [t.timestamp(), t.timestamp({ zone: true }), { '2026-02-03 04:05:06': '2026-02-03 04:05:06+00' }],
  [t.double(), t.integer(), { '5': '5', '5.5': null, NaN: null, Infinity: null, '1e300': null }],
  [
    t.text(),
    t.uuid(),
    { '00000000-0000-4000-8000-000000000001': '00000000-0000-4000-8000-000000000001', x: null },
  ],
  [t.integer(), t.boolean(), { '0': 'false', '1': 'true', '2': null }],
  [t.boolean(), t.integer(), { true: '1' }],
  [
    t.uuid(),
    t.varchar(36),
    { '00000000-0000-4000-8000-000000000001': '00000000-0000-4000-8000-000000000001' },
  ],
];

const typeText = (dialect: Dialect, builder: ColumnBuilder): string => {
  const table = {
    namespace: null,
    name: 'x',
    columns: [toColumn('v', builder)],
    primaryKey: null,
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    comment: null,
    options: {},
  };
  const [sql = ''] = dialect.dump(
    {
      ...{ namespaces: [], enums: [], sequences: [], views: [], routines: [], triggers: [], unsupported: [] },
      tables: [table],
    },
    () => 'x',
  );
  return sql;
};

describe.each(engines)('%s', (engine) => {
  test('each value becomes one of the new type, or NULL; none is an error', async () => {
    const { url, drop } = await freshDatabase(engine);
    const connection = await session(url);
    try {
      const isPostgres = engine.startsWith('postgres');
      const { dialect } = await (isPostgres ? connectPostgres : connectMysql)(connection);
      for (const [from, to, values] of [...common, ...(isPostgres ? postgresOnly : [])]) {
        const conversion = dialect.retyping?.conversion(toColumn('v', from), toColumn('v', to));
        const at = JSON.stringify([from.spec.column.type, to.spec.column.type]);
        expect(conversion, at).toBeTruthy();
        await connection.query(typeText(dialect, from));
        for (const value of Object.keys(values))
          await connection.query(`INSERT INTO x VALUES (${dialect.literal(value)})`);
        // Into a column of the type, as the triggers and the backfill do, where an error is one.
        await connection.query(typeText(dialect, to).replace(/TABLE (.)x./, 'TABLE $1y$1'));
        await connection.query(`INSERT INTO y SELECT ${conversion?.forward('v')} FROM x`);
        const cast = isPostgres ? 'v::text' : 'CAST(v AS CHAR)';
        const { rows } = await connection.query(`SELECT ${cast} AS v FROM y`);
        expect(rows.map(({ v }) => v).toSorted(), at).toEqual(Object.values(values).toSorted());
        await connection.query('DROP TABLE x');
        await connection.query('DROP TABLE y');
      }
    } finally {
      await connection.close();
      await drop();
    }
  });
});
