// The project of a call. In: global options. Out: config, revisions, Surefoot, each made when asked for.
// Must not know verbs.

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../config/load-config.ts';
import { databaseUrl, loadConfig } from '../config/load-config.ts';
import { errorCode } from '../kernel/import-package.ts';
import type { Surefoot, SurefootOptions } from '../library/api.ts';
import { createSurefoot } from '../library/create-surefoot.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import type { GlobalValues } from './args/global-options.ts';
import { usageError } from './args/usage.ts';
import type { Shell } from './shell.ts';

/** What a verb can ask of the project it was called for. */
export interface Project {
  readonly folder: string;
  config(): Promise<Config>;
  /** The graph of the revision files. */
  graph(): Promise<RevisionGraph>;
  /** The library, for a database that must be named. `writes`: the journal will want to know who it is. */
  open(options?: { readonly writes: boolean }): Promise<Surefoot>;
  /** What the library is told of the project, but for the database. */
  options(access: { readonly writes: boolean }): Promise<SurefootOptions>;
  close(): Promise<void>;
}

async function refuseMissing(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw usageError(`--cwd: ${folder} cannot be read`, folder);
  });
  if (found?.isDirectory() !== true) throw usageError(`--cwd: there is no folder ${folder}`, folder);
}

async function readConfig(shell: Shell, globals: GlobalValues, folder: string): Promise<Config> {
  return await loadConfig({
    projectFolder: folder,
    configFile: globals.config,
    environment: globals.env,
    url: globals.url,
    scratchUrl: globals.scratchUrl,
    directUrl: globals.directUrl,
    env: shell.env,
  });
}

async function readGraph({ migrations }: Config): Promise<RevisionGraph> {
  const [{ scanHeaders }, { buildGraph }] = await Promise.all([
    import('../revisions/scan.ts'),
    import('../revisions/graph.ts'),
  ]);
  return buildGraph(await scanHeaders(migrations));
}

async function openLibrary(config: Config, shell: Shell, access: { readonly writes: boolean }) {
  return createSurefoot({ url: databaseUrl(config), ...(await libraryOptions(config, shell, access)) });
}

/** What the config says to the library, but for the database. */
async function libraryOptions(
  config: Config,
  shell: Shell,
  { writes }: { readonly writes: boolean },
): Promise<SurefootOptions> {
  const who = writes
    ? async () => (await import('./runs/who.ts')).whoRuns(shell, config.projectFolder)
    : undefined;
  return {
    migrations: config.migrations,
    models: config.models,
    versionTable: config.versionTable,
    versionNamespace: config.versionNamespace ?? undefined,
    naming: config.naming ?? undefined,
    lockTimeoutMs: config.lockTimeoutMs,
    tableLockTimeoutMs: config.tableLockTimeoutMs,
    tableLockRetries: config.tableLockRetries,
    concurrentWaitMs: config.concurrentWaitMs,
    directUrl: config.directUrl ?? undefined,
    clientTools: config.clientTools ?? undefined,
    env: shell.env,
    scratchUrl: config.scratchUrl ?? undefined,
    ignore: config.ignore,
    lint: config.lint,
    rehearsal: config.rehearsal,
    autogenerate: config.autogenerate,
    online: config.online,
    fleet: config.fleet,
    keep: config.keep,
    projectFolder: config.projectFolder,
    who,
  };
}

/** The project that the global options name. */
export async function projectOf(shell: Shell, globals: GlobalValues): Promise<Project> {
  const folder = globals.cwd === undefined ? shell.folder : resolve(shell.callerFolder, globals.cwd);
  if (globals.cwd !== undefined) await refuseMissing(folder);
  const opened: Surefoot[] = [];
  let config: Promise<Config> | undefined;
  let graph: Promise<RevisionGraph> | undefined;
  const project: Project = {
    folder,
    config: () => (config ??= readConfig(shell, globals, folder)),
    graph: () => (graph ??= project.config().then(readGraph)),
    open: async (options = { writes: false }) => {
      const surefoot = await openLibrary(await project.config(), shell, options);
      opened.push(surefoot);
      return surefoot;
    },
    options: async (access) => await libraryOptions(await project.config(), shell, access),
    close: async () => {
      for (const surefoot of opened.splice(0)) await surefoot.close();
    },
  };
  return project;
}
