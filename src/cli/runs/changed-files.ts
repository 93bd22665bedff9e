// Which files Git sees changed. In: a folder, a reference. Out: absolute paths. Must not know what the files are.

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../../kernel/errors.ts';
import { usageError } from '../args/usage.ts';

const execute = promisify(execFile);

const usualHint =
  'Run it in the repository of the revisions, where `git` is on the PATH; or name a range: a:b.';

async function git(folder: string, args: readonly string[], hint: string = usualHint): Promise<string> {
  try {
    const { stdout } = await execute('git', [...args], { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const [line = ''] = messageOf(error).split('\n').slice(1);
    throw usageError(`git ${args[0]}: ${line || messageOf(error)}`, args.join(' '), hint);
  }
}

const pathsIn = (output: string, root: string): readonly string[] =>
  output
    .split('\0')
    .filter((path) => path !== '')
    .map((path) => resolve(root, path));

async function rootOf(folder: string): Promise<string> {
  return (await git(folder, ['rev-parse', '--show-toplevel'])).replace(/\r?\n$/, '');
}

const listing = ['--name-only', '-z', '--diff-filter=ACMR'] as const;

/** The files that the next commit adds or changes. */
export async function stagedFiles(folder: string): Promise<readonly string[]> {
  // The root first: outside a repository `git diff` is another program, with words of its own.
  const root = await rootOf(folder);
  return pathsIn(await git(folder, ['diff', '--cached', ...listing]), root);
}

/** The files added or changed since a reference, committed or not, new ones too. */
export async function filesSince(folder: string, reference: string): Promise<readonly string[]> {
  const root = await rootOf(folder);
  const base = (
    await git(
      folder,
      ['merge-base', '--end-of-options', reference, 'HEAD'],
      `Is ${reference} there, and does HEAD come from it? A checkout for CI often holds the last commit only: fetch the whole history.`,
    )
  ).trim();
  const changed = await git(folder, ['diff', ...listing, base]);
  const added = await git(root, ['ls-files', '--others', '--exclude-standard', '-z']);
  return [...pathsIn(changed, root), ...pathsIn(added, root)];
}
