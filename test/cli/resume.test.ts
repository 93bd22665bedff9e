import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { atTerminal, cli, cliJson, masked } from '../support/cli.ts';
import type { TestProject } from '../support/revisions.ts';
import type { Moment } from '../torture/kill.ts';
import { killedRunner, sentUndisturbed } from '../torture/kill.ts';
import { cliProject } from './stories.ts';

// What the statement does leaves no trace in the catalogue: only people can tell whether it was done.
const revisions = [
  { id: 'aaaa1111', message: 'count', up: `op.createTable('count', { n: t.integer() });` },
  {
    id: 'bbbb2222',
    message: 'count up',
    up: `op.execute('INSERT INTO count VALUES (1)', { transaction: false, effect: 'none', inverse: 'DELETE FROM count' });
      op.createIndex('count', ['n'], { name: 'ix_count' });`,
  },
];

/** A project whose runner died at its INSERT, which stands outside of transactions. */
async function interrupted(when: Moment): Promise<TestProject> {
  const project = cliProject(...revisions);
  const { folder } = project;
  const sent = await sentUndisturbed({ url: `sqlite:${join(folder, 'other.db')}`, folder });
  const at = sent.findIndex((sql) => sql.includes('INSERT INTO count'));
  const { signal } = await killedRunner({ url: `sqlite:${join(folder, 'app.db')}`, folder, at, when });
  expect(signal).toBe('SIGKILL');
  return project;
}

describe('resume', () => {
  test('what the catalogue cannot tell is refused, shown and answered: it was done', async () => {
    using project = await interrupted('after');
    const { folder: cwd } = project;
    const refused = await cli(['upgrade'], { cwd });
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('code  plan/unresumed\n');
    expect(refused.err).toContain('surefoot resume --done');
    const shown = await cli(['resume'], { cwd });
    expect(masked(shown.out)).toBe(
      [
        'A run ended in the middle of this statement:',
        '',
        'revision  bbbb2222 (upgrade, operation 1)',
        'what  execute INSERT INTO count VALUES (1)',
        'begun  <time>',
        'sql  INSERT INTO count VALUES (1)',
        '',
        'Nothing tells whether the server did it. Look at the database, then say',
        '  surefoot resume --done  if it was done: it is not run again',
        '  surefoot resume --retry  if it was not: the next run runs it',
        '',
      ].join('\n'),
    );
    expect(shown).toMatchObject({ code: 1, err: '' });
    expect(await cliJson(['resume'], { cwd, code: 1 })).toMatchObject({
      unclear: { revision: 'bbbb2222', direction: 'upgrade', statement: 0 },
      answer: null,
    });
    const done = await cli(['resume', '--done'], { cwd });
    expect(done.code).toBe(0);
    expect(done.out).toContain('Written down: it counts as done. Go on with `surefoot upgrade`.\n');
    expect((await cli(['resume', '--retry'], { cwd })).out).toBe(
      'Nothing is unclear: the next run goes on by itself.\n',
    );
    expect((await cliJson(['upgrade'], { cwd }))['heads']).toEqual(['bbbb2222']);
    const surefoot = project.surefoot({ url: `sqlite:${join(cwd, 'app.db')}` });
    const finished = (await surefoot.log({ revision: 'bbbb2222' })).map(
      ({ event, statement }) => `${event} ${statement}`,
    );
    expect(finished).toEqual(['started 0', 'finished 0', 'finished 1', 'moved null']);
    expect(rowsOf(cwd)).toEqual([{ n: 1 }]);
  });

  test('it was not done: it is run, once', async () => {
    using project = await interrupted('before');
    const { folder: cwd } = project;
    expect(await cliJson(['resume', '--retry'], { cwd })).toMatchObject({
      unclear: { revision: 'bbbb2222' },
      answer: 'retry',
    });
    // An answer is no failed run.
    expect(await cliJson(['status'], { cwd })).toMatchObject({
      lastRun: { revisions: ['aaaa1111'], failed: false },
    });
    expect((await cliJson(['upgrade'], { cwd }))['heads']).toEqual(['bbbb2222']);
    expect(rowsOf(cwd)).toEqual([{ n: 1 }]);
  });

  test('nothing is unclear; both answers at once', async () => {
    using project = cliProject(...revisions);
    const { folder: cwd } = project;
    expect(await cliJson(['resume', '--done'], { cwd })).toEqual({ unclear: null, answer: null });
    const both = await atTerminal(['resume', '--done', '--retry'], { cwd });
    expect(both.code).toBe(64);
    expect(both.err).toContain('--done and --retry exclude each other');
  });
});

function rowsOf(folder: string): readonly unknown[] {
  const db = new DatabaseSync(join(folder, 'app.db'));
  try {
    return db
      .prepare('SELECT n FROM count')
      .all()
      .map((row) => ({ ...row }));
  } finally {
    db.close();
  }
}

describe('unlock', () => {
  test('a lock that nobody holds', async () => {
    using project = cliProject(...revisions);
    const { folder: cwd } = project;
    await cli(['upgrade'], { cwd });
    expect((await cli(['unlock'], { cwd })).out).toBe('The lock is free.\n');
    expect(await cliJson(['unlock', '--force'], { cwd })).toEqual({ freed: null });
  });

  test('a file whose holder lives: the system frees it with the process', async () => {
    using project = cliProject(...revisions);
    const { folder: cwd } = project;
    await cli(['upgrade'], { cwd });
    const code = `const db = new (require('node:sqlite').DatabaseSync)('app.db-surefoot-lock'); db.exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['-e', code], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(holder.stdout, 'data');
      const refused = await cli(['unlock', '--force'], { cwd });
      expect(refused).toMatchObject({ code: 2, out: '' });
      expect(refused.err).toContain('end the process, and the lock is free');
      expect(refused.err).toContain('code  lock/held\n');
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'exit');
    }
    expect(await cliJson(['unlock'], { cwd })).toEqual({ freed: null });
  });
});
