import { t } from '../../../src/schema/column-builder.ts';
import type { Cases } from './case.ts';
import { item } from './case.ts';

const two = ["1|it's", '2|two'];
const names = 'SELECT id, name FROM item ORDER BY id';
const values = 'SELECT id, n FROM item ORDER BY id';

export const data: Cases<'execute' | 'run' | 'insertRows' | 'deleteRows' | 'backfill' | 'assert'> = {
  execute: [
    {
      name: 'data, with what undoes it',
      before: item,
      up: (op) =>
        op.execute('UPDATE item SET n = 6 WHERE id = 1', {
          inverse: 'UPDATE item SET n = 5 WHERE id = 1',
          effect: 'none',
        }),
      rows: () => ({ up: [values, ['1|6', '2|NULL']], down: [values, ['1|5', '2|NULL']] }),
    },
    {
      name: 'DDL with a declared effect',
      before: item,
      up: (op) =>
        op.execute('CREATE INDEX ix_raw ON item (n)', {
          inverse: 'DROP INDEX ix_raw',
          effect: (effect) => effect.createIndex('item', ['n'], { name: 'ix_raw' }),
        }),
      down: (op) => op.dropIndex('item', 'ix_raw'),
    },
  ],
  run: [
    {
      name: 'a function and the one that undoes it',
      before: item,
      up: (op) =>
        op.run(
          async ({ connection }) => void (await connection.query('UPDATE item SET n = 8 WHERE id = 1')),
          {
            inverse: async ({ connection }) =>
              void (await connection.query('UPDATE item SET n = 5 WHERE id = 1')),
          },
        ),
      rows: () => ({ up: [values, ['1|8', '2|NULL']], down: [values, ['1|5', '2|NULL']] }),
    },
  ],
  insertRows: [
    {
      name: 'by the primary key',
      before: item,
      up: (op) =>
        op.insertRows('item', [
          { id: 3, name: '"three" \\ \n', n: -1 },
          { id: 4, name: 'four', price: 12.5 },
        ]),
      rows: () => ({ up: [names, [...two, '3|"three" \\ \n', '4|four']], down: [names, two] }),
    },
    {
      name: 'many, in pieces',
      before: item,
      up: (op) =>
        op.insertRows(
          'item',
          Array.from({ length: 2500 }, (_, i) => ({ id: i + 10, name: `n${i}`, n: i })),
        ),
      rows: () => ({
        up: ['SELECT count(*) AS c, max(n) AS m FROM item', ['2502|2499']],
        down: [names, two],
      }),
    },
    {
      name: 'of every type',
      before: (op) =>
        op.createTable('v', {
          id: t.integer().primaryKey(),
          yes: t.boolean(),
          raw: t.binary(),
          doc: t.json(),
          day: t.date(),
          at: t.timestamp(),
          key: t.uuid(),
          ratio: t.double(),
          big: t.bigint(),
        }),
      up: (op) =>
        op.insertRows('v', [
          {
            id: 1,
            yes: true,
            raw: { hex: '00ff' },
            doc: { json: { a: [1, "it's"] } },
            day: '2024-02-29',
            at: '2024-02-29 10:00:00',
            key: '00000000-0000-0000-0000-0000000000ab',
            ratio: 0.5,
            big: '9007199254740993',
          },
          { id: 2, yes: null, raw: null, doc: null, day: null, at: null, key: null, ratio: null, big: null },
        ]),
      rows: () => ({
        up: ['SELECT count(*) AS c, count(doc) AS d, count(raw) AS r FROM v', ['2|1|1']],
        down: ['SELECT count(*) AS c FROM v', ['0']],
      }),
    },
    {
      name: 'in a table of the same revision, by another key',
      up: (op) => {
        op.createTable('k', { a: t.integer(), b: t.varchar(9) });
        op.insertRows('k', [{ a: 1, b: 'x' }], { key: ['a', 'b'] });
      },
    },
  ],
  deleteRows: [
    {
      name: 'by the primary key',
      before: item,
      up: (op) => op.deleteRows('item', [{ id: 2, name: 'two' }]),
      rows: () => ({ up: [names, ["1|it's"]], down: [names, two] }),
    },
  ],
  backfill: [
    {
      name: 'and back, row by row',
      before: item,
      up: (op) =>
        op.backfill({
          table: 'item',
          set: { n: 'coalesce(n, 1) + 1 -- a remark', code: "'it''s'" },
          where: 'id > 0 OR n IS NULL -- all',
          batch: 1,
          pause: 0,
          inverse: { set: { n: 'CASE id WHEN 1 THEN n - 1 END' } },
        }),
      rows: () => ({ up: [values, ['1|6', '2|2']], down: [values, ['1|5', '2|NULL']] }),
    },
    {
      name: 'of a table without a key',
      before: (op) => op.createTable('loose', (t) => ({ n: t.integer() })),
      up: (op) => op.backfill({ table: 'loose', set: { n: '1' }, inverse: 'nothing' }),
      unsupported: { postgres: 'it has no key', mysql: 'it has no key' },
    },
  ],
  assert: [
    {
      name: 'that holds',
      before: item,
      up: (op) => op.assert('SELECT count(*) = 2 FROM item', 'two rows'),
      rows: () => ({ up: [names, two], down: [names, two] }),
    },
  ],
};
