// The other tools, as they are installed. In: a project's folder, arguments. Out: what a tool's command line said.
// Must not know what is done with them.

import { execFile } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { npmTools } from '../servers/npm-tools.ts';

const here = fileURLToPath(new URL('./tools', import.meta.url));
const execute = promisify(execFile);

/** A program of a tool: a script below `node_modules`, or a file that runs by itself. */
export type ToolProgram = { readonly script: string } | { readonly file: string };

/** dbmate is one file for each platform. */
export const dbmateProgram: ToolProgram = {
  file: `@dbmate/${process.platform}-${process.arch}/bin/dbmate`,
};

export interface InstalledTools {
  /** Gives a project the tools' packages, as `npm install` would. */
  lend(folder: string): void;
  /** Runs a program of a tool in a project; what it says on both ways, and a refusal where it fails. */
  run(
    program: ToolProgram,
    args: readonly string[],
    where: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
  ): Promise<string>;
}

/** Installs the tools into the cache, once for each lock file. */
export async function installedTools(): Promise<InstalledTools> {
  const home = await npmTools(here, 'takeover');
  return {
    lend: (folder) => {
      symlinkSync(join(home, 'node_modules'), join(folder, 'node_modules'));
      writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
    },
    run: async (program, args, { cwd, env = {} }) => {
      const path = (one: string) => join(home, 'node_modules', one);
      const command =
        'file' in program
          ? ([path(program.file), args] as const)
          : ([process.execPath, [path(program.script), ...args]] as const);
      const { stdout, stderr } = await execute(...command, {
        cwd,
        env: { PATH: process.env['PATH'] ?? '', HOME: cwd, NO_COLOR: '1', ...env },
        timeout: 120_000,
      });
      return stdout + stderr;
    },
  };
}
