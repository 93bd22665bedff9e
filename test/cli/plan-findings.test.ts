import { describe, expect, test } from 'vitest';
import { atTerminal, cli, cliJson } from '../support/cli.ts';
import { cliProject, onDatabase, userRevisions } from './stories.ts';

interface PlanJson {
  readonly findings?: readonly {
    readonly rule: string;
    readonly revision: string;
    readonly position: number;
    readonly line: number;
  }[];
}

/** Two revisions applied, the one that drops a column pending. */
async function halfway() {
  const project = cliProject(...userRevisions);
  await cli(['upgrade', 'bbbb2222'], { cwd: project.folder });
  return project;
}

describe('what lint finds, in plan and upgrade', () => {
  test('the plan names it under the operation, by its rule; --no-lint does not', async () => {
    using project = await halfway();
    const { folder: cwd } = project;
    const said = await cli(['plan'], { cwd });
    expect(said.out).toMatch(
      /drop column user\.phone\n(?:.*\n)*? +! error drop-column: column user\.phone goes/,
    );
    const { findings } = await cliJson<PlanJson>(['plan'], { cwd });
    expect(findings).toMatchObject([{ rule: 'drop-column', revision: 'cccc3333', position: 0, line: 9 }]);
    expect((await cli(['plan', '--no-lint'], { cwd })).out).not.toContain('drop-column');
    expect(await cliJson<PlanJson>(['plan', '--no-lint'], { cwd })).not.toHaveProperty('findings');
  });

  test('what the same plan creates is nobody’s yet; a downgrade has no findings', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    expect((await cliJson<PlanJson>(['plan'], { cwd })).findings).toEqual([]);
    await cli(['upgrade', 'bbbb2222'], { cwd });
    expect(await cliJson<PlanJson>(['plan', '-1'], { cwd })).not.toHaveProperty('findings');
  });

  test('comments and the config silence it', async () => {
    using project = cliProject(...userRevisions.slice(0, 2), {
      id: 'cccc3333',
      up: `// surefoot-ignore drop-column: nobody reads it\n    op.dropColumn('user', 'phone');`,
    });
    const { folder: cwd } = project;
    await cli(['upgrade', 'bbbb2222'], { cwd });
    expect((await cliJson<PlanJson>(['plan'], { cwd })).findings).toEqual([]);
  });

  test('a plan with findings is run as it was written', async () => {
    using project = await halfway();
    const { folder: cwd } = project;
    await cli(['plan', '--out', 'plan.json'], { cwd });
    expect(await cli(['upgrade', '--from-plan', 'plan.json'], { cwd })).toMatchObject({ code: 0 });
  });

  test('upgrade shows it to somebody at a terminal, before it asks', async () => {
    using project = await halfway();
    const { folder: cwd } = project;
    onDatabase(project, (db) => db.exec(`INSERT INTO "user" (id, phone) VALUES (1, '1')`));
    const said = await atTerminal(['upgrade', '--no-keep'], { cwd, answers: ['no'] });
    expect(said.err).toContain('! error drop-column: column user.phone goes');
    expect(said.asked).toHaveLength(1);
    const silent = await atTerminal(['upgrade', '--no-keep', '--no-lint'], { cwd, answers: ['no'] });
    expect(silent.err).not.toContain('drop-column');
  });
});

describe('data loss', () => {
  const lossOf = async (rows: string) => {
    const project = await halfway();
    onDatabase(project, (db) => db.exec(rows));
    return project;
  };

  test('empty tables and columns of nulls lose nothing: no agreement is needed', async () => {
    using empty = await lossOf('SELECT 1');
    expect(await cli(['upgrade'], { cwd: empty.folder })).toMatchObject({ code: 0 });
    using nulls = await lossOf(`INSERT INTO "user" (id, phone) VALUES (1, NULL), (2, NULL)`);
    expect(await cli(['upgrade'], { cwd: nulls.folder })).toMatchObject({ code: 0 });
  });

  test('what is kept needs no agreement', async () => {
    using project = await lossOf(`INSERT INTO "user" (id, phone) VALUES (1, NULL), (2, '2'), (3, '3')`);
    const { folder: cwd } = project;
    const { out } = await cli(['plan'], { cwd });
    expect(out).toContain('   kept: values of user.phone: 2, in surefoot_kept_1\n');
    expect(out).not.toContain('data-loss');
    expect(await cli(['upgrade'], { cwd })).toMatchObject({ code: 0 });
    expect((await cli(['downgrade', '--yes'], { cwd })).out).toContain('Put back: user.phone, 2 rows\n');
  });

  test('values are counted, and need --allow data-loss where nobody can be asked', async () => {
    using project = await lossOf(`INSERT INTO "user" (id, phone) VALUES (1, NULL), (2, '2'), (3, '3')`);
    const { folder: cwd } = project;
    const refused = await cli(['upgrade', '--no-keep'], { cwd });
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/user\.phone\D*2 /);
    expect(await cli(['upgrade', '--no-keep', '--allow', 'data-loss'], { cwd })).toMatchObject({ code: 0 });
  });

  test('what raw SQL drops is counted, too', async () => {
    using project = cliProject(...userRevisions.slice(0, 2), {
      id: 'cccc3333',
      up: `op.execute('DROP TABLE "user"')`,
      down: '',
    });
    const { folder: cwd } = project;
    await cli(['upgrade', 'bbbb2222'], { cwd });
    onDatabase(project, (db) => db.exec(`INSERT INTO "user" (id) VALUES (1), (2)`));
    const refused = await cli(['upgrade'], { cwd });
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/user.*: 2 .*not kept, since only columns and tables that an operation/);
    expect(await cli(['upgrade', '--allow', 'data-loss'], { cwd })).toMatchObject({ code: 0 });
  });

  test('a downgrade says first how much it cannot bring back; --yes is the allowance', async () => {
    using project = await lossOf(`INSERT INTO "user" (id, token) VALUES (1, 'a'), (2, NULL)`);
    const { folder: cwd } = project;
    expect((await cli(['plan', '-1', '--no-keep'], { cwd })).out).toMatch(/! lost: .*user\.token.*: 1/);
    const refused = await cli(['downgrade', '--no-keep'], { cwd });
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/user\.token.*: 1/);
    expect(await cli(['downgrade', '--no-keep', '--yes'], { cwd })).toMatchObject({ code: 0 });
  });
});
