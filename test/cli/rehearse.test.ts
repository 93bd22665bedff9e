import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, cliJson, masked } from '../support/cli.ts';
import { cliProject, userRevisions } from './stories.ts';

describe('rehearse', () => {
  test('a line for each test; what is not simply sound, with its facts', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    const said = await cli(['rehearse'], { cwd });
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(masked(said.out).split('\n').slice(0, -3).join('\n')).toBe(
      [
        '  test  result  detail  time',
        '  the history is sound  passed  3 revisions load; one end  <ms>',
        '  an empty database to the heads  passed  an empty database comes to cccc3333  <ms>',
        '  up, down, up  passed  3 revisions: 3 passed  <ms>',
        '  on its own result  passed  3 revisions: 3 passed  <ms>',
        '  cut off, and resumed  passed  3 revisions: 3 passed  <ms>',
        '  rows survive  passed  3 revisions: 2 passed, 1 skipped  <ms>',
        '  models and history  skipped  the config names no models  <ms>',
        '  the release before still runs  warning  3 revisions: 1 warning, 1 passed, 1 skipped  <ms>',
        '  what fails without it  passed  3 revisions: 3 passed  <ms>',
        '',
        'warning old-queries cccc3333: 1 of 1 queries of the release before it die',
        '  SELECT "user"."id", "user"."name", "user"."phone", "user"."token" FROM "user" WHERE 1 = 0: no such column: user.phone',
      ].join('\n'),
    );
    expect(said.out).toMatch(
      /3 revisions rehearsed on SQLite \S+ \(SQLite in memory\) in .*: all of it held\.\n$/,
    );
  });

  test('as JSON, JUnit, Markdown and annotations; into a file', async () => {
    using project = cliProject(...userRevisions.slice(0, 1), {
      id: 'bbbb2222',
      message: 'stops',
      up: `op.addColumn('user', 'x', t.integer());`,
      down: `op.dropColumn('user', 'y');`,
    });
    const { folder: cwd } = project;
    const answer = await cliJson<{ results: readonly object[] }>(['rehearse'], { cwd, code: 1 });
    expect(answer.results).toContainEqual(
      expect.objectContaining({ test: 'both-ways', revision: 'bbbb2222', status: 'failed' }),
    );
    const junit = await cli(['rehearse', '--format', 'junit', '--out', 'rehearsal.xml'], { cwd });
    expect(junit.code).toBe(1);
    const xml = readFileSync(join(cwd, 'rehearsal.xml'), 'utf8');
    expect(xml).toMatch(/<testsuite name="surefoot rehearse"[^>]* failures="1"/);
    expect(xml).toMatch(/<testcase classname="bbbb2222" name="up, down, up"[^>]*>\s*<failure message="/);
    const markdown = await cli(['rehearse', '--format', 'markdown'], { cwd });
    expect(markdown.out).toMatch(/^# Rehearsal\n/);
    expect(markdown.out).toMatch(/\n- runtime: Node\\?\.js /);
    const github = await cli(['rehearse', '--format', 'github'], { cwd });
    expect(github.out).toMatch(/^::error file=migrations\/\S+bbbb2222\S*,title=surefoot rehearse%3A /);
  });

  test('--on-copy has the rows of the database, from where it stands; a server that is off is refused', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade', 'bbbb2222'], { cwd });
    const answer = await cliJson<{ place: string; results: readonly { test: string; revision: string }[] }>(
      ['rehearse', '--on-copy'],
      { cwd },
    );
    expect(answer.place).toMatch(/^a copy of .*app\.db$/);
    const practised = answer.results.filter(({ test: name }) => name === 'both-ways');
    expect(practised.map(({ revision }) => revision)).toEqual(['cccc3333']);
    const url = 'postgres://owner:s3cret@127.0.0.1:1/shop';
    const refused = await cli(['rehearse', '--on-copy', '--url', url], { cwd });
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('code  database/unreachable');
    expect(refused.err).not.toContain('s3cret');
  });

  test('what cannot be read is refused', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    expect(await cli(['rehearse', 'nope:heads'], { cwd })).toMatchObject({ code: 2, out: '' });
    expect(await cli(['rehearse', '--queries', 'nope.sql'], { cwd })).toMatchObject({ code: 2, out: '' });
  });
});
