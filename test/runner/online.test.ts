// Tables in use on MySQL and MariaDB: the cheapest way that the server has, no copy of a large table that nobody agreed to,
// and pt-online-schema-change where there is one.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SurefootOptions } from '../../src/library/api.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import type { StatementNews } from '../../src/runner/news.ts';
import { type Engine, freshDatabase, selectedEngines } from '../servers/index.ts';
import { ptOnlineSchemaChange } from '../servers/percona.ts';
import { refusal } from '../support/refusal.ts';
import { type TestProject, testProject } from '../support/revisions.ts';
import { share } from '../support/share.ts';
import { session, until } from './support.ts';

const engines = selectedEngines().filter((one) => one === 'mysql9' || one === 'mariadb');
/** The program's driver of Debian 12 speaks to MariaDB; MySQL 9 has no authentication that it knows. */
const withTool = engines.filter((one) => one === 'mariadb');

const item = {
  id: 'aaaa',
  up: `op.createTable('item', { id: t.integer().identity().primaryKey(), name: t.varchar(20).notNull(), n: t.integer() });`,
};

async function fill(url: string, rows: number): Promise<void> {
  const connection = await session(url);
  const values = Array.from({ length: rows }, (_, i) => `('name ${i}', ${i})`);
  await connection.query(`INSERT INTO item (name, n) VALUES ${values.join(',')}`);
  await connection.close();
}

async function ask(url: string, sql: string): Promise<string> {
  const connection = await session(url);
  const { rows } = await connection.query(sql);
  await connection.close();
  return rows.map((row) => Object.values(row).join('|')).join('\n');
}

const columns = `SELECT DATA_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'item'`;

/** The tables that are not Surefoot's own. */
const tables = async (url: string) =>
  (await ask(url, 'SHOW TABLES')).split('\n').filter((name) => !/^surefoot_(?!probe)/.test(name));

async function onFilled(
  engine: Engine,
  rows: number,
  work: (place: { readonly url: string; readonly project: TestProject }) => Promise<void>,
): Promise<void> {
  const { url, drop } = await freshDatabase(engine);
  using project = testProject(item);
  try {
    await createSurefoot({ url, projectFolder: project.folder }).upgrade();
    await fill(url, rows);
    await work({ url, project });
  } finally {
    await drop();
  }
}

const surefoot = (url: string, project: TestProject, more: SurefootOptions = {}) =>
  createSurefoot({ url, projectFolder: project.folder, ...more });

const waysOf = async (url: string, project: TestProject, id: string) =>
  (await surefoot(url, project).log()).flatMap(({ event, revision, data }) =>
    event === 'finished' && revision === id && data.way !== undefined ? [data.way] : [],
  );

/** Nothing is small. */
const online = { copyLimit: 0 } as const;
const typeChange = {
  id: 'cccc',
  up: `op.alterColumn('item', 'n', { type: t.bigint() });
    op.createTable('later', { id: t.integer().primaryKey() });`,
};

/** Every engine, where that is asked for; both are one code. */
const some = share(engines, engines.slice(0, 1));

describe.each(some)('%s', (engine) => {
  test('each alteration takes the cheapest way that the server has', () =>
    onFilled(engine, 10, async ({ url, project }) => {
      project.write({
        id: 'bbbb',
        up: `op.addColumn('item', 'note', t.varchar(9));
          op.execute('SELECT 1', { effect: 'none', inverse: [] });
          op.createIndex('item', ['n']);
          op.execute('SELECT 2', { effect: 'none', inverse: [] });
          op.alterColumn('item', 'n', { nullable: false, default: 0 });`,
      });
      const steps = (await surefoot(url, project).plan()).steps.flatMap(({ segments }) => segments);
      const asked = steps.flatMap(({ statements }) =>
        statements.flatMap((one) => one.alteration?.ways[0] ?? []),
      );
      expect(asked).toEqual(Array.from({ length: 3 }, () => 'ALGORITHM=INSTANT'));
      expect((await surefoot(url, project, { online }).upgrade()).failed).toBeNull();
      expect(await waysOf(url, project, 'bbbb')).toEqual([
        'ALGORITHM=INSTANT',
        engine === 'mariadb' ? 'ALGORITHM=NOCOPY, LOCK=NONE' : 'ALGORITHM=INPLACE, LOCK=NONE',
        'ALGORITHM=INPLACE, LOCK=NONE',
      ]);
    }));

  test('a copy above the limit is refused before anything is touched; with the word of the user it is made', () =>
    onFilled(engine, 10, async ({ url, project }) => {
      project.write({
        id: 'bbbb',
        up: `op.createTable('early', { id: t.integer().primaryKey() }); op.addColumn('item', 'note', t.varchar(9));`,
      });
      project.write(typeChange);
      const refused = await refusal(surefoot(url, project, { online }).upgrade(), 'run/table-copy');
      expect(refused.message).toMatch(/cccc.*table item .*MODIFY/s);
      expect(refused.hint).toMatch(/^Nothing was changed.*pt-online-schema-change.*--online.*table-copy/);
      expect(refused.details).toMatchObject({ revision: 'cccc', table: 'item', copyLimit: 0 });
      expect(await tables(url)).toEqual(['item']);
      expect(await ask(url, `${columns} AND COLUMN_NAME = 'note'`)).toBe('');
      const result = await surefoot(url, project, { online }).upgrade('heads', { allowTableCopy: true });
      expect(result).toMatchObject({ failed: null, differences: [] });
      expect(await ask(url, `${columns} AND COLUMN_NAME = 'n'`)).toBe('bigint');
      expect(await waysOf(url, project, 'cccc')).toEqual(['COPY']);
    }));

  test('what cannot be foreseen is refused at its statement', () =>
    onFilled(engine, 10, async ({ url, project }) => {
      // The empty table like it has no foreign key to drop: nothing is known of what comes behind that.
      project.write({
        id: 'bbbb',
        up: `op.addColumn('item', 'other', t.integer());
          op.addForeignKey('item', ['other'], { table: 'item', columns: ['id'], name: 'fk_other' });`,
      });
      expect((await surefoot(url, project).upgrade()).failed).toBeNull();
      project.write({
        id: 'cccc',
        up: `op.dropForeignKey('item', 'fk_other'); op.alterColumn('item', 'n', { type: t.bigint() });`,
      });
      const { failed } = await surefoot(url, project, { online }).upgrade();
      expect(failed).toMatchObject({ revision: 'cccc', code: 'run/table-copy' });
      expect(failed?.hint).toMatch(/^This statement did nothing/);
      expect(await tables(url)).toEqual(['item']);
    }));
});

