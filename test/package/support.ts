// In: this repository. Out: copies of it to build and pack, projects that use it.
// Must not know: what is expected of them.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of somebody who has not been started by npm. */
const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD|VITEST)/i.test(name)),
  ),
  PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
  NO_COLOR: '1',
};

/** Runs a program to its end, whatever that is. */
export function run(folder: string, program: string, ...args: readonly string[]): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  execFile(program, args, { cwd: folder, env: environment }, (error, stdout, stderr) => {
    resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
  });
  return promise;
}

/** The same runtime as the tests', without what they were started with. */
export const node = (folder: string, ...args: readonly string[]): Promise<Outcome> =>
  run(folder, process.execPath, ...args);

export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'surefoot-package-'));

const packed = [
  'src',
  'scripts',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/** A copy of the working tree to build in, with the same node_modules. */
export async function copyOfTree(): Promise<string> {
  const folder = await newFolder();
  for (const name of packed) await cp(join(root, name), join(folder, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** An empty project with a copy of the example in it. */
export async function newProject(): Promise<string> {
  const folder = await newFolder();
  await mkdir(join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }\n');
  await cp(join(root, 'examples/todobox'), join(folder, 'todobox'), { recursive: true });
  return folder;
}
