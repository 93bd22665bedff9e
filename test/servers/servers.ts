// In: engines.
// Out: running servers, shared by every process of this user: started once, found by the others, stopped by the last.
// Must not know: how an engine is started.

import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cacheFolder } from './cache.ts';
import { type Engine, isServerEngine, overrideUrl, overrideVariable, type ServerEngine } from './engines.ts';
import { exclusively } from './exclusive.ts';
import {
  backendOf,
  killInstance,
  type Running,
  restartInstance,
  type StartOptions,
  shutdownInstance,
  startInstance,
  stopInstance,
  stopOrphans,
} from './instance.ts';
import { probe, withoutPassword } from './probe.ts';
import { isAlive, isRunning, myStamp } from './process.ts';

export interface Server {
  readonly engine: ServerEngine;
  readonly version: string;
  /** An ordinary database, for an account that may do everything. */
  readonly url: string;
  /** The engine's own administrative database, for the same account. */
  readonly adminUrl: string;
  /** Absent when the server stands at a URL from the environment. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

export interface PrivateServer extends Server {
  /** SIGKILL, as a crash does it; the data stays. */
  kill(): Promise<void>;
  /** Stopped in good order; the data stays. */
  shutdown(): Promise<void>;
  /** Up again on the same data, port and URL. */
  restart(): Promise<void>;
}

/** A shared server's record. It lives while somebody holds it, or until `down` if it was started to stay. */
interface Shared extends Running {
  readonly stays: boolean;
  /** Processes that stop it when the last of them lets go. */
  readonly holders: readonly string[];
}

const sharedFile = (engine: ServerEngine): string => join(cacheFolder('run'), `${engine}.json`);
const privateFile = (running: Running): string =>
  join(cacheFolder('run'), `private-${basename(running.dataDir)}.json`);

async function readRecord<T extends Running>(file: string): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

async function writeRecord(file: string, record: Running): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Servers that have answered this process once are not asked again as long as they run. */
const answered = new Set<number>();

async function answers(record: Running): Promise<boolean> {
  if (answered.has(record.pid)) return true;
  const version = await probe(record.url).catch(() => undefined);
  if (version !== undefined) answered.add(record.pid);
  return version !== undefined;
}

async function usable(record: Shared | undefined, backendUrl: string | undefined): Promise<boolean> {
  if (!record || !isRunning(record) || record.backendUrl !== backendUrl) return false;
  return answers(record);
}