/** It takes its time. */
const isLong = share(true, false);

describe.each(withTool)('pt-online-schema-change on %s', (engine) => {
  test('it copies where the server would, rows and all; its work is journalled', () =>
    onFilled(engine, share(20_000, 3000), async ({ url, project }) => {
      const program = await ptOnlineSchemaChange();
      project.write(typeChange);
      const tool = { ...online, tool: 'pt-online-schema-change', program } as const;
      const before = await ask(url, 'SELECT count(*), sum(n), min(name), max(id) FROM item');
      const result = await surefoot(url, project, { online: tool }).upgrade();
      expect(result).toMatchObject({ failed: null, differences: [] });
      expect(await ask(url, 'SELECT count(*), sum(n), min(name), max(id) FROM item')).toBe(before);
      expect(await waysOf(url, project, 'cccc')).toEqual(['pt-online-schema-change']);
      expect(await ask(url, `SHOW TABLES LIKE '%item%'`)).toBe('item');
    }));

  test.runIf(isLong)('killed half-way, it is said what it left; cleared away, the next run does it', () =>
    onFilled(engine, 2000, async ({ url, project }) => {
      const program = join(project.folder, 'pt');
      const pid = join(project.folder, 'pid');
      // Slow enough to be met at work.
      writeFileSync(program, `#!/bin/sh\necho $$ > ${pid}\nexec ${await ptOnlineSchemaChange()} "$@"\n`, {
        mode: 0o755,
      });
      project.write(typeChange);
      const tool = { ...online, tool: 'pt-online-schema-change', program } as const;
      const slow = { ...tool, arguments: ['--chunk-size=10', '--sleep=0.2'] };
      const news: StatementNews[] = [];
      const running = surefoot(url, project, { online: slow }).upgrade('heads', {
        onStatement: (one) => news.push(one),
      });
      const left = `SELECT count(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()`;
      await until('it copies', () => news.some(({ kind }) => kind === 'work'), 30_000);
      expect(await ask(url, left)).toBe('3');
      process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL');
      const { failed } = await running;
      expect(failed).toMatchObject({ revision: 'cccc', code: 'run/online-tool' });
      expect(failed?.message).toContain('_item_new');
      expect(news.find(({ kind }) => kind === 'work')).toMatchObject({
        kind: 'work',
        share: expect.any(Number),
      });
      const sql =
        failed?.hint
          .slice(failed.hint.indexOf('DROP'))
          .split(';')
          .filter((one) => one.trim() !== '') ?? [];
      for (const one of sql) await ask(url, one);
      expect(await ask(url, left)).toBe('0');
      const result = await surefoot(url, project, { online: tool }).upgrade();
      expect(result).toMatchObject({ failed: null, differences: [] });
      expect(await ask(url, 'SELECT count(*), max(n) FROM item')).toBe('2000|1999');
    }),
  );

  test('a program that is not there is refused by name, and nothing is touched', () =>
    onFilled(engine, 10, async ({ url, project }) => {
      project.write(typeChange);
      const tool = { ...online, tool: 'pt-online-schema-change', program: '/nowhere/pt-osc' } as const;
      const { failed } = await surefoot(url, project, { online: tool }).upgrade();
      expect(failed).toMatchObject({ code: 'run/online-tool' });
      expect(failed?.message).toContain('/nowhere/pt-osc did not start: there is no such program');
      expect(failed?.hint).toContain('Install pt-online-schema-change, or name its path');
      const { password } = new URL(url);
      if (password !== '') expect(JSON.stringify(failed)).not.toContain(password);
    }));
});
