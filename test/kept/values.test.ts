import { describe, expect, test } from 'vitest';
import { openSession } from '../../src/library/open.ts';
import type { Engine } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import type { RevisionText } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';

// What is hard to carry: every byte, the ends of the calendar, digits behind the point, rows that refer to each other, and
// what data steps and the server itself write.

const bytes = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));
const hex = bytes.toString('hex');

const family = (engine: Engine) =>
  engine === 'sqlite' ? 'sqlite' : engine === 'mysql9' || engine === 'mariadb' ? 'mysql' : 'postgres';
const binary = { sqlite: `x'${hex}'`, mysql: `x'${hex}'`, postgres: `'\\x${hex}'` };
const native = { sqlite: 'datetime', mysql: 'datetime', postgres: 'timestamp' };
const touched = {
  sqlite: '',
  postgres: '',
  mysql: `, touched_at: t.timestamp().notNull().default(sql('CURRENT_TIMESTAMP')).onUpdate(sql('CURRENT_TIMESTAMP'))`,
};

const columns = (engine: Engine) => ({
  bytes: 't.binary()',
  paper: 't.json()',
  price: 't.numeric(30, 12)',
  born: 't.date()',
  at: `t.native('${native[family(engine)]}')`,
  ratio: 't.double()',
  large: 't.bigint()',
});

function revisionsFor(engine: Engine): readonly RevisionText[] {
  const own = Object.entries(columns(engine));
  return [
    {
      id: 'aaaa1111',
      up: `op.createTable('thing', (t) => ({ a: t.integer(), 'b"\`': t.varchar(20)${touched[family(engine)]} }), { primaryKey: ['a', 'b"\`'] });`,
    },
    {
      id: 'bbbb2222',
      up: own.map(([name, type]) => `op.addColumn('thing', '${name}', ${type});`).join('\n'),
    },
    {
      id: 'cccc3333',
      up: `op.createTable('tree', (t) => ({ id: t.integer().identity().primaryKey(), parent_id: t.integer().references('tree', 'id'), ${own.map(([name, type]) => `${name}: ${type}`)} }));
        op.createTable('role', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(20) }));
        op.insertRows('role', [{ id: 1, name: 'admin' }, { id: 2, name: 'guest' }]);
        op.createTable('plain', (t) => ({ n: t.integer(), name: t.varchar(20) }));
        op.run(async ({ connection }) => { await connection.query("INSERT INTO plain VALUES (1, 'seed')"); }, { inverse: 'nothing' });`,
      down: `op.dropTable('plain'); op.dropTable('role'); op.dropTable('tree');`,
    },
  ];
}

const rowValues = (engine: Engine, at: number): string =>
  [
    binary[family(engine)],
    `'{"a": [1, "\\\\u00e9", null], "k": ${at}}'`,
    '123456789012345678.123456789012',
    at === 1 ? `'0001-01-01'` : `'9999-12-31'`,
    at === 1 ? `'0001-01-01 00:00:00'` : `'9999-12-31 23:59:59'`,
    '0.1',
    '-9223372036854775808',
  ].join(', ');

// A folder of PGlite takes one process at a time, and the test looks on through a session of its own.
const engines = selectedEngines().filter((engine) => engine !== 'pglite');

describe.each(representatives(engines))('%s', (engine) => {
  test('every kind of value, of columns and of whole tables', { timeout: 240_000 }, async () => {
    using project = testProject(...revisionsFor(engine));
    const database = await freshDatabase(engine);
    const options = { url: database.url, projectFolder: project.folder };
    const surefoot = project.surefoot(options);
    const opened = await openSession(options, project.folder);
    const { connection, dialect } = opened;
    const ask = async (sql: string) => (await connection.query(sql)).rows.map((row) => ({ ...row }));
    const all = async () => {
      const lists: unknown[] = [];
      for (const name of ['thing', 'tree', 'role', 'plain'])
        lists.push(await ask(`SELECT * FROM ${name} ORDER BY 1`));
      return lists;
    };
    try {
      await surefoot.upgrade();
      const names = Object.keys(columns(engine)).map(dialect.quote).join(', ');
      for (const n of [1, 2]) {
        await ask(
          `INSERT INTO thing (a, ${dialect.quote('b"`')}, ${names}) VALUES (${n}, 'k''${n}', ${rowValues(engine, n)})`,
        );
        await ask(`INSERT INTO tree (${names}) VALUES (${rowValues(engine, n)})`);
      }
      await ask('UPDATE tree SET parent_id = 3 - id');
      if (family(engine) === 'mysql') await ask(`UPDATE thing SET touched_at = '2001-01-01 00:00:00'`);
      await ask(`UPDATE role SET name = 'chief' WHERE id = 1`);
      await ask(`INSERT INTO role VALUES (3, 'third')`);
      await ask(`INSERT INTO plain VALUES (2, NULL), (2, NULL)`);
      const before = await all();
      for (const target of ['bbbb2222', 'aaaa1111']) {
        expect(await surefoot.downgrade(target)).toMatchObject({ failed: null, differences: [] });
        expect((await surefoot.kept()).kept.length).toBeGreaterThan(0);
        expect(await surefoot.upgrade()).toMatchObject({ failed: null, differences: [] });
        expect(await all()).toEqual(before);
        expect((await surefoot.kept()).kept).toEqual([]);
      }
      const [stored] = await ask(`SELECT bytes FROM tree`);
      expect(Buffer.from(stored?.['bytes'] as Uint8Array).equals(bytes)).toBe(true);
      // It goes on counting behind what came back.
      await ask(`INSERT INTO tree (parent_id) VALUES (NULL)`);
      expect((await ask('SELECT max(id) AS id FROM tree'))[0]).toMatchObject({ id: 3 });
    } finally {
      await opened.close();
      await database.drop();
    }
  });
});
