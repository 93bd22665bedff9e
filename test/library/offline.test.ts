import { execFile, spawnSync } from 'node:child_process';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createSurefoot } from '../../src/library/surefoot.ts';
import type { Engine } from '../servers/index.ts';
import { clientTools, freshDatabase, selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import { testProject } from '../support/revisions.ts';

const run = promisify(execFile);
const todobox = join(import.meta.dirname, '../../examples/todobox');

/** Runs a script with the family's own client; what it prints on failure is thrown. */
async function runScript(engine: Engine, url: string, file: string, script: string): Promise<void> {
  writeFileSync(file, script);
  if (engine === 'sqlite') {
    const db = new DatabaseSync(url.slice('sqlite:'.length));
    db.exec(script.replaceAll(/^\..*$/gm, ''));
    db.close();
    return;
  }
  const { hostname, port, username, password, pathname } = new URL(url);
  const database = pathname.slice(1);
  if (engine === 'postgres14' || engine === 'postgres18') {
    const [command = '', ...rest] = (await clientTools(engine)).argv('psql');
    await run(command, [...rest, '--no-psqlrc', '--quiet', '--file', file, url]);
    return;
  }
  const tool = engine === 'mariadb' ? 'mariadb' : 'mysql';
  const [command = '', ...rest] = (await clientTools(engine as 'mariadb' | 'mysql9')).argv(tool);
  const at = [`--host=${hostname}`, `--port=${port}`, `--user=${username}`, `--database=${database}`];
  const env = { ...process.env, MYSQL_PWD: password };
  const { status, stderr } = spawnSync(command, [...rest, '--no-defaults', ...at], {
    env,
    input: script,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

describe.each(selectedEngines().filter((engine) => engine !== 'pglite'))('%s', (engine) => {
  test('a script brings the database where upgrade would, and guards its start', async () => {
    using project = testProject();
    cpSync(join(todobox, 'migrations'), join(project.folder, 'migrations'), { recursive: true });
    const database = await freshDatabase(engine);
    const surefoot = createSurefoot({ url: database.url, projectFolder: project.folder });
    const file = join(project.folder, 'script.sql');
    try {
      if (engine === 'sqlite') {
        await refusal(surefoot.script({ direction: 'upgrade', range: 'base:heads' }), 'plan/offline');
        await surefoot.upgrade('6793349c088c');
      } else {
        await runScript(
          engine,
          database.url,
          file,
          await surefoot.script({ direction: 'upgrade', range: 'base:6793349c088c' }),
        );
      }
      expect((await surefoot.current()).heads).toEqual(['6793349c088c']);
      const further = await surefoot.script({ direction: 'upgrade', range: '6793349c088c:c682ef478e45' });
      await runScript(engine, database.url, file, further);
      expect((await surefoot.current()).heads).toEqual(['c682ef478e45']);
      await expect(runScript(engine, database.url, file, further)).rejects.toThrow(
        /version rows are not where/,
      );
      const result = await surefoot.upgrade();
      expect(result).toMatchObject({ failed: null, differences: [], extras: [], heads: ['d1f2e3c4b5a6'] });
      expect((await surefoot.log()).filter(({ data }) => data.tool === 'offline script')).not.toEqual([]);
      const back = await surefoot.script({ direction: 'downgrade', range: 'd1f2e3c4b5a6:c682ef478e45' });
      await runScript(engine, database.url, file, back);
      expect((await surefoot.upgrade('c682ef478e45')).differences).toEqual([]);
    } finally {
      await database.drop();
    }
  });
});

const steering = '\u001b[31mred\u0007 \u009b2J \u202Eevil \u2028 \ufeff';
const hostile = `one\r\n.shell touch x\n\\! touch x\rDROP TABLE a; -- ' " \` /* ${steering} */ \\`;

describe.each(selectedEngines().filter((engine) => engine !== 'pglite'))('%s', (engine) => {
  test('a message is a comment, and nothing else', async () => {
    using project = testProject(
      { id: 'aaaa', message: hostile, up: `op.createTable('a', { id: t.integer().primaryKey() });` },
      {
        id: 'bbbb',
        message: '',
        up: `op.addColumn('a', 'b', t.integer());`,
        more: `importedAs: 'b\\nDROP TABLE a;',`,
      },
    );
    const database = await freshDatabase(engine);
    try {
      const surefoot = createSurefoot({ url: database.url, projectFolder: project.folder });
      const script = await surefoot.script({ direction: 'upgrade', range: 'base:b\nDROP TABLE a;' });
      const comments = script.split('\n').filter((line) => line.startsWith('-- '));
      expect(comments[0]).toContain(': upgrade base:b\\nDROP TABLE a; (');
      expect(comments.slice(1)).toEqual([
        `-- upgrade aaaa: one\\r\\n.shell touch x\\n\\\\! touch x\\rDROP TABLE a; -- ' " \` /* \\u001b[31mred\\u0007 \\u009b2J \\u202eevil \\u2028 \\ufeff */ \\\\`,
        '-- upgrade bbbb: ',
      ]);
      await runScript(engine, database.url, join(project.folder, 'script.sql'), script);
      expect((await surefoot.upgrade()).heads).toEqual(['bbbb']);
      expect(await surefoot.log()).toMatchObject(
        expect.arrayContaining([
          expect.objectContaining({ data: expect.objectContaining({ message: hostile }) }),
        ]),
      );
      expect(readdirSync(project.folder).toSorted()).toEqual(['migrations', 'script.sql']);
    } finally {
      await database.drop();
    }
  });
});

test('a data step in TypeScript cannot be written as a script', async () => {
  using project = testProject({ id: 'aaaa', up: `op.run(() => {}, { inverse: 'nothing' });` });
  await refusal(
    project.surefoot({ url: 'sqlite::memory:' }).script({ direction: 'upgrade', range: 'heads' }),
    'plan/offline',
  );
});

test('values are written as literals', async () => {
  using project = testProject(
    { id: 'aaaa', up: `op.createTable('note', { id: t.integer().primaryKey(), text: t.text() });` },
    { id: 'bbbb', up: `op.insertRows('note', [{ id: 1, text: "it's ? and $1 \\\\ here" }]);` },
  );
  const script = await project
    .surefoot({ url: 'sqlite::memory:' })
    .script({ direction: 'upgrade', range: 'heads' });
  const db = new DatabaseSync(':memory:');
  db.exec(script.replaceAll(/^\..*$/gm, ''));
  expect(db.prepare('SELECT * FROM note').all()).toEqual([{ id: 1, text: "it's ? and $1 \\ here" }]);
});
