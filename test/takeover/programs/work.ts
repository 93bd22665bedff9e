// A project of another tool, on disk and applied to a real database.
// In: what the project is, an engine. Out: its folder and its database. Must not know Surefoot.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { DialectName } from '../../../src/schema/schema.ts';
import type { Engine } from '../../servers/index.ts';
import { freshDatabase } from '../../servers/index.ts';
import { npmTools } from '../../servers/npm-tools.ts';
import type { ToolProject } from './project.ts';

/** A project that stands in a folder. */
export interface ProjectAtWork {
  readonly folder: string;
  readonly url: string;
  write(path: string, text: string): void;
  /** The tool's own command line. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export const familyOf = (engine: Engine): DialectName => {
  if (engine === 'sqlite') return 'sqlite';
  return /^(?:mysql|mariadb)/.test(engine) ? 'mysql' : 'postgres';
};

const execute = promisify(execFile);

/** The packages of the tools, where tests look for them. */
export const toolPackages = (): Promise<string> => npmTools(join(import.meta.dirname, '../program-tools'));

/** Writes the files of a project, with the packages of the tools beside them. */
export async function projectAtWork(
  files: Readonly<Record<string, string>>,
  url: string,
): Promise<ProjectAtWork> {
  const folder = mkdtempSync(join(tmpdir(), 'surefoot-tool-'));
  const packages = join(await toolPackages(), 'node_modules');
  symlinkSync(packages, join(folder, 'node_modules'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  return {
    folder,
    url,
    write,
    run: async (args, env = {}) => {
      // Options of Node's own come first, then a program of the packages.
      const at = args.findIndex((one) => /\.[cm]?js$|\/sequelize$/.test(one) && !one.startsWith('-'));
      const program = args.map((one, i) => (i === at ? join(packages, one) : one));
      const own = { ...process.env, NODE_ENV: 'development', NO_COLOR: '1', ...env };
      // The stack of another program would be read as one of these tests.
      await execute(process.execPath, program, { cwd: folder, env: own }).catch((error: unknown) => {
        throw new Error(
          String(error)
            .replaceAll(/^\s+at .*$/gm, '')
            .slice(-2000),
        );
      });
    },
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The same, applied by the tool itself to a database of its own. */
export async function appliedProject(project: ToolProject, engine: Engine): Promise<ProjectAtWork> {
  const database = await freshDatabase(engine);
  const work = await projectAtWork(project.files(familyOf(engine), database.url), database.url);
  await work.run(project.apply);
  return {
    ...work,
    [Symbol.asyncDispose]: async () => {
      await work[Symbol.asyncDispose]();
      await database.drop();
    },
  };
}
