// Findings about the history, the runs and what they leave: each code provoked on a real server.

import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Finding, FindingCode } from '../../src/check/finding.ts';
import { holder } from '../lock/runners.ts';
import { selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import type { RevisionText } from '../support/revisions.ts';
import { revisionText } from '../support/revisions.ts';
import { codes } from './codes.ts';
import { codesOf, ofCode, openWorld } from './world.ts';

const users: RevisionText = {
  id: 'aaaa',
  message: 'users',
  up: `op.createTable('user', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(40) }));`,
};
const token: RevisionText = { id: 'bbbb', up: `op.addColumn('user', 'token', t.varchar(255));` };
const file = (number: number, id: string) => `migrations/2024010100000${number}_${id}_x.ts`;

/** A finding about no object. */
const said = (code: FindingCode, given: Partial<Finding>) => ({
  code,
  severity: 'error',
  object: null,
  revision: null,
  facts: {},
  message: expect.any(String),
  ...given,
});

test('history/pending', async () => {
  await using world = await openWorld('sqlite', users, { ...token, message: 'API tokens' });
  await world.surefoot().upgrade('aaaa');
  const report = await world.surefoot().check();
  expect(report).toMatchObject({ heads: ['aaaa'], pending: ['bbbb'], identified: null });
  expect(report.findings).toEqual([
    said('history/pending', {
      revision: 'bbbb',
      message: 'revision bbbb (API tokens) has not run here',
      cure: 'surefoot upgrade',
    }),
  ]);
});

test('history/contract-waiting: the second half of a phased revision', async () => {
  const phased = {
    ...token,
    more: `contract: { upgrade(op) { op.dropTable('user'); }, downgrade: 'auto' },`,
  };
  await using world = await openWorld('sqlite', users, phased);
  await world.surefoot().upgrade('heads', { phase: 'expand' });
  const report = await world.surefoot().check();
  expect(report.findings).toEqual([
    said('history/contract-waiting', {
      revision: 'bbbbc',
      severity: 'information',
      message: 'revision bbbbc (contract: revision bbbb) waits for the end of the release before',
      cure: 'surefoot upgrade --phase contract',
    }),
  ]);
});

test('a database that knows no history yet: everything is pending, nothing else', async () => {
  await using world = await openWorld('sqlite', users, token);
  const report = await world.surefoot().check();
  expect(codesOf(report)).toEqual(['history/pending', 'history/pending']);
  expect(await world.bench.catalogue()).toEqual([]);
});

test('history/multiple-heads: without labels', async () => {
  const right = { ...token, id: 'cccc', revises: 'aaaa', up: `op.addColumn('user', 'right', t.text());` };
  await using world = await openWorld('sqlite', users, token, right);
  await world.surefoot().upgrade();
  const report = await world.surefoot().check();
  expect(report.findings).toEqual([
    said('history/multiple-heads', {
      message: 'history has several heads: bbbb, cccc',
      facts: { heads: ['bbbb', 'cccc'] },
      cure: 'surefoot merge heads -m "merge"',
    }),
  ]);
  world.project.writeFile(
    file(2, 'bbbb'),
    revisionText({ ...token, revises: 'aaaa', more: `branchLabels: 'left',` }),
  );
  world.project.writeFile(file(3, 'cccc'), revisionText({ ...right, more: `branchLabels: 'right',` }));
  expect(codesOf(await world.surefoot().check())).toEqual([]);
});

test('history/missing-revision: it ran here, and its file is gone', async () => {
  await using world = await openWorld('sqlite', users, { ...token, message: 'API tokens' });
  await world.surefoot().upgrade();
  world.project.remove(file(2, 'bbbb'));
  const report = await world.surefoot().check();
  expect(report.heads).toEqual(['bbbb']);
  expect(ofCode(report, 'history/missing-revision')).toEqual([
    said('history/missing-revision', {
      revision: 'bbbb',
      message: 'revision bbbb (API tokens) ran here, and its file is gone',
      facts: { ranAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/), message: 'API tokens' },
      cure: 'bring its file back (another branch, a newer release)',
    }),
  ]);
});

test('history/unknown-version: nobody knows it', async () => {
  await using world = await openWorld('sqlite', users);
  await world.surefoot().upgrade();
  await world.bench.run(`UPDATE surefoot_version SET version_num = 'o''dd'`);
  const report = await world.surefoot().check();
  expect(ofCode(report, 'history/unknown-version')).toEqual([
    said('history/unknown-version', {
      revision: "o'dd",
      cure: expect.stringContaining('surefoot stamp --purge'),
    }),
  ]);
  await refusal(world.surefoot().repair(), 'version/unknown-revision');
});

