// A SQLite file that is not there: whoever only looks finds an empty database, and leaves nothing behind.

import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assertReady } from '../../src/library/ready.ts';
import { cli, cliJson } from '../support/cli.ts';
import { refusal } from '../support/refusal.ts';
import { cliProject, columnsOf, userRevisions } from './stories.ts';

const pending = userRevisions.map(({ id }) => id);

test.each([
  [['current'], 0],
  [['history'], 0],
  [['status'], 0],
  [['log'], 0],
  [['plan'], 0],
  [['upgrade', '--plan'], 0],
  [['dump'], 0],
  [['show', 'head'], 0],
  [['wait'], 0],
  [['kept'], 0],
  [['kept', '--drop'], 0],
  [['kept', '--drop', 'nothing'], 2],
  [['check'], 1],
] as const)('%j creates no file', async (args, code) => {
  using project = cliProject(...userRevisions);
  const { folder: cwd } = project;
  const before = readdirSync(cwd);
  const result = await cli(args, { cwd });
  expect(result).toMatchObject({ code });
  expect(readdirSync(cwd)).toEqual(before);
});

test('what it finds: nothing applied, everything pending, the file by its name', async () => {
  using project = cliProject(...userRevisions);
  const { folder: cwd } = project;
  expect(await cliJson(['current'], { cwd })).toEqual({ heads: [], pending });
  expect(await cliJson(['status'], { cwd })).toMatchObject({ pending, database: `sqlite:${cwd}/app.db` });
  expect((await cli(['dump'], { cwd })).out).toBe('');
  await refusal(assertReady({ projectFolder: cwd, url: 'sqlite:./app.db', timeoutMs: 1 }), 'ready/not-ready');
  expect(readdirSync(cwd)).not.toContain('app.db');
});

test('a plan for it can be kept and run', async () => {
  using project = cliProject(...userRevisions);
  const { folder: cwd } = project;
  await cli(['plan', '--out', 'plan.json', '-q'], { cwd });
  const ran = await cliJson(['upgrade', '--from-plan', 'plan.json'], { cwd });
  expect(ran).toMatchObject({ heads: ['cccc3333'], failed: null });
  expect(columnsOf(project, 'user')).toEqual(['id', 'name', 'token']);
});

test('a folder that is not there is refused, and so is a file that must be', async () => {
  using project = cliProject(...userRevisions);
  const { folder: cwd } = project;
  for (const url of ['sqlite:./nowhere/app.db', 'sqlite:./app.db?mode=rw', 'sqlite:./app.db?mode=ro']) {
    expect(await cliJson(['current', '--url', url], { cwd, code: 2 })).toMatchObject({
      error: { code: 'database/unreachable' },
    });
  }
});

test('a PGlite folder that is not there', async () => {
  using project = cliProject(...userRevisions);
  const { folder: cwd } = project;
  const result = await cliJson(['current', '--url', 'pglite:./data'], { cwd });
  expect(result).toEqual({ heads: [], pending });
  expect(readdirSync(cwd)).not.toContain('data');
});
