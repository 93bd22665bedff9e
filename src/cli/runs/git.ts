// What a Git repository says of itself, read from its files. In: a folder. Out: author and commit. Must not run git.

import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isThere, readIfThere } from '../files.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Who commits here, and what is checked out; `null`: not known. */
export interface GitFacts {
  readonly author: string | null;
  readonly commit: string | null;
}

/** The `.git` folder above a folder; a worktree's `.git` is a file that names it. */
async function gitFolder(from: string): Promise<string | null> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, '.git');
    if (await isThere(path)) {
      if ((await stat(path)).isDirectory()) return path;
      const named = /^gitdir:\s*(.+)$/m.exec((await readIfThere(path)) ?? '')?.[1]?.trim();
      return named === undefined ? null : resolve(folder, named);
    }
    if (dirname(folder) === folder) return null;
  }
}

/** A worktree shares refs and config with the repository that it belongs to. */
async function commonFolder(git: string): Promise<string> {
  const common = (await readIfThere(join(git, 'commondir')))?.trim();
  return common ? resolve(git, common) : git;
}

async function commitOf(git: string, common: string): Promise<string | null> {
  const head = (await readIfThere(join(git, 'HEAD')))?.trim() ?? '';
  const ref = /^ref:\s*(.+)$/.exec(head)?.[1];
  if (ref === undefined) return /^[0-9a-f]{40,64}$/.test(head) ? head : null;
  const loose = (await readIfThere(join(common, ref)))?.trim();
  if (loose) return loose;
  const packed = (await readIfThere(join(common, 'packed-refs'))) ?? '';
  return (
    packed
      .split('\n')
      .find((line) => line.endsWith(` ${ref}`))
      ?.split(' ')[0] ?? null
  );
}

/** `[user] name = …` of a config file. */
export function userIn(config: string): { readonly name?: string; readonly email?: string } {
  let section = '';
  const user: { name?: string; email?: string } = {};
  for (const line of config.split('\n')) {
    section = /^\s*\[([^\]]+)\]/.exec(line)?.[1]?.trim().toLowerCase() ?? section;
    const [, key = '', text = ''] = /^\s*(name|email)\s*=\s*(.*?)\s*$/i.exec(line) ?? [];
    if (section !== 'user' || text === '') continue;
    user[key.toLowerCase() === 'name' ? 'name' : 'email'] = text.replace(/^"(.*)"$/, '$1');
  }
  return user;
}

async function authorOf(common: string | null, env: Env): Promise<string | null> {
  const home = env['HOME'] ?? homedir();
  const configHome = env['XDG_CONFIG_HOME'] || join(home, '.config');
  const files = [join(configHome, 'git', 'config'), join(home, '.gitconfig')];
  if (common !== null) files.push(join(common, 'config'));
  const users = await Promise.all(files.map(async (file) => userIn((await readIfThere(file)) ?? '')));
  const { name, email } = Object.assign({}, ...users) as ReturnType<typeof userIn>;
  const [who, mail] = [env['GIT_AUTHOR_NAME'] || name, env['GIT_AUTHOR_EMAIL'] || email];
  if (!who) return mail ?? null;
  return mail ? `${who} <${mail}>` : who;
}

/** Author and commit of the repository around a folder. */
export async function gitFacts(folder: string, env: Env): Promise<GitFacts> {
  const git = await gitFolder(folder);
  const common = git === null ? null : await commonFolder(git);
  return {
    author: await authorOf(common, env),
    commit: git === null || common === null ? null : await commitOf(git, common),
  };
}