describe('history/edited-revision', () => {
  const edited = { ...token, down: `op.dropColumn('user', 'token');` };
  const codeStep = (value: number): RevisionText => ({
    id: 'bbbb',
    up: `op.run(async ({ connection }) => { await connection.query('SELECT ${value}'); }, { inverse: 'nothing' });`,
  });

  test('says what changed, and is accepted by name', async () => {
    await using world = await openWorld('sqlite', users, token);
    await world.surefoot().upgrade();
    // In one process a module is loaded once: another name makes it another module.
    world.project.remove(file(2, 'bbbb'));
    world.project.writeFile(file(3, 'bbbb'), revisionText({ ...edited, revises: 'aaaa' }));
    const report = await world.surefoot().check();
    expect(report.findings).toEqual([
      said('history/edited-revision', {
        revision: 'bbbb',
        message: 'revision bbbb was edited after it ran here',
        facts: {
          ranAt: expect.stringMatching(/^\d{4}-/),
          removed: [`  downgrade: 'auto',`],
          added: ['  downgrade: (op) => {', `op.dropColumn('user', 'token');`, '},'],
        },
        cure: expect.stringContaining('surefoot check --accept-edit bbbb'),
      }),
    ]);
    expect(codesOf(await world.surefoot().check({ acceptEdit: ['bbbb'] }))).toEqual([]);
    expect(codesOf(await world.surefoot().check())).toEqual([]);
    const [accepted] = (await world.surefoot().log()).slice(-1);
    expect(accepted).toMatchObject({ event: 'adopted', revision: 'bbbb', data: { heads: ['bbbb'] } });
    expect((await world.surefoot().upgrade()).finished).toEqual([]);
    expect((await world.surefoot().downgrade()).failed).toBeNull();
  });

  test('an edit that does the same is none', async () => {
    await using world = await openWorld('sqlite', users, token);
    await world.surefoot().upgrade();
    const text = `// a remark\n${revisionText({ ...token, revises: 'aaaa', message: 'said better' })}`;
    world.project.writeFile(file(2, 'bbbb'), text);
    expect(codesOf(await world.surefoot().check())).toEqual([]);
  });

  test('where it runs code, its text counts', async () => {
    await using world = await openWorld('sqlite', users, codeStep(1));
    await world.surefoot().upgrade();
    expect(codesOf(await world.surefoot().check())).toEqual([]);
    world.project.writeFile(file(2, 'bbbb'), revisionText({ ...codeStep(2), revises: 'aaaa' }));
    const report = await world.surefoot().check();
    expect(codesOf(report)).toEqual(['history/edited-revision']);
    expect(report.findings[0]?.facts['added']).toEqual([expect.stringContaining('SELECT 2')]);
  });

  test('only an applied revision can be accepted', async () => {
    await using world = await openWorld('sqlite', users, token);
    await world.surefoot().upgrade('aaaa');
    await refusal(world.surefoot().check({ acceptEdit: ['bbbb'] }), 'revision/not-found');
    await refusal(world.surefoot().check({ acceptEdit: ['nope'] }), 'revision/not-found');
  });
});

test('history/inserted-revision: below the recorded head, and it never ran', async () => {
  await using world = await openWorld('sqlite', users, { ...token, id: 'cccc' });
  await world.surefoot().upgrade();
  const late = { id: 'bbbb', revises: 'aaaa', up: `op.addColumn('user', 'mid', t.text());` };
  world.project.writeFile('migrations/20240101000003_bbbb_x.ts', revisionText(late));
  world.project.writeFile(file(2, 'cccc'), revisionText({ ...token, id: 'cccc', revises: 'bbbb' }));
  const report = await world.surefoot().check();
  expect(report).toMatchObject({ heads: ['cccc'], pending: ['bbbb'] });
  expect(report.findings).toEqual([
    said('history/inserted-revision', {
      revision: 'bbbb',
      message: 'revision bbbb was put into history below cccc, and never ran here',
      cure: 'surefoot upgrade',
    }),
  ]);
});

test('history/duplicate-change: one feature, one revision; never for a safety revision', async () => {
  const again = { id: 'cccc', up: token.up };
  await using world = await openWorld('sqlite', users, token, again);
  await world.surefoot().upgrade();
  const report = await world.surefoot().check();
  expect(report.findings).toEqual([
    said('history/duplicate-change', {
      severity: 'warning',
      revision: 'cccc',
      message: 'revision cccc makes column user.token, which bbbb made already',
      facts: { earlier: 'bbbb', object: 'column user.token' },
      cure: expect.stringContaining('safety: true'),
    }),
  ]);
  world.project.writeFile(
    file(3, 'cccc'),
    revisionText({ ...again, revises: 'bbbb', more: 'safety: true,' }),
  );
  expect(codesOf(await world.surefoot().check())).toEqual([]);
});

