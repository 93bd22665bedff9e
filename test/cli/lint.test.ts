import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, cliJson, masked } from '../support/cli.ts';
import { cliProject, onDatabase, userRevisions } from './stories.ts';

const fileOf = 'cccc3333';

describe('lint', () => {
  test('each revision for itself: hazards, with the line and the cure; exit 1', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    const said = await cli(['lint'], { cwd });
    expect(said).toMatchObject({ code: 1, err: '' });
    expect(masked(said.out, cwd)).toMatch(/cccc3333\S*:\d+ error drop-column\n {2}drop column user\.phone: /);
    expect(said.out).toContain('3 revisions looked at for sqlite');
    expect(said.out).toMatch(/: 1 error\.\n$/);
  });

  test('a range is one plan: what it creates is nobody’s yet', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    expect(await cli(['lint', 'base:heads'], { cwd })).toMatchObject({ code: 0, err: '' });
  });

  test('as JSON, SARIF and annotations', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    const report = await cliJson<{ findings: readonly object[] }>(['lint'], { cwd, code: 1 });
    expect(report.findings).toMatchObject([{ rule: 'drop-column', severity: 'error', revision: fileOf }]);
    const sarif = await cliJson<{ runs: readonly { results: readonly object[] }[] }>(
      ['lint', '--format', 'sarif'],
      { cwd, code: 1 },
    );
    expect(sarif.runs[0]?.results).toMatchObject([{ ruleId: 'drop-column', level: 'error' }]);
    const github = await cli(['lint', '--format', 'github'], { cwd });
    expect(github.out).toMatch(
      /^::error file=migrations\/\S+cccc3333\S*,line=\d+,title=surefoot drop-column::/,
    );
  });

  test('comments silence a rule; what silences nothing is said', async () => {
    using project = cliProject(...userRevisions.slice(0, 2), {
      id: fileOf,
      message: 'drop user.phone',
      up: `
    // surefoot-ignore drop-column: nobody reads it
    op.dropColumn('user', 'phone');
    // surefoot-ignore drop-table: by mistake
    // surefoot-ignore drop-colum: typed wrong
    op.setTableComment('user', 'people');`,
    });
    const { folder: cwd } = project;
    const said = await cli(['lint'], { cwd });
    expect(said).toMatchObject({ code: 1, err: '' });
    expect(said.out).not.toMatch(/error drop-column/);
    expect(said.out).toContain('warning unused-ignore');
    expect(said.out).toContain('there is no rule drop-colum');
    expect(said.out).toContain('Did you mean drop-column?');
  });

  test('names the lines of the application that still say what goes', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    mkdirSync(join(cwd, 'src'));
    mkdirSync(join(cwd, 'node_modules/x'), { recursive: true });
    project.writeFile('src/user.ts', 'export const user = {\n  phone: null,\n  phones: [],\n};\n');
    project.writeFile('node_modules/x/index.ts', 'phone');
    const lint = { sources: ['**/*.ts'] };
    project.writeFile('surefoot.config.json', JSON.stringify({ url: 'sqlite:./app.db', lint }));
    const report = await cliJson<{ findings: readonly object[] }>(['lint'], { cwd, code: 1 });
    expect(report.findings).toMatchObject([
      { rule: 'drop-column', usedIn: [{ file: join(cwd, 'src/user.ts'), line: 2 }] },
    ]);
    const said = await cli(['lint'], { cwd });
    expect(said.out).toContain('\n  still named in src/user.ts:2\n');
  });

  test('the config turns rules off; an unknown one is refused', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    const config = (rules: object) =>
      project.writeFile('surefoot.config.json', JSON.stringify({ url: 'sqlite:./app.db', lint: { rules } }));
    config({ 'drop-column': 'off' });
    expect(await cli(['lint'], { cwd })).toMatchObject({ code: 0, err: '' });
    config({ 'drop-colum': 'off' });
    const said = await cli(['lint'], { cwd });
    expect(said.code).toBe(2);
    expect(said.err).toContain('drop-column');
  });

  test('lists its rules', async () => {
    using project = cliProject();
    const { folder: cwd } = project;
    const rules = await cliJson<readonly { id: string }[]>(['lint', '--rules'], { cwd });
    expect(rules.map(({ id }) => id)).toContain('drop-column');
  });

  test('sizes come from a file beside the revisions, which stats writes', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade'], { cwd });
    onDatabase(project, (db) => db.exec(`INSERT INTO "user" (id) VALUES (1), (2); ANALYZE`));
    const stats = await cliJson(['stats'], { cwd });
    expect(stats).toMatchObject({ format: 1, tables: [{ name: 'user' }] });
    const said = await cli(['stats', '--out', 'migrations/stats.json'], { cwd });
    expect(said).toMatchObject({ code: 0, err: '' });
    const written: unknown = JSON.parse(readFileSync(join(cwd, 'migrations/stats.json'), 'utf8'));
    expect(written).toMatchObject({ format: 1, tables: [{ name: 'user' }] });
    expect((await cli(['lint'], { cwd })).code).toBe(1);
    project.writeFile('broken.json', '{');
    project.writeFile('odd.json', '{"format":1,"product":"SQLite 3.53.4","tables":"none"}');
    project.writeFile('halves.json', '{"format":1,"product":"SQLite 3.53.4","tables":[{"name":"user"}]}');
    for (const file of ['broken.json', 'odd.json', 'halves.json', 'nowhere.json']) {
      const refused = await cli(['lint', '--stats', file], { cwd });
      expect(refused.code).toBe(2);
      expect(refused.err).toContain('holds no statistics');
    }
  });

  test('statistics tell which server it is, where nobody names a database', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    const statistics = { format: 1, takenAt: '2024-01-01T00:00:00Z', product: 'PostgreSQL 14.5', tables: [] };
    project.writeFile('migrations/stats.json', JSON.stringify(statistics));
    const server = async (url: string) =>
      (await cliJson<{ server: string }>(['lint'], { cwd, env: { DATABASE_URL: url }, code: 1 })).server;
    project.writeFile('surefoot.config.json', '{}');
    expect(await server('')).toBe('postgres 14.5.0');
    expect(await server('sqlite::memory:')).toMatch(/^sqlite /);
    project.remove('surefoot.config.json');
    expect(await server('')).toBe('postgres 14.5.0');
  });

  test('outside a repository, and since what is not there', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    const outside = await cli(['lint', '--staged'], { cwd });
    expect(outside.code).toBe(64);
    expect(outside.err).toContain('not a git repository');
    expect(outside.err).toContain('in the repository of the revisions');
    execFileSync('git', ['init', '-q'], { cwd });
    const unknown = await cli(['lint', '--since', 'nope'], { cwd });
    expect(unknown.code).toBe(64);
    expect(unknown.err).toContain('fetch the whole history');
  });
});
