import { expect, test } from 'vitest';
import { isSelfContained } from './self-contained.ts';

const around = (body: string, head = "import { revision } from 'surefoot';") => `${head}

export default revision({
  id: 'a1',
  revises: null,
  message: 'clean; process, Date.now() and ./other are words here',
  createdAt: '2024-01-01T00:00:00.000Z',
  upgrade(op) {
    ${body}
  },
  downgrade: 'auto',
});
`;

test.each([
  [around("op.createTable('process', (t) => ({ id: t.integer().identity().primaryKey() }));")],
  [around("for (const name of ['a', 'b']) op.dropColumn('t', `x_$" + '{name}`); // new Date()')],
  [around("op.execute('SELECT 1');", "import { irreversible, revision } from 'surefoot';")],
  [
    around(
      "op.dropTable('t');",
      "import type { Operation } from 'surefoot';\nimport { revision } from 'surefoot';",
    ),
  ],
  [around('const columns = (table: string): number => Number(table.length);')],
])('says the same each time: %#', (text) => {
  expect(isSelfContained(text)).toBe(true);
});

test.each([
  [around('', "import { revision } from 'surefoot';\nimport { wide } from './wide.ts';")],
  [around('', "import { revision } from 'surefoot';\nimport 'other';")],
  [around('', "import { revision } from 'surefoot';\nexport { wide } from 'other';")],
  [around('', "import { createSurefoot, revision } from 'surefoot';")],
  [around('', "import { revision } from 'elsewhere';")],
  [around('', "import * as all from 'surefoot';")],
  [around("op.execute(process.env.SQL ?? '');")],
  [around('op.execute(`$' + '{Date.now()}`);')],
  [around('op.execute(String(Math.random()));')],
  [around('op.execute(globalThis.what);')],
  [around('op.execute(this.what);')],
  [around("op.execute([]['constructor'].name);")],
  [around('op.execute([][`constructor`].name);')],
  [around('op.execute((() => {}).constructor("return 1")());')],
  [around("op.execute((1.5).toLocaleString('de'));")],
  [around('op.execute(\\u0070rocess.env.SQL);')],
  [around("op.execute(await import('./x.ts'));")],
  [around("op.execute(require('x'));")],
  [around('const a = {} / process.env.A / 1;')],
  [around('op.run(async ({ connection }) => { await connection.query("SELECT 1"); });')],
])('may say something else another time: %#', (text) => {
  expect(isSelfContained(text)).toBe(false);
});