test('what was dropped in between is no duplicate', async () => {
  const dropped = { id: 'cccc', up: `op.dropColumn('user', 'token');` };
  await using world = await openWorld('sqlite', users, token, dropped, { id: 'dddd', up: token.up });
  await world.surefoot().upgrade();
  expect(codesOf(await world.surefoot().check())).toEqual([]);
});

test('history/irreversible', async () => {
  await using world = await openWorld('sqlite', users);
  const text = revisionText({ id: 'bbbb', revises: 'aaaa', up: '' }).replace(
    `downgrade: 'auto'`,
    `downgrade: irreversible('the data is gone')`,
  );
  world.project.writeFile(file(2, 'bbbb'), text);
  await world.surefoot().upgrade();
  const report = await world.surefoot().check();
  expect(report.findings).toEqual([
    said('history/irreversible', {
      severity: 'warning',
      revision: 'bbbb',
      message: 'revision bbbb cannot be downgraded: the data is gone',
      facts: { reason: 'the data is gone' },
      cure: expect.stringContaining('surefoot upgrade --backup'),
    }),
  ]);
});

test('leftover/temporary-table', async () => {
  await using world = await openWorld('sqlite', users);
  await world.surefoot().upgrade();
  await world.bench.run('CREATE TABLE _alembic_tmp_user (id INTEGER)');
  const report = await world.surefoot().check();
  const object = { kind: 'table', namespace: null, table: null, name: '_alembic_tmp_user' } as const;
  expect(codesOf(report)).toEqual(['drift/extra-table', 'leftover/temporary-table']);
  expect(ofCode(report, 'leftover/temporary-table')).toEqual([
    said('leftover/temporary-table', {
      severity: 'warning',
      object,
      cure: expect.stringContaining('drop it'),
    }),
  ]);
});

test('schema/not-understood: named, and left alone', async () => {
  await using world = await openWorld('sqlite', users);
  await world.bench.run('CREATE VIRTUAL TABLE notes USING fts5(body)');
  await world.surefoot().upgrade();
  const report = await world.surefoot().check();
  expect(new Set(codesOf(report))).toEqual(new Set(['schema/not-understood']));
  expect(report.findings).toContainEqual(
    said('schema/not-understood', {
      severity: 'information',
      message: expect.stringContaining('notes is left alone'),
      facts: { kind: expect.any(String), namespace: null, name: 'notes', reason: expect.any(String) },
      cure: expect.stringContaining('nothing'),
    }),
  );
  await world.surefoot().repair({ allow: ['drop-table', 'drop-column'] });
  await world.bench.run(`INSERT INTO notes VALUES ('still there')`);
});

describe.runIf(selectedEngines().includes('mysql9'))('on MySQL', () => {
  test('run/interrupted: begun, not ended, and nobody is at work', async () => {
    const half = {
      id: 'bbbb',
      up: `${token.up} op.execute('UPDATE nowhere SET a = 1', { effect: 'none', inverse: 'SELECT 1' });`,
    };
    await using world = await openWorld('mysql9', users, half);
    expect((await world.surefoot().upgrade()).failed).toMatchObject({ revision: 'bbbb' });
    const report = await world.surefoot().check();
    expect(ofCode(report, 'run/interrupted')).toEqual([
      said('run/interrupted', {
        revision: 'bbbb',
        message: 'a run ended in the middle of revision bbbb',
        facts: { finished: [0], unclear: [] },
        cure: 'surefoot upgrade',
      }),
    ]);
    expect(ofCode(report, 'drift/extra-column')).toMatchObject([{ severity: 'warning', revision: 'bbbb' }]);
  });

  test('a missing column: the query of the model, and the message that this server gives it', async () => {
    await using world = await openWorld('mysql9', users, token);
    const models = world.model(
      `tables: { user: table((t) => ({ id: t.integer().primaryKey(), name: t.varchar(40), token: t.varchar(255) })) }`,
    );
    await world.surefoot().upgrade();
    await world.bench.run('ALTER TABLE user DROP COLUMN token');
    const report = await world.surefoot({ models }).check();
    expect(report.findings).toEqual([
      said('drift/missing-column', {
        revision: 'bbbb',
        object: { kind: 'column', namespace: null, table: 'user', name: 'token' },
        message: 'column user.token is missing',
        facts: {
          expected: 'varchar(255)',
          found: null,
          query: 'SELECT `user`.`id`, `user`.`name`, `user`.`token` FROM `user`',
          error: expect.stringMatching(/Unknown column 'user\.token' in 'field list'/),
        },
        cure: 'surefoot repair',
      }),
    ]);
  });
});

