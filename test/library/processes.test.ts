import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import type { TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { representatives, share } from '../support/share.ts';

const program = join(import.meta.dirname, '../support/upgrade-process.ts');
const crowd = share(50, 4);
const todobox = join(import.meta.dirname, '../../examples/todobox');

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
}

function upgradeProcess(url: string, folder: string, killAfter?: string): Promise<Ended> {
  const child = spawn(process.execPath, [program, url, folder, ...(killAfter ? [killAfter] : [])]);
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  child.stderr.on('data', (text) => {
    output += text;
  });
  return new Promise((done) => child.on('close', (code, signal) => done({ code, signal, output })));
}

function todoboxProject(): TestProject {
  const project = testProject();
  cpSync(join(todobox, 'migrations'), join(project.folder, 'migrations'), { recursive: true });
  return project;
}

// PGlite lives in one process: its folder cannot be opened by two.
const shared = selectedEngines().filter((engine) => engine !== 'pglite');

describe.each(shared)('%s', (engine) => {
  test(`${crowd} runners at once: every step once, all fine`, async () => {
    using project = todoboxProject();
    const database = await freshDatabase(engine);
    try {
      const ended = await Promise.all(
        Array.from({ length: crowd }, () => upgradeProcess(database.url, project.folder)),
      );
      expect(ended.map(({ code, output }) => (code === 0 ? 0 : output))).toEqual(
        Array.from({ length: crowd }, () => 0),
      );
      const log = await createSurefoot({ url: database.url, projectFolder: project.folder }).log();
      expect(log.filter(({ event }) => event === 'moved').map(({ revision }) => revision)).toEqual([
        '6793349c088c',
        '366e5694a9ad',
        '3e5106ee570c',
        'c682ef478e45',
        'd1f2e3c4b5a6',
      ]);
    } finally {
      await database.drop();
    }
  });
});

// A killed runner's lease must end first: each of these waits for it, and all of them together.
describe.each(representatives(shared))('%s', { concurrent: true }, (engine) => {
  test('a runner killed between two steps: the next one goes on', async () => {
    using project = todoboxProject();
    const database = await freshDatabase(engine);
    try {
      const killed = await upgradeProcess(database.url, project.folder, '366e5694a9ad');
      expect(killed.signal).toBe('SIGKILL');
      const surefoot = createSurefoot({ url: database.url, projectFolder: project.folder });
      const result = await surefoot.upgrade();
      expect(result).toMatchObject({ failed: null, differences: [], heads: ['d1f2e3c4b5a6'] });
      expect(result.finished.map(({ revision }) => revision)).toEqual([
        '3e5106ee570c',
        'c682ef478e45',
        'd1f2e3c4b5a6',
      ]);
    } finally {
      await database.drop();
    }
  });

  test('a runner killed inside a data step: nothing is lost, nothing runs twice', async () => {
    using project = testProject(
      { id: 'aaaa', up: `op.createTable('item', { id: t.integer().primaryKey(), n: t.integer() });` },
      {
        id: 'bbbb',
        up: `op.insertRows('item', [{ id: 1, n: 0 }]);
          op.addColumn('item', 'm', t.integer());
          op.run(async ({ connection }) => { await connection.query('UPDATE item SET n = n + 1'); }, { inverse: 'nothing' });
          op.run(async ({ connection }) => {
            await connection.query('UPDATE item SET m = 7');
            if (process.argv[1].endsWith('upgrade-process.ts')) process.kill(process.pid, 'SIGKILL');
          }, { inverse: 'nothing' });`,
      },
    );
    const database = await freshDatabase(engine);
    try {
      expect((await upgradeProcess(database.url, project.folder)).signal).toBe('SIGKILL');
      const surefoot = createSurefoot({ url: database.url, projectFolder: project.folder });
      expect(await surefoot.upgrade()).toMatchObject({ failed: null, differences: [], heads: ['bbbb'] });
      const { openDatabase } = await import('../../src/config/choose-dialect.ts');
      const { database: opened } = await openDatabase({ url: database.url });
      const connection = await opened.connect();
      expect((await connection.query('SELECT * FROM item')).rows).toEqual([{ id: 1, n: 1, m: 7 }]);
      await connection.close();
      await opened.close();
      const events = (await surefoot.log()).map(
        ({ event, revision, statement }) => `${event} ${revision} ${statement}`,
      );
      expect(new Set(events.filter((event) => !event.startsWith('started'))).size).toBe(
        events.filter((event) => !event.startsWith('started')).length,
      );
    } finally {
      await database.drop();
    }
  });
});
