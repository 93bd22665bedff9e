// In: a runtime. Out: a folder of somebody who has that Node, npm, pnpm and Yarn, and nothing of this repository.
// Must not know: what is installed there.

import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from '../../test/servers/command.ts';
import { npmTools } from '../../test/servers/npm-tools.ts';

export interface Place {
  readonly folder: string;
  /** Runs a program there; gives what it printed on stdout. */
  run(argv: readonly string[], folder?: string): Promise<string>;
}

/** The programs that npm does not bring along. */
export interface Tools {
  readonly pnpm: string;
  readonly yarn: string;
  /** The folder of a runtime's `node`; null where there is no package for this machine. */
  nodeOf(major: number): string;
}

const system = `${process.platform}-${process.arch}`;

export async function tools(): Promise<Tools> {
  const modules = join(await npmTools(join(import.meta.dirname, 'managers')), 'node_modules');
  return {
    pnpm: join(modules, 'pnpm/bin/pnpm.mjs'),
    yarn: join(modules, '@yarnpkg/cli-dist/bin/yarn.js'),
    nodeOf: (major) => join(modules, `node${major}-${system}`, 'bin'),
  };
}

/** The environment of a user: nothing of npm's run of this script, caches of their own for the managers. */
async function environment(nodeFolder: string, home: string): Promise<NodeJS.ProcessEnv> {
  const mine = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(lifecycle|package|command|node|execpath)|INIT_CWD|VITEST|DATABASE_URL)/i.test(name),
  );
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((one) => !one.includes('node_modules'));
  await mkdir(home, { recursive: true });
  return {
    ...Object.fromEntries(mine),
    PATH: [nodeFolder, ...path].join(delimiter),
    NO_COLOR: '1',
    npm_config_loglevel: 'error',
    YARN_ENABLE_TELEMETRY: '0',
    YARN_GLOBAL_FOLDER: join(home, 'yarn'),
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
    npm_config_store_dir: join(home, 'pnpm'),
  };
}

/** A new folder to work in. */
export async function newPlace(nodeFolder: string): Promise<Place> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'surefoot-package-')));
  const env = await environment(nodeFolder, join(folder, '.home'));
  return {
    folder,
    async run(argv, inside = folder) {
      const { stdout } = await run(argv, { cwd: inside, env, timeout: 300_000 });
      return stdout;
    },
  };
}
