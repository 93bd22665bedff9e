// Who wrote the revision files, as Git knows it. In: folders. Out: origins by file. Must not know revisions.

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import type { Origin } from '../../report/report.ts';

/** Enough for tens of thousands of files. */
const maxBuffer = 64 * 1024 ** 2;

function git(folder: string, args: readonly string[]): Promise<string | null> {
  return new Promise((done) => {
    execFile('git', ['-C', folder, ...args], { encoding: 'utf8', maxBuffer }, (error, stdout) =>
      done(error ? null : stdout),
    );
  });
}

/** One log of all files that were added: the newest that added a file is the one that counts. */
function readLog(log: string, top: string): ReadonlyMap<string, Origin> {
  const origins = new Map<string, Origin>();
  let origin: Origin | null = null;
  for (const line of log.split('\0')) {
    const [mark, commit = '', at = '', author = ''] = line.replace(/^\n/, '').split('\u001f');
    if (mark === '\u001e') origin = { commit, at, author };
    else if (line.trim() !== '' && origin) {
      const file = resolve(top, line.replace(/^\n/, ''));
      if (!origins.has(file)) origins.set(file, origin);
    }
  }
  return origins;
}

/** By absolute path; empty where there is no Git, or no repository. */
export async function originsIn(folders: readonly string[]): Promise<ReadonlyMap<string, Origin>> {
  const maps = await Promise.all(
    folders.map(async (folder) => {
      const top = await git(folder, ['rev-parse', '--show-toplevel']);
      if (top === null) return new Map<string, Origin>();
      const format = '--format=%x1e%x1f%H%x1f%aI%x1f%an <%ae>';
      const log = await git(folder, [
        'log',
        '-z',
        '--diff-filter=A',
        '--name-only',
        '--no-renames',
        format,
        '--',
        '.',
      ]);
      return readLog(log ?? '', top.trim());
    }),
  );
  return new Map(maps.flatMap((map) => [...map]));
}
