// What is written is as the formatter would have it, and as the compiler wants it.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderOperationsRevision } from '../../src/autogenerate/write-operations.ts';
import { diff } from '../../src/diff/diff.ts';
import { arbitraryPair, everything } from '../support/arbitrary-schema.ts';
import { fc, lawRuns } from '../support/laws.ts';

const root = join(import.meta.dirname, '../..');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surefoot-written-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules/surefoot'));
  const style = {
    root: true,
    formatter: { indentStyle: 'space', lineWidth: 100 },
    javascript: { formatter: { quoteStyle: 'single' } },
  };
  await writeFile(join(folder, 'biome.json'), JSON.stringify(style));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** What a tool says of the written files. */
async function complaints(tool: string, given: readonly string[]): Promise<readonly string[]> {
  const run = promisify(execFile)(join(root, 'node_modules/.bin', tool), given, { cwd: folder });
  const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error);
  expect(`${stdout}${stderr}`).not.toMatch(/unknown option|command not found/i);
  return `${stdout}${stderr}`.split('\n').filter((line) => /^r\d+\.ts/.test(line));
}

// Formatters leave the quotes around names in ASCII only where they are needed, and disagree on others.
const can = { ...everything, isName: (name: string) => /^[ -~\n]+$/.test(name) };

it('the formatter changes nothing, and the compiler finds nothing', async () => {
  const pairs = fc.sample(arbitraryPair(can), { numRuns: Math.ceil(lawRuns(500) / 6) });
  const files = await Promise.all(
    pairs.map(async ([before, wanted], i) => {
      const header = { id: `r${i}`, revises: [], message: 'a difference', createdAt: null };
      const upgrade = diff(before, wanted).operations;
      const text = renderOperationsRevision({ folder, header, before, upgrade, downgrade: 'auto' });
      await writeFile(join(folder, `r${i}.ts`), text);
      return `r${i}.ts`;
    }),
  );
  expect(await complaints('biome', ['format', '--colors=off', '--max-diagnostics=20', ...files])).toEqual([]);
  const modules = ['--module', 'nodenext', '--target', 'esnext', '--noEmit', '--types', ''];
  const strict = [
    '--strict',
    '--exactOptionalPropertyTypes',
    '--skipLibCheck',
    '--allowImportingTsExtensions',
  ];
  expect(await complaints('tsc', ['--pretty', 'false', ...strict, ...modules, ...files])).toEqual([]);
});

it('both tools do complain', async () => {
  await writeFile(join(folder, 'r999.ts'), "import { t } from 'surefoot'\nt.varchar('x')\n");
  expect(await complaints('biome', ['format', '--colors=off', 'r999.ts'])).not.toEqual([]);
  const given = ['--pretty', 'false', '--module', 'nodenext', '--noEmit', '--skipLibCheck', '--types', ''];
  const said = await complaints('tsc', [
    ...given,
    '--allowImportingTsExtensions',
    '--target',
    'esnext',
    'r999.ts',
  ]);
  expect(said.join()).toContain('TS2345');
});
