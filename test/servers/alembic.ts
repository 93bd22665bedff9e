// In: nothing.
// Out: Alembic, Flask-Migrate and SQLModel with a Python of their own, as an argument list and an environment.
// Must not know: what is run with them.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { debianProgram, installBundle } from './bundle.ts';
import { cleanEnvironment } from './command.ts';

export interface Python {
  /** The start of the argument list: `-m alembic` or a file of Python comes behind it. */
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Python as Debian's packages hold it, with Alembic and the drivers; nothing of the machine's own Python is used. */
export async function alembicPython(): Promise<Python> {
  const folder = await installBundle('alembic');
  const programs = await readdir(join(folder, 'usr/bin'));
  const program = programs.find((name) => /^python3\.\d+$/.test(name));
  if (program === undefined) throw new Error(`${folder} holds no python3`);
  return {
    argv: debianProgram(folder, join('usr/bin', program)),
    env: {
      ...cleanEnvironment,
      PYTHONHOME: join(folder, 'usr'),
      PYTHONPATH: join(folder, 'usr/lib/python3/dist-packages'),
      PYTHONDONTWRITEBYTECODE: '',
      PYTHONHASHSEED: '0',
    },
  };
}