async function serverAtUrl(engine: ServerEngine, url: string): Promise<Server> {
  const version = await probe(url).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${overrideVariable(engine)} names ${withoutPassword(url)}, where nothing usable answers: ${reason}`,
    );
  });
  return { engine, version, url, adminUrl: url, pid: undefined, stop: () => Promise.resolve() };
}

const toServer = (record: Running): Server => ({
  engine: record.engine,
  version: record.version,
  url: record.url,
  adminUrl: record.adminUrl,
  pid: record.pid,
  stop: () => stopServer(record.engine),
});

/** To stay until it is stopped, or as long as this holder holds it: a process, and a number within it. */
type Claim = 'stay' | { readonly holder: string };

async function backendUrl(engine: ServerEngine, claim: Claim): Promise<string | undefined> {
  const backend = backendOf(engine);
  return backend && (await claimServer(backend, claim)).url;
}

function withClaim(record: Shared, claim: Claim): Shared {
  const holders = record.holders.filter(isAlive);
  if (claim === 'stay') return { ...record, holders, stays: true };
  return { ...record, holders: [...holders, claim.holder] };
}

async function claimServer(engine: ServerEngine, claim: Claim): Promise<Server> {
  const url = overrideUrl(engine);
  if (url) return serverAtUrl(engine, url);
  const backend = await backendUrl(engine, claim);
  const file = sharedFile(engine);
  const found = await readRecord<Shared>(file);
  // Anyone may use what runs already; only a claim on how long it lives needs the lock.
  if (
    found &&
    claim === 'stay' &&
    (found.stays || found.holders.some(isAlive)) &&
    (await usable(found, backend))
  ) {
    return toServer(found);
  }
  return exclusively(`server-${engine}`, async () => {
    const present = await readRecord<Shared>(file);
    if (present && (await usable(present, backend))) {
      await writeRecord(file, withClaim(present, claim));
      return toServer(present);
    }
    if (present) await stopInstance(present);
    const started = await startInstance(engine, { backendUrl: backend });
    await writeRecord(file, withClaim({ ...started, stays: false, holders: [] }, claim));
    return toServer(started);
  });
}

type AnyEngine = Engine | ServerEngine;
/** By engine; those that run in the process have none. */
type Servers<E extends AnyEngine> = Readonly<Record<Extract<E, ServerEngine>, Server>>;

const processes = (engines: readonly AnyEngine[]): readonly ServerEngine[] => engines.filter(isServerEngine);

async function claimAll<E extends AnyEngine>(engines: readonly E[], claim: Claim): Promise<Servers<E>> {
  const settled = await Promise.allSettled(processes(engines).map((engine) => claimServer(engine, claim)));
  const failures = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) {
    throw new AggregateError(
      failures,
      failures.map((each) => (each instanceof Error ? each.message : String(each))).join('\n\n'),
    );
  }
  const servers = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  return Object.fromEntries(servers.map((server) => [server.engine, server])) as Servers<E>;
}

/**
 * The servers of these engines, started where they are not running. Safe to call from any number of processes at
 * once. What this starts stays until `stop()` or `npm run servers -- down`.
 */
export const ensureServers = <E extends AnyEngine>(engines: readonly E[]): Promise<Servers<E>> =>
  claimAll(engines, 'stay');

export interface Borrowed<E extends AnyEngine> {
  readonly servers: Servers<E>;
  /** Stops what nobody else holds and nobody started to stay. */
  release(): Promise<void>;
}

let borrowings = 0;

/** As `ensureServers`, for the length of a test run. */
export async function borrowServers<E extends AnyEngine>(engines: readonly E[]): Promise<Borrowed<E>> {
  borrowings += 1;
  const holder = `${myStamp()} ${borrowings}`;
  const held = new Set(processes(engines).flatMap((engine) => [engine, backendOf(engine) ?? engine]));
  const release = async (): Promise<void> => {
    for (const engine of held) await releaseServer(engine, holder);
  };
  try {
    return { servers: await claimAll(engines, { holder }), release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function releaseServer(engine: ServerEngine, holder: string): Promise<void> {
  if (overrideUrl(engine)) return;
  await exclusively(`server-${engine}`, async () => {
    const file = sharedFile(engine);
    const record = await readRecord<Shared>(file);
    if (!record) return;
    const holders = record.holders.filter((each) => each !== holder && isAlive(each));
    const changed: Shared = { ...record, holders };
    if (changed.stays || holders.length > 0) return writeRecord(file, changed);
    await stopInstance(record);
    await rm(file, { force: true });
  });
}

async function stopServer(engine: ServerEngine): Promise<void> {
  await exclusively(`server-${engine}`, async () => {
    const record = await readRecord<Shared>(sharedFile(engine));
    if (record) await stopInstance(record);
    await rm(sharedFile(engine), { force: true });
  });
}

/** A server that nobody else uses, to be killed and restarted at will. `durable` writes as a production server does. */
export async function privateServer(
  engine: ServerEngine,
  options: StartOptions = {},
): Promise<PrivateServer> {
  const backend = options.backendUrl ?? (await backendUrl(engine, 'stay'));
  let running = await startInstance(engine, { ...options, backendUrl: backend });
  await writeRecord(privateFile(running), running);
  return {
    ...toServer(running),
    get pid() {
      return running.pid;
    },
    stop: async () => {
      await stopInstance(running);
      await rm(privateFile(running), { force: true });
    },
    kill: () => killInstance(running),
    shutdown: () => shutdownInstance(running),
    restart: async () => {
      running = await restartInstance(running);
      await writeRecord(privateFile(running), running);
    },
  };
}

export interface ServerStatus extends Running {
  readonly kind: 'shared' | 'private';
  readonly running: boolean;
}

async function records(): Promise<readonly { readonly file: string; readonly record: Running }[]> {
  const folder = cacheFolder('run');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const read = await Promise.all(
    names.map(async (name) => ({ file: join(folder, name), record: await readRecord(join(folder, name)) })),
  );
  return read.flatMap(({ file, record }) => (record ? [{ file, record }] : []));
}

const isPrivate = (file: string): boolean => basename(file).startsWith('private-');

export async function serverStatuses(): Promise<readonly ServerStatus[]> {
  return (await records()).map(({ file, record }) => ({
    ...record,
    kind: isPrivate(file) ? 'private' : 'shared',
    running: isRunning(record),
  }));
}

/** Stops the servers of these engines, the private ones and the forgotten ones too, and says which ran. */
export async function stopServers(engines: readonly ServerEngine[]): Promise<readonly ServerEngine[]> {
  const all = await records();
  await stopOrphans(all.map(({ record }) => record));
  const chosen = all.filter(({ record }) => engines.includes(record.engine));
  const ran = chosen.filter(({ record }) => isRunning(record)).map(({ record }) => record.engine);
  await Promise.all(
    chosen.map(async ({ file, record }) => {
      if (!isPrivate(file)) return stopServer(record.engine);
      await stopInstance(record);
      await rm(file, { force: true });
    }),
  );
  return [...new Set(ran)];
}