describe.runIf(selectedEngines().includes('postgres18'))('on PostgreSQL', () => {
  test('leftover/invalid-index: its build failed', async () => {
    await using world = await openWorld('postgres18', users, {
      id: 'bbbb',
      up: `op.createIndex('user', ['name'], { name: 'ix_name', unique: true });`,
    });
    await world.surefoot().upgrade();
    await world.bench.run('DROP INDEX ix_name', `INSERT INTO "user" VALUES (1, 'a'), (2, 'a')`);
    await expect(
      world.bench.run('CREATE UNIQUE INDEX CONCURRENTLY ix_name ON "user" (name)'),
    ).rejects.toThrow('could not create unique index');
    const report = await world.surefoot().check();
    const object = { kind: 'index', namespace: null, table: 'user', name: 'ix_name' } as const;
    expect(codesOf(report)).toEqual(['drift/changed-index', 'leftover/invalid-index']);
    expect(ofCode(report, 'leftover/invalid-index')).toEqual([
      said('leftover/invalid-index', {
        severity: 'warning',
        object,
        message: 'index ix_name on user is invalid: its build failed',
        facts: { unique: true },
        cure: 'surefoot repair',
      }),
    ]);
    const error = await refusal(world.surefoot().repair(), 'plan/rows');
    expect(JSON.stringify(error.details)).toMatch(/1.*2/);
    await world.bench.run(`UPDATE "user" SET name = 'b' WHERE id = 2`);
    expect(codesOf((await world.surefoot().repair()).report)).toEqual([]);
  });

  test('leftover/scratch-database: of a run that was killed long ago', async () => {
    await using world = await openWorld('postgres18', users);
    const url = new URL(world.bench.target.url ?? '');
    const role = `killed_${url.pathname.slice(1)}`;
    const [old, young] = [1_700_000_000, Math.floor(Date.now() / 1000)].map(
      (made) => `surefoot_scratch_${made}_${randomBytes(8).toString('hex')}`,
    );
    await world.bench.run(`CREATE ROLE ${role} LOGIN CREATEDB PASSWORD 'killed'`);
    await world.bench.run(`GRANT ALL ON SCHEMA public TO ${role}`);
    // Databases cannot be made inside of a transaction, which several statements at once are.
    for (const name of [old, young]) await world.bench.run(`CREATE DATABASE ${name} OWNER ${role}`);
    url.username = role;
    url.password = 'killed';
    try {
      const surefoot = world.surefoot({ url: url.href });
      await surefoot.upgrade();
      expect((await surefoot.check()).findings).toEqual([
        said('leftover/scratch-database', {
          severity: 'warning',
          message: `database ${old} was left by a run of 2023-11-14T22:13:20.000Z`,
          facts: { database: old, madeAt: '2023-11-14T22:13:20.000Z' },
          cure: expect.stringMatching(`^DROP DATABASE .*${old}`),
        }),
      ]);
      await world.bench.run(`${(await surefoot.check()).findings[0]?.cure}`);
      expect(codesOf(await surefoot.check())).toEqual([]);
    } finally {
      for (const name of [old, young]) await world.bench.run(`DROP DATABASE IF EXISTS ${name}`);
      await world.bench.run(`DROP OWNED BY ${role}`);
      await world.bench.run(`DROP ROLE ${role}`);
    }
  });

  test('lock/stale: its holder was killed', async () => {
    await using world = await openWorld('postgres18', users);
    await world.surefoot().upgrade();
    const runner = await holder({ url: world.bench.target.url ?? '', owner: 'ann@build-7' });
    expect(codesOf(await world.surefoot().check())).toEqual([]);
    runner.signal('SIGKILL');
    await runner.ended;
    // As if a quarter of a minute had gone by.
    await world.bench.run('UPDATE surefoot_lock SET heartbeat_at = heartbeat_at - 20000');
    const report = await world.surefoot().check();
    expect(ofCode(report, 'lock/stale')).toEqual([
      said('lock/stale', {
        severity: 'warning',
        message: expect.stringMatching(
          /^the lock is held by ann@build-7 since \d{4}-.*, who gives no sign of life$/,
        ),
        facts: expect.objectContaining({ owner: 'ann@build-7', state: 'dead' }),
        cure: expect.stringContaining('surefoot unlock'),
      }),
    ]);
  });
});

test('every code that is about no object of the schema has its test here or beside it', () => {
  const single = codes.filter((code) => !/^(drift|model)\/(missing|extra|changed)-/.test(code));
  expect(single.sort()).toEqual([
    'drift/unproven',
    'history/contract-waiting',
    'history/duplicate-change',
    'history/edited-revision',
    'history/inserted-revision',
    'history/irreversible',
    'history/missing-revision',
    'history/multiple-heads',
    'history/pending',
    'history/unknown-version',
    'leftover/invalid-index',
    'leftover/scratch-database',
    'leftover/temporary-table',
    'lock/stale',
    'run/interrupted',
    'schema/not-understood',
  ]);
});
