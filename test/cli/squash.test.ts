import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cli, cliJson, masked } from '../support/cli.ts';
import { cliProject, userRevisions } from './stories.ts';

const plain = (out: string): string => masked(out).replace(/SQLite [\d.]+/, 'SQLite <version>');
const range = 'aaaa1111:cccc3333';

test('shown, then written; a database in its midst is finished by the originals', async () => {
  using project = cliProject(...userRevisions);
  const { folder: cwd } = project;
  expect(await cli(['upgrade', 'aaaa1111'], { cwd })).toMatchObject({ code: 0 });
  const shown = await cli(['squash', range, '--dry-run', '-m', 'users'], { cwd });
  expect({ code: shown.code, err: shown.err, out: plain(shown.out) }).toMatchSnapshot();
  const said = await cli(['squash', range, '-m', 'users'], { cwd });
  expect({ code: said.code, err: said.err, out: plain(said.out) }).toMatchSnapshot();
  expect(masked((await cli(['history'], { cwd })).out)).toMatchSnapshot();
  expect(masked((await cli(['upgrade'], { cwd })).out)).toMatchSnapshot();
  expect(masked((await cli(['history'], { cwd })).out)).toMatchSnapshot();
  expect(await cli(['check'], { cwd })).toMatchObject({ code: 0 });
});

test('as JSON, in SQL', async () => {
  using project = cliProject(...userRevisions);
  const { folder: cwd } = project;
  const result = await cliJson<{ file: string; text: string; replaces: string[] }>(
    ['squash', range, '--sql'],
    {
      cwd,
    },
  );
  expect(result).toMatchObject({ id: 'cccc3333', replaces: ['aaaa1111', 'bbbb2222'], written: true });
  expect(readFileSync(result.file, 'utf8')).toBe(result.text);
  expect(await cli(['upgrade'], { cwd })).toMatchObject({ code: 0 });
  expect(await cli(['check'], { cwd })).toMatchObject({ code: 0 });
});

test('what cannot be is refused, with what to do', async () => {
  using project = cliProject(...userRevisions);
  const { folder: cwd } = project;
  const alone = await cli(['squash', 'aaaa1111:aaaa1111'], { cwd });
  expect(alone).toMatchObject({ code: 2, out: '' });
  expect(alone.err).toMatchSnapshot();
  expect(await cli(['squash', 'aaaa1111'], { cwd })).toMatchObject({ code: 2 });
  expect(await cli(['squash'], { cwd })).toMatchObject({ code: 64 });
});
