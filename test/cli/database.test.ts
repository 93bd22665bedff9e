import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { atTerminal, cli, cliJson, masked } from '../support/cli.ts';
import { testProject } from '../support/revisions.ts';
import { branchedRevisions, cliProject, columnsOf, onDatabase, userRevisions } from './stories.ts';

const [createUser, addToken, dropPhone] = userRevisions;
const safeRevisions = userRevisions.slice(0, 2);

describe('upgrade and downgrade', () => {
  test('the whole way up and down', async () => {
    using project = cliProject(...userRevisions);
    const own = { cwd: project.folder, ownProcess: true };
    const up = await cli(['upgrade'], own);
    expect(up).toMatchObject({ code: 0, err: '' });
    expect(masked(up.out)).toBe(
      [
        '  revision  direction  message  statements  there already  time',
        '  aaaa1111  upgrade  create user  1  <ms>',
        '  bbbb2222  upgrade  add user.token  2  <ms>',
        '  cccc3333  upgrade  drop user.phone  1  <ms>',
        '',
        'Done: 3 revisions; the database stands at cccc3333.',
        '',
      ].join('\n'),
    );
    expect(columnsOf(project, 'user')).toEqual(['id', 'name', 'token']);
    expect((await cli(['up'], own)).out).toBe('Nothing to do: the database stands at cccc3333.\n');
    const down = await cliJson<{ finished: object[] }>(['rollback', '-2', '--yes'], {
      ...own,
      schema: 'downgrade',
    });
    expect(down).toMatchObject({
      finished: [
        { revision: 'cccc3333', direction: 'downgrade', statements: 1, satisfied: 0 },
        { revision: 'bbbb2222', direction: 'downgrade', statements: 2, satisfied: 0 },
      ],
      failed: null,
      remaining: [],
      heads: ['aaaa1111'],
      differences: [],
    });
    expect(columnsOf(project, 'user')).toEqual(['id', 'name', 'phone']);
    expect((await cliJson(['deploy', '+1'], { ...own, schema: 'upgrade' }))['heads']).toEqual(['bbbb2222']);
  });

  test('what is there already is said to be', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade', 'aaaa'], { cwd });
    onDatabase(project, (db) => db.exec('ALTER TABLE "user" ADD COLUMN token VARCHAR(255)'));
    expect(masked((await cli(['plan'], { cwd })).out)).toBe(
      [
        'upgrade aaaa1111 → bbbb2222 (sqlite, 1 revision)',
        '',
        'bbbb2222  add user.token',
        '   there already  add column user.token varchar(255)',
        '   will run  create index ix_user_token on user (token)',
        '  CREATE INDEX "ix_user_token" ON "user" ("token");',
        '',
        'Nothing was changed.',
        '',
      ]
        .join('\n')
        .replace('\n  CREATE', '\n                  CREATE'),
    );
    expect(await cliJson(['upgrade', '--strict'], { cwd, code: 2 })).toMatchObject({
      error: { code: 'plan/strict' },
    });
    expect((await cliJson<{ finished: object[] }>(['upgrade'], { cwd })).finished).toMatchObject([
      { revision: 'bbbb2222', statements: 1, satisfied: 1 },
    ]);
  });

  test('what differs refuses the whole plan, with both sides', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade', 'aaaa'], { cwd });
    onDatabase(project, (db) => db.exec('ALTER TABLE "user" ADD COLUMN token INTEGER'));
    const refused = await cli(['upgrade'], { cwd });
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toMatch(
      /^ {2}column user\.token: expected varchar\(255\), found integer .*bbbb2222\)$/m,
    );
    expect(refused.err).toContain('code  plan/conflict\n');
    expect(await cliJson(['upgrade'], { cwd, code: 2 })).toMatchObject({
      error: {
        details: { conflicts: [{ object: 'column user.token', expected: 'varchar(255)', found: 'integer' }] },
      },
    });
    expect((await cliJson(['current'], { cwd }))['heads']).toEqual(['aaaa1111']);
  });

  test('drift refuses and is listed; it can be accepted', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade'], { cwd });
    onDatabase(project, (db) => db.exec('DROP INDEX ix_user_token'));
    const refused = await cli(['upgrade'], { cwd });
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/index ix_user_token of user is missing: .*\(revision bbbb2222\)/);
    expect((await cli(['upgrade', '--accept-drift'], { cwd })).code).toBe(0);
  });

  test('values that would be lost: refused, asked, agreed to', async () => {
    using project = cliProject(...userRevisions);
    project.writeFile('surefoot.config.json', '{ "url": "sqlite:./app.db", "keep": false }');
    const { folder: cwd } = project;
    await cli(['upgrade', 'bbbb'], { cwd });
    onDatabase(project, (db) => db.exec(`INSERT INTO "user" (name, phone) VALUES ('a', '1'), ('b', NULL)`));
    const refused = await cli(['upgrade'], { cwd });
    expect(refused).toEqual({
      code: 2,
      out: '',
      err:
        'error upgrade needs a confirmation, and there is nobody to ask: it would lose values of user.phone: 1 (revision cccc3333)\n' +
        'hint  Nothing was changed. Look at it with `surefoot upgrade --plan`, then say --yes, or --allow data-loss.\n' +
        'code  run/confirmation-needed\n',
    });
    const asked = await atTerminal(['upgrade'], { cwd, answers: ['n'] });
    expect(asked).toMatchObject({ code: 2, out: '' });
    expect(asked.asked).toEqual([
      'upgrade of 1 revision: cccc3333\n  lost values of user.phone: 1 (revision cccc3333)\nGo on? (y/N) ',
    ]);
    expect(asked.err).toContain('not confirmed, nothing was changed');
    expect(columnsOf(project, 'user')).toContain('phone');
    expect((await cli(['upgrade', '--allow', 'data-loss'], { cwd })).code).toBe(0);
    expect(columnsOf(project, 'user')).not.toContain('phone');
  });

  test('a downgrade asks; progress is for terminals', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    const up = await atTerminal(['upgrade'], { cwd });
    expect(up).toMatchObject({ code: 0, asked: [] });
    expect(up.err).toMatch(/✓ \[1\/2\] upgrade aaaa1111 create user .*\n[\s\S]*✓ \[2\/2\]/);
    expect(await cliJson(['downgrade'], { cwd, code: 2 })).toMatchObject({
      error: { code: 'run/confirmation-needed', details: { verb: 'downgrade' } },
    });
    expect(await atTerminal(['downgrade', '--quiet'], { cwd, answers: ['yes'] })).toMatchObject({
      code: 0,
      err: '',
    });
    expect((await cliJson(['current'], { cwd }))['heads']).toEqual(['aaaa1111']);
  });

  test('a statement that fails: where, why, what remains', async () => {
    using project = cliProject(
      { id: 'aaaa1111', up: `op.execute('CREATE TABLE a (x INTEGER)', { inverse: 'DROP TABLE a' });` },
      { id: 'bbbb2222', up: `op.execute('INSERT INTO nowhere VALUES (1)', { inverse: [] });` },
      { id: 'cccc3333', up: '' },
    );
    const { folder: cwd } = project;
    const failed = await cli(['upgrade'], { cwd });
    expect(failed.code).toBe(2);
    expect(failed.out).toContain('Stopped: 1 revision; the database stands at aaaa1111.');
    expect(failed.err).toMatch(/^error .*no such table: nowhere/);
    expect(failed.err).toContain('  in the upgrade of revision bbbb2222, operation 1\n');
    expect(failed.err).toContain('    INSERT INTO nowhere VALUES (1)\n');
    expect(failed.err).toContain('  not done: bbbb2222, cccc3333\n');
    const again = await cliJson(['upgrade'], { cwd, code: 2 });
    expect(again).toMatchObject({
      finished: [],
      failed: { revision: 'bbbb2222', direction: 'upgrade', statement: 0 },
      remaining: ['bbbb2222', 'cccc3333'],
    });
    expect((await cli(['log'], { cwd })).out).toMatch(/failed +bbbb2222 +upgrade .*nowhere/);
    expect((await cli(['status'], { cwd })).out).toMatch(/last run +.*: failed at bbbb2222/);
  });

  test('plans: printed, kept, run, refused when stale', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    const plan = await cliJson<Plan>(['upgrade', '--plan', 'aaaa'], { cwd });
    expect(plan.steps.map(({ revision }) => revision)).toEqual(['aaaa1111']);
    await cli(['upgrade', 'aaaa'], { cwd });
    await cli(['plan', '--out', 'plan.json', '-q'], { cwd });
    expect(JSON.parse(readFileSync(join(cwd, 'plan.json'), 'utf8'))).toMatchObject({
      format: 1,
      direction: 'upgrade',
    });
    expect((await cli(['downgrade', '--from-plan', 'plan.json'], { cwd })).err).toContain(
      'a plan for an upgrade',
    );
    expect((await cliJson(['upgrade', '--from-plan', 'plan.json'], { cwd }))['heads']).toEqual(['bbbb2222']);
    expect(await cliJson(['upgrade', '--from-plan', 'plan.json'], { cwd, code: 2 })).toMatchObject({
      error: { code: 'plan/stale' },
    });
    const back = await cliJson<Plan>(['plan', '-1'], { cwd });
    expect(back).toMatchObject({ direction: 'downgrade', heads: { after: ['aaaa1111'] } });
    const piped = await cli(['downgrade', '--from-plan', '-', '--yes'], { cwd, input: JSON.stringify(back) });
    expect(piped.code).toBe(0);
    const choosing = await cli(['downgrade', '--from-plan', '-', '--strict'], {
      cwd,
      input: JSON.stringify(back),
    });
    expect(choosing).toMatchObject({ code: 64, err: expect.stringContaining('made without this --strict') });
    project.writeFile('none.json', '{"format":1}');
    const none = await cli(['upgrade', '--from-plan', 'none.json'], { cwd });
    expect(none).toMatchObject({ code: 64 });
    expect((await cli(['plan', 'base'], { cwd })).out).toContain('downgrade aaaa1111 → base');
  });

  test('offline scripts', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    const script = await cli(['upgrade', '--sql', ':bbbb2222'], { cwd });
    expect(script).toMatchObject({ code: 0, err: '' });
    expect(script.out).toContain('ALTER TABLE "user" ADD COLUMN "token" VARCHAR(255);');
    const answer = await cliJson(['downgrade', '--sql', 'bbbb2222:aaaa1111'], { cwd });
    expect(answer).toMatchObject({ direction: 'downgrade', range: 'bbbb2222:aaaa1111' });
    expect(await cliJson(['downgrade', '--sql'], { cwd, code: 64 })).toMatchObject({
      error: { code: 'usage/invalid' },
    });
    expect(existsSync(join(cwd, 'app.db'))).toBe(false);
  });

  test('the first Ctrl-C stops before the next revision, and nothing is lost', async () => {
    using project = cliProject(
      {
        id: 'aaaa1111',
        up: `op.run(async () => { const end = performance.now() + 1500; const { setTimeout } = await import('node:timers/promises'); console.error('working'); while (performance.now() < end) await setTimeout(20); }, { description: 'slow', inverse: 'nothing' });`,
      },
      { id: 'bbbb2222', up: '' },
    );
    const { folder: cwd } = project;
    const stopped = await cli(['upgrade'], {
      cwd,
      onStart: (child) => child.stderr?.once('data', () => child.kill('SIGINT')),
    });
    expect(stopped.err).toContain('Stopping; once more ends at once');
    expect(stopped.err).toContain('code  run/cancelled');
    expect(stopped).toMatchObject({ code: 2 });
    expect((await cliJson(['status'], { cwd }))['lock']).toBeNull();
    expect((await cliJson(['upgrade'], { cwd }))['heads']).toEqual(['bbbb2222']);
  });
});

