import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gitFacts, userIn } from './git.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'surefoot-git-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = { HOME: '/nonexistent' };
const commit = '0123456789abcdef0123456789abcdef01234567';

function write(name: string, text: string): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
}

test('no repository', async () => {
  expect(await gitFacts(folder, env)).toEqual({ author: null, commit: null });
});

test('a branch, loose and packed, and a detached head', async () => {
  write('.git/config', '[core]\n\tname = no\n[user]\n\tname = Ada "the" L\n\temail = a@b\n');
  write('.git/HEAD', 'ref: refs/heads/main\n');
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  expect(await gitFacts(join(folder, 'a/b'), env)).toEqual({ author: 'Ada "the" L <a@b>', commit: null });
  write('.git/packed-refs', `# pack-refs\n${'1'.repeat(40)} refs/heads/other\n${commit} refs/heads/main\n`);
  expect((await gitFacts(folder, env)).commit).toBe(commit);
  write('.git/refs/heads/main', `${'2'.repeat(40)}\n`);
  expect((await gitFacts(folder, env)).commit).toBe('2'.repeat(40));
  write('.git/HEAD', `${commit}\n`);
  expect(await gitFacts(folder, { ...env, GIT_AUTHOR_NAME: 'B' })).toEqual({ author: 'B <a@b>', commit });
});

test('a worktree shares refs and config', async () => {
  write('main/.git/config', '[user]\n\tname = Ada\n');
  write('main/.git/worktrees/w/HEAD', 'ref: refs/heads/w\n');
  write('main/.git/worktrees/w/commondir', '../..\n');
  write('main/.git/refs/heads/w', `${commit}\n`);
  write('w/.git', `gitdir: ${join(folder, 'main/.git/worktrees/w')}\n`);
  expect(await gitFacts(join(folder, 'w'), env)).toEqual({ author: 'Ada', commit });
});

test('the config of a user', () => {
  expect(userIn('[user "x"]\nname = no\n[USER]\nname = "A B"\nemail=\n')).toEqual({ name: 'A B' });
});
