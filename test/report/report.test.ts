import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReportData } from '../../src/report/report.ts';
import { cliProject, onDatabase, userRevisions } from '../cli/stories.ts';
import { atTerminal, cli, cliJson } from '../support/cli.ts';

const stateOf = ({ chain }: ReportData) => Object.fromEntries(chain.map(({ id, state }) => [id, state]));

describe('report', () => {
  test('from the files alone: chain, schema at every place, SQL for every server', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    const data = await cliJson<ReportData>(['report', '--no-database'], { cwd });
    expect(data).toMatchObject({ database: null, check: null, journal: [], notes: [], heads: ['cccc3333'] });
    expect(stateOf(data)).toEqual({ aaaa1111: 'unknown', bbbb2222: 'unknown', cccc3333: 'unknown' });
    expect(data.chain[1]?.upgrade).toMatchObject({
      operations: ['add column user.token varchar(255)', 'create index ix_user_token on user (token)'],
      reason: null,
    });
    expect(data.chain[1]?.upgrade.sql.flatMap(({ flavors }) => flavors).sort()).toEqual([
      'mariadb',
      'mysql',
      'postgres',
      'sqlite',
    ]);
    expect(data.history.find(({ name }) => name === 'phone')).toEqual({
      ...{ owner: 'user', kind: 'column', name: 'phone', words: 'varchar(20)' },
      ...{ from: 0, to: 2 },
    });
    expect(data.history.find(({ name }) => name === 'token')).toMatchObject({ from: 1, to: null });
    expect(data.lint?.findings).toMatchObject([{ rule: 'drop-column', revision: 'cccc3333' }]);
    const words = await cliJson<ReportData>(['report', '--no-database', '--sql', 'none'], { cwd });
    expect(words.chain[1]?.upgrade).toEqual({ ...data.chain[1]?.upgrade, sql: [] });
  });

  test('with a database: states, both sides, findings, runs; what failed, and that it recovered', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    await atTerminal(['upgrade', 'bbbb2222', '--yes'], { cwd });
    onDatabase(project, (db) =>
      db.exec('DROP INDEX ix_user_token; ALTER TABLE "user" ADD COLUMN "extra" text'),
    );
    const data = await cliJson<ReportData>(['report'], { cwd });
    expect(stateOf(data)).toEqual({ aaaa1111: 'applied', bbbb2222: 'applied', cccc3333: 'pending' });
    expect(data.database).toMatchObject({ heads: ['bbbb2222'], pending: ['cccc3333'], lock: null });
    const drifted = data.sides?.rows.filter(({ drifts }) => drifts);
    expect(drifted).toMatchObject([
      { kind: 'column', name: 'extra', server: 'text', history: null },
      { kind: 'index', name: 'ix_user_token', server: null, history: 'index (token)', revision: 'bbbb2222' },
    ]);
    expect(data.check?.findings.map(({ code }) => code)).toContain('drift/missing-index');
    expect(data.journal).toHaveLength(1);
    expect(data.journal[0]).toMatchObject({ outcome: 'done', recovery: null });
    expect(data.journal[0]?.events.map(({ event, revision }) => `${event} ${revision}`)).toEqual([
      'moved aaaa1111',
      'moved bbbb2222',
      'verified null',
    ]);
  });

  test('a run that failed says so, and what became of it', async () => {
    using project = cliProject(...userRevisions.slice(0, 1), {
      id: 'dddd4444',
      message: 'fails',
      up: `op.execute('INSERT INTO "later" VALUES (1)', { inverse: 'DELETE FROM "later"' });`,
    });
    const { folder: cwd } = project;
    expect((await atTerminal(['upgrade', '--yes'], { cwd })).code).toBe(2);
    const failed = await cliJson<ReportData>(['report'], { cwd });
    expect(stateOf(failed)).toEqual({ aaaa1111: 'applied', dddd4444: 'failed' });
    expect(failed.journal.at(-1)).toMatchObject({ outcome: 'failed', recovery: 'nothing yet' });
    onDatabase(project, (db) => db.exec('CREATE TABLE "later" (x int)'));
    expect((await atTerminal(['upgrade', '--yes'], { cwd })).code).toBe(0);
    const mended = await cliJson<ReportData>(['report'], { cwd });
    expect(stateOf(mended)).toMatchObject({ dddd4444: 'applied' });
    expect(mended.journal[0]?.recovery).toMatch(/^upgrade finished at 20/);
  });

  test('a file that was edited, and one that is gone', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    await atTerminal(['upgrade', '--yes', '--allow', 'data-loss'], { cwd });
    const names = readdirSync(join(cwd, 'migrations'));
    const file = (id: string) => join('migrations', names.find((name) => name.includes(id)) ?? '');
    const text = readFileSync(join(cwd, file('bbbb2222')), 'utf8');
    project.writeFile(file('bbbb2222'), text.replace('255', '250'));
    const edited = await cliJson<ReportData>(['report'], { cwd });
    expect(stateOf(edited)).toEqual({ aaaa1111: 'applied', bbbb2222: 'edited', cccc3333: 'applied' });
    rmSync(join(cwd, file('cccc3333')));
    const gone = await cliJson<ReportData>(['report'], { cwd });
    expect(stateOf(gone)).toEqual({ aaaa1111: 'applied', bbbb2222: 'applied', cccc3333: 'missing' });
    expect(gone.chain.at(-1)).toMatchObject({ id: 'cccc3333', file: null, message: 'drop user.phone' });
  });

  test('as a file: HTML, Markdown, JSON by the name; with a rehearsal; a password is nowhere', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    const rehearsed = await atTerminal(['rehearse', 'aaaa1111:aaaa1111', '--json'], { cwd });
    project.writeFile('rehearsal.json', rehearsed.out);
    const said = await cliJson<{ format: string; bytes: number }>(
      ['report', '--out', 'r.html', '--rehearsal', 'rehearsal.json'],
      { cwd },
    );
    const html = readFileSync(join(cwd, 'r.html'), 'utf8');
    expect(said).toMatchObject({ format: 'html', bytes: Buffer.byteLength(html) });
    expect(html).toContain('"both-ways"');
    await atTerminal(['report', '--out', 'r.md'], { cwd });
    expect(readFileSync(join(cwd, 'r.md'), 'utf8')).toContain('| unknown |'.replace('unknown', 'pending'));
    await atTerminal(['report', '--out', 'r.json', '--no-database'], { cwd });
    expect(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'))).toMatchObject({ format: 1 });
    const url = 'postgres://me:hunter2@127.0.0.1:1/x';
    project.writeFile('surefoot.config.json', JSON.stringify({ url }));
    const files = await cli(['report', '--format', 'json'], { cwd });
    expect(files).toMatchObject({ code: 0 });
    expect(files.err).toContain('The files alone');
    expect(JSON.parse(files.out).notes[0]).toContain('The database was not asked');
    expect(files.out + files.err).not.toContain('hunter2');
    expect((await atTerminal(['report', '--url', url], { cwd })).code).toBe(2);
    expect(await atTerminal(['report', '--rehearsal', 'r.md', '--no-database'], { cwd })).toMatchObject({
      code: 2,
      out: '',
    });
  });

  test('who wrote a file, as Git knows it', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
        cwd,
        encoding: 'utf8',
      });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
    const data = await cliJson<ReportData>(['report', '--no-database'], { cwd });
    const commit = git('rev-parse', 'HEAD').trim();
    expect(data.chain.map(({ origin }) => origin)).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ author: 'Ada <ada@example.com>', commit })),
    );
  });
});