describe('the other verbs', () => {
  test('current and status', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    expect(await cliJson(['current'], { cwd })).toEqual({ heads: [], pending: ['aaaa1111', 'bbbb2222'] });
    expect((await cli(['current'], { cwd })).out).toBe(
      'The database stands at base: no revision is applied.\n2 revisions pending: aaaa1111, bbbb2222\n',
    );
    expect(masked((await cli(['status'], { cwd })).out, cwd)).toMatch(
      /^database {2}sqlite:<folder>\/app\.db \(SQLite [\d.]+\)\nstands at {1,2}base\npending {2}2 revisions: aaaa1111, bbbb2222\nlock {2}free\nlast run {2}none\n$/,
    );
    await cli(['upgrade'], { cwd });
    expect(await cliJson(['current'], { cwd })).toEqual({ heads: ['bbbb2222'], pending: [] });
    expect((await cli(['current', '-v'], { cwd })).out).toMatch(
      /^bbbb2222 \(current, head\)\n[\s\S]*Nothing is pending\.\n$/,
    );
    expect(await cliJson(['status'], { cwd })).toMatchObject({
      lastRun: { revisions: ['aaaa1111', 'bbbb2222'], failed: false },
    });
  });

  test('log: who did what, also in CI', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    expect((await cli(['log'], { cwd })).out).toBe('The journal is empty.\n');
    const env = { GITHUB_RUN_ID: '77', GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.org' };
    await cli(['upgrade'], { cwd, env });
    const { entries } = await cliJson<{ entries: { event: string; data: { who?: object } }[] }>(['log'], {
      cwd,
    });
    const moved = entries.filter(({ event }) => event === 'moved');
    expect(moved).toHaveLength(2);
    expect(moved[0]?.data.who).toMatchObject({ gitAuthor: 'Ada <ada@example.org>', ciRun: 'GitHub run 77' });
    const one = await cli(['log', '--revision', 'bbbb', '-n', '1'], { cwd });
    expect(masked(one.out)).toMatch(
      /^ {2}when {2}who {2}event {2}revision {2}direction {2}time {2}message\n {2}<time> {2}\S+@\S+ \(GitHub run 77\) {2}moved {2}bbbb2222 {2}upgrade {2}<ms> {2}add user\.token\n$/,
    );
    expect((await cliJson<{ entries: object[] }>(['log', '--limit', '1'], { cwd })).entries).toHaveLength(1);
    expect((await cli(['log', '--revision', 'gone9999'], { cwd })).out).toBe('The journal is empty.\n');
  });

  test('stamp', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    expect(await cliJson(['stamp', 'head'], { cwd, code: 2 })).toMatchObject({
      error: { code: 'plan/drift' },
    });
    expect((await cli(['stamp', 'head', '--force'], { cwd })).out).toBe(
      'Recorded: the database stands at bbbb2222; nothing is pending.\n',
    );
    expect(await cliJson(['stamp', '--purge', 'base'], { cwd })).toEqual({
      heads: [],
      pending: ['aaaa1111', 'bbbb2222'],
    });
    onDatabase(project, (db) => db.exec(`INSERT INTO surefoot_version VALUES ('unknown99')`));
    expect(await cliJson(['upgrade'], { cwd, code: 2 })).toMatchObject({
      error: { code: 'version/unknown-revision' },
    });
    expect((await cliJson(['status'], { cwd }))['heads']).toEqual(['unknown99']);
    expect((await cli(['history'], { cwd })).err).toMatch(/^What is applied is not known: .*unknown99/);
    expect((await cliJson(['stamp', '--purge', 'base'], { cwd }))['heads']).toEqual([]);
  });

  test('redo and reset', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade'], { cwd });
    expect(await cliJson(['redo'], { cwd, code: 2 })).toMatchObject({
      error: { code: 'run/confirmation-needed' },
    });
    const redone = await cliJson<{ finished: { revision: string; direction: string }[] }>(
      ['redo', '-2', '-y'],
      { cwd },
    );
    expect(redone.finished.map(({ revision, direction }) => `${direction} ${revision}`)).toEqual([
      'downgrade bbbb2222',
      'downgrade aaaa1111',
      'upgrade aaaa1111',
      'upgrade bbbb2222',
    ]);
    onDatabase(project, (db) => db.exec(`CREATE TABLE "by hand" (x)`));
    for (const args of [['reset'], ['reset', '--yes'], ['reset', '--allow', 'drop-all']]) {
      expect(await cliJson(args, { cwd, code: 2 })).toMatchObject({
        error: { code: 'run/confirmation-needed' },
      });
    }
    expect((await cliJson(['reset', '--yes', '--allow', 'drop-all'], { cwd }))['heads']).toEqual([
      'bbbb2222',
    ]);
    expect(columnsOf(project, 'by hand')).toEqual([]);
  });

  test('redo on several branches goes back to where it stood', async () => {
    using project = cliProject(...branchedRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade'], { cwd });
    const { heads } = await cliJson<{ heads: string[] }>(['redo', 'base', '-y'], { cwd });
    expect(heads.toSorted()).toEqual(['left1111', 'right222']);
  });

  test('dump', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade'], { cwd });
    const { sql } = await cliJson<{ sql: string }>(['dump'], { cwd });
    expect((await cli(['dump'], { cwd })).out.trimEnd()).toBe(sql.trimEnd());
    expect(sql).toContain('CREATE INDEX "ix_user_token"');
    expect(sql).not.toContain('surefoot_');
    await cli(['dump', '--out', 'schema.sql'], { cwd });
    expect(readFileSync(join(cwd, 'schema.sql'), 'utf8')).toBe(sql);
    expect(await cliJson(['dump', '--out', 'no/such/x.sql'], { cwd, code: 2 })).toMatchObject({
      error: { code: 'file/failed' },
    });
  });

  test('wait: until it is there, or the time is over', async () => {
    using project = cliProject();
    const { folder: cwd } = project;
    expect(await cliJson(['wait'], { cwd })).toMatchObject({ ready: true });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await new Promise((resolve) => server.close(resolve));
    const gone = await cli(['wait', '--timeout', '1s', '--url', `mysql://u@127.0.0.1:${port}/x`], { cwd });
    expect(gone).toMatchObject({ code: 2, out: '' });
    expect(gone.err).toMatch(/^Not yet: [\s\S]*code {2}database\/unreachable\n$/);
  });

  test('a database that nobody named, one that is no database, a URL that is none', async () => {
    using project = testProject(createUser ?? { id: 'x', up: '' });
    const { folder: cwd } = project;
    expect(await cliJson(['status'], { cwd })).toMatchObject({ database: `sqlite:${join(cwd, 'dev.db')}` });
    project.writeFile('surefoot.config.json', '{}');
    expect(await cliJson(['upgrade'], { cwd, code: 2 })).toMatchObject({
      error: { code: 'config/no-database' },
    });
    writeFileSync(join(cwd, 'text.db'), 'this is a letter, not a database. '.repeat(100));
    expect(await cliJson(['upgrade', '--url', 'sqlite:text.db'], { cwd, code: 2 })).toMatchObject({
      error: { code: 'database/not-a-database' },
    });
    expect(await cliJson(['current', '--url', 'nonsense'], { cwd, code: 2 })).toMatchObject({
      error: { code: 'url/invalid' },
    });
  });

  test('environments of the config', async () => {
    using project = testProject(...[createUser, addToken, dropPhone].flatMap((one) => one ?? []));
    const { folder: cwd } = project;
    project.writeFile(
      'surefoot.config.json',
      '{ "url": "sqlite:./a.db", "environments": { "production": { "url": "sqlite:./b.db" } } }',
    );
    await cli(['--env', 'production', 'upgrade'], { cwd });
    expect(existsSync(join(cwd, 'a.db'))).toBe(false);
    expect((await cliJson(['current', '--env', 'production'], { cwd }))['pending']).toEqual([]);
    const wrong = await cli(['current', '--env', 'prodution'], { cwd });
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.err).toContain('hint  Did you mean "production"? Known: production.');
  });
});
