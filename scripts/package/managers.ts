// In: nothing. Out: how each package manager installs a packed file and runs what it brought.
// Must not know: what that is.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tools } from './place.ts';

export interface Manager {
  readonly name: string;
  prepare(folder: string): Promise<void>;
  install(tarball: string): readonly string[];
  /** Runs a command of an installed package, or `node`. */
  exec(...argv: readonly string[]): readonly string[];
}

/** `npm init` writes CommonJS today, most others ES modules: both are tried. */
type ModuleType = 'commonjs' | 'module';

const begin =
  (type: ModuleType) =>
  (folder: string): Promise<void> =>
    writeFile(
      join(folder, 'package.json'),
      `${JSON.stringify({ name: 'shop', version: '1.0.0', private: true, type }, null, 2)}\n`,
    );

const npm: Manager = {
  name: 'npm',
  prepare: begin('commonjs'),
  install: (tarball) => ['npm', 'install', '--no-audit', '--no-fund', tarball],
  exec: (...argv) => (argv[0] === 'node' ? argv : ['npx', '--no-install', ...argv]),
};

const pnpm = ({ pnpm: program }: Tools): Manager => ({
  name: 'pnpm',
  prepare: begin('module'),
  install: (tarball) => ['node', program, 'add', tarball],
  exec: (...argv) => ['node', program, 'exec', ...argv],
});

/** Yarn takes a folder for a project of its own only if it has a lock file. */
function yarn({ yarn: program }: Tools, linker: 'pnp' | 'node-modules'): Manager {
  return {
    name: linker === 'pnp' ? "Yarn, Plug'n'Play" : 'Yarn, node_modules',
    async prepare(folder) {
      await begin(linker === 'pnp' ? 'commonjs' : 'module')(folder);
      await writeFile(join(folder, 'yarn.lock'), '');
      await writeFile(join(folder, '.yarnrc.yml'), `nodeLinker: ${linker}\n`);
    },
    install: (tarball) => ['node', program, 'add', `surefoot@file:${tarball}`],
    exec: (...argv) => ['node', program, ...(argv[0] === 'node' ? argv : ['run', ...argv])],
  };
}

export const managers = (tools: Tools): readonly Manager[] => [
  npm,
  pnpm(tools),
  yarn(tools, 'pnp'),
  yarn(tools, 'node-modules'),
];
