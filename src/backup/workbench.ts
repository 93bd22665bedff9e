// What programs need around them: an environment of their own, and files for this user's eyes only.
// In: a login, programs. Out: Workbench. Must not know what the programs do.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BookkeepingNames, ServerFacts } from '../dialect/dialect.ts';
import type { ServerAddress, ToolBackup, ToolRequest } from '../dialect/native-backup.ts';
import type { Child } from './child.ts';
import { startChild } from './child.ts';
import type { Environment, Toolbox } from './programs.ts';

/** Programs and the server that they act upon. */
export interface Tools {
  readonly family: ToolBackup;
  readonly toolbox: Toolbox;
  readonly address: ServerAddress;
  readonly facts: ServerFacts;
  readonly names: BookkeepingNames;
  /** The environment of the caller, of which they are told little. */
  readonly env: Environment;
  readonly signal: AbortSignal | null;
}

/** Where programs are run. */
export interface Workbench {
  readonly request: ToolRequest;
  start(program: string, args: readonly string[]): Child;
  /** Writes a file that is gone in the end. */
  file(name: string, text: string): Promise<string>;
}

/** What a program may know of the caller; the rest (another password, options of the user's own) stays away. */
const inherited = [
  'PATH',
  'Path',
  'SystemRoot',
  'SYSTEMROOT',
  'TMPDIR',
  'TEMP',
  'TMP',
  'TZ',
  'LD_LIBRARY_PATH',
];

/** The environment of a program, with a home of its own. */
export function childEnvironment(env: Environment, home: string): Environment {
  const kept = inherited.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  // A home of its own: no password file, no option file, no certificates that nobody named.
  return { ...Object.fromEntries(kept), HOME: home, USERPROFILE: home, APPDATA: home, LC_ALL: 'C' };
}

/** Does work with a workbench, and clears it away. */
export async function atWorkbench<T>(tools: Tools, work: (bench: Workbench) => Promise<T>): Promise<T> {
  const { family, address, facts, names, env, signal } = tools;
  const folder = await mkdtemp(join(tmpdir(), 'surefoot-'));
  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
    return path;
  };
  try {
    const login = family.login(address, facts);
    const optionFile = login.optionFile === null ? null : await file('login.cnf', login.optionFile);
    const secrets = address.password === null ? [] : [address.password];
    return await work({
      request: { facts, names, optionFile },
      start: (program, args) =>
        startChild({
          program,
          arguments: args,
          env: { ...childEnvironment(env, folder), ...login.env },
          signal,
          secrets,
        }),
      file,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
