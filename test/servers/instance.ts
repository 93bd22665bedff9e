// In: a recipe.
// Out: a running server with data of its own, or an error that says what to do instead.
// Must not know: who else uses it.

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installBundle } from './bundle.ts';
import { cacheFolder, giveToServer, removeLeftovers } from './cache.ts';
import { run } from './command.ts';
import { overrideVariable, type ServerEngine } from './engines.ts';
import { exclusively } from './exclusive.ts';
import { mariadb } from './mariadb.ts';
import { memoryFolder } from './memory-folder.ts';
import { mysql9 } from './mysql.ts';
import { pgbouncer } from './pgbouncer.ts';
import { postgres14, postgres18 } from './postgres.ts';
import { probe } from './probe.ts';
import {
  forgetProcess,
  freePort,
  type Identity,
  isRunning,
  killProcess,
  launch,
  orphans,
  stopProcess,
} from './process.ts';
import type { Instance, Recipe } from './recipe.ts';
import { redis } from './redis.ts';

const recipes: Readonly<Record<ServerEngine, Recipe>> = {
  postgres14,
  postgres18,
  mariadb,
  mysql9,
  pgbouncer,
  redis,
};

export const backendOf = (engine: ServerEngine): ServerEngine | undefined => recipes[engine].backend;

/** What is known of a running server; kept as JSON in the cache. */
export interface Running extends Identity {
  readonly engine: ServerEngine;
  readonly version: string;
  readonly port: number;
  readonly url: string;
  readonly adminUrl: string;
  readonly programs: string;
  readonly durable: boolean;
  readonly backendUrl: string | undefined;
  readonly settings: readonly string[];
}

export interface StartOptions {
  readonly durable?: boolean;
  readonly backendUrl?: string | undefined;
  /** Further arguments of the server. */
  readonly settings?: readonly string[];
  /** Files of its data directory, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Bumped when what `initialise` makes changes. */
const templateVersion = 1;

/** One password for every server of this cache, so that other users of the machine stay out. */
function password(): Promise<string> {
  const file = join(cacheFolder('run'), 'password');
  return exclusively('password', async () => {
    if (existsSync(file)) return readFile(file, 'utf8');
    const made = randomBytes(12).toString('hex');
    await writeFile(file, made, { mode: 0o600 });
    return made;
  });
}

type Programs = Pick<Instance, 'programs' | 'password'>;

/** Making a data directory takes seconds, copying one a moment. */
async function template(recipe: Recipe, programs: Programs): Promise<string> {
  const folder = join(
    cacheFolder('templates'),
    `${basename(programs.programs)}-${templateVersion}-${programs.password.slice(0, 6)}`,
  );
  if (existsSync(folder)) return folder;
  return exclusively(`template-${recipe.engine}`, async () => {
    if (existsSync(folder)) return folder;
    process.stderr.write(`servers: ${recipe.engine}: making its first data directory\n`);
    await removeLeftovers(cacheFolder('data'), `${recipe.engine}-new-`);
    const dataDir = await mkdtemp(join(cacheFolder('data'), `${recipe.engine}-new-`));
    try {
      await giveToServer(dataDir);
      await recipe.initialise({
        ...programs,
        dataDir,
        port: 0,
        durable: false,
        backendUrl: undefined,
        settings: [],
      });
      await rename(dataDir, folder);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
    return folder;
  });
}

/** Data that need not outlive the machine, where the engine gains by it. */
const dataFolder = (recipe: Recipe, durable: boolean): string =>
  (recipe.gainsByMemory && !durable ? memoryFolder({ forNew: true }) : undefined) ?? cacheFolder('data');

async function newDataDir(recipe: Recipe, programs: Programs, durable: boolean): Promise<string> {
  const from = await template(recipe, programs);
  const dataDir = join(dataFolder(recipe, durable), `${recipe.engine}-${randomBytes(6).toString('hex')}`);
  await run(['cp', '-a', from, dataDir]);
  return dataDir;
}

export const logFile = ({ dataDir }: Pick<Identity, 'dataDir'>): string =>
  join(cacheFolder('run'), `${basename(dataDir)}.log`);

async function launchOn(
  recipe: Recipe,
  without: Omit<Instance, 'port'>,
  fixedPort?: number,
): Promise<Running> {
  for (let attempt = 1; ; attempt += 1) {
    const instance: Instance = { ...without, port: fixedPort ?? (await freePort()) };
    await recipe.configure?.(instance);
    const { dataDir, port, programs, durable, backendUrl, settings } = instance;
    const url = recipe.url(instance);
    try {
      const launched = await launch({
        argv: [...recipe.argv(instance), ...settings],
        dataDir,
        log: logFile(instance),
        answer: () => probe(url),
      });
      const adminUrl = recipe.adminUrl(instance);
      return {
        engine: recipe.engine,
        ...launched,
        port,
        url,
        adminUrl,
        dataDir,
        programs,
        durable,
        backendUrl,
        settings,
      };
    } catch (error) {
      // Another program may have taken the port meanwhile; a killed server's children may still be leaving.
      const mayPass = error instanceof Error && /in use|bind|already running|lock/i.test(error.message);
      if (!mayPass || attempt === 5) throw error;
      await sleep(500);
    }
  }
}

const advice = (engine: ServerEngine): string =>
  `Set ${overrideVariable(engine)} to the URL of a server of your own (compose.yaml starts one), or leave ${engine} out with DIALECTS.`;

export async function startInstance(engine: ServerEngine, options: StartOptions = {}): Promise<Running> {
  const recipe = recipes[engine];
  let dataDir: string | undefined;
  try {
    const programs = { programs: await installBundle(recipe.bundle), password: await password() };
    const { durable = false, backendUrl, settings = [], files = {} } = options;
    const rest = { durable, backendUrl, settings };
    dataDir = await newDataDir(recipe, programs, rest.durable);
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(dataDir, name), text, { mode: 0o600 });
      await giveToServer(join(dataDir, name));
    }
    return await launchOn(recipe, { ...programs, ...rest, dataDir });
  } catch (error) {
    if (dataDir) await removeData({ dataDir });
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The server ${engine} cannot be had: ${reason}\n${advice(engine)}`, { cause: error });
  }
}

/** The same server again on the same data and port, after `killInstance`. */
export async function restartInstance(running: Running): Promise<Running> {
  if (isRunning(running)) return running;
  const { dataDir, port, programs, durable, backendUrl, settings } = running;
  const without = { programs, dataDir, durable, backendUrl, settings, password: await password() };
  return launchOn(recipes[running.engine], without, port);
}

export const killInstance = (running: Running): Promise<void> => killProcess(running);

export const shutdownInstance = (running: Running): Promise<void> =>
  stopProcess(running, running.engine.startsWith('postgres') ? 'SIGINT' : 'SIGTERM');

export async function stopInstance(running: Running): Promise<void> {
  await shutdownInstance(running);
  await removeData(running);
}

async function removeData(identity: Pick<Identity, 'dataDir'>): Promise<void> {
  await rm(identity.dataDir, { recursive: true, force: true, maxRetries: 5 });
  await rm(logFile(identity), { force: true });
  await forgetProcess(identity.dataDir);
}

/** Stops servers that nobody recorded, because their starter was killed. */
export async function stopOrphans(recorded: readonly Running[]): Promise<void> {
  const folders = [cacheFolder('data'), memoryFolder({ forNew: false }) ?? []].flat();
  const known = recorded.map(({ dataDir }) => dataDir);
  const found = (await Promise.all(folders.map((folder) => orphans(folder, known)))).flat();
  for (const identity of found) {
    await killProcess(identity);
    await removeData(identity);
  }
}
