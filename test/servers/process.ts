// In: a program and its arguments.
// Out: a server in the background that outlives its starter, found and stopped by pid.
// Must not know: which engine it is.

import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverUser } from './cache.ts';
import { cleanEnvironment, lastLines } from './command.ts';

/** What tells our process from a later one with the same pid: its arguments name its data directory. */
export interface Identity {
  readonly pid: number;
  readonly dataDir: string;
}

export function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.on('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() =>
      address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
    );
  });
  return promise;
}

function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

export const isRunning = ({ pid, dataDir }: Identity): boolean => commandLine(pid).includes(dataDir);

/** /proc/PID/stat after the name, which stands in parentheses and may hold anything: state, parent, … */
function statFields(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** A process by pid and the moment it began, so that a later process with the same pid is another one. */
function processStamp(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const fields = statFields(pid);
    return fields && fields[0] !== 'Z' ? `${pid} ${fields[19]}` : undefined;
  }
  try {
    return `${pid} ${execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()}`;
  } catch {
    return undefined;
  }
}

export const myStamp = (): string => processStamp(process.pid) ?? String(process.pid);

/** Whatever follows the stamp is its owner's business. */
export function isAlive(stamp: string): boolean {
  const now = processStamp(Number.parseInt(stamp, 10));
  return now !== undefined && `${stamp} `.startsWith(`${now} `);
}

/** Beside the data directory, from the moment of its start: who the server is and who is starting it. */
const pidFile = (dataDir: string): string => `${dataDir}.pid`;

interface Birth {
  readonly pid: number;
  readonly starter: string;
}

export const forgetProcess = (dataDir: string): Promise<void> => rm(pidFile(dataDir), { force: true });

/** Servers whose starter was killed before it could record them. */
export async function orphans(folder: string, recorded: readonly string[]): Promise<readonly Identity[]> {
  const files = (await readdir(folder))
    .filter((name) => name.endsWith('.pid'))
    .map((name) => join(folder, name));
  const found = files.map((file) => {
    const { pid, starter } = JSON.parse(readFileSync(file, 'utf8')) as Birth;
    return { pid, dataDir: file.slice(0, -'.pid'.length), starter };
  });
  return found.filter(({ dataDir, starter }) => !recorded.includes(dataDir) && !isAlive(starter));
}

export interface Launch {
  readonly argv: readonly string[];
  readonly dataDir: string;
  readonly log: string;
  /** Resolves as soon as the server answers. */
  readonly answer: () => Promise<string>;
}

export interface Launched {
  readonly pid: number;
  readonly version: string;
}

const startLimit = 90_000;

/** Starts the server and waits until it answers; if it ends before that, the error holds the end of its log. */
export async function launch({ argv, dataDir, log, answer }: Launch): Promise<Launched> {
  const [program = '', ...args] = argv;
  const output = openSync(log, 'a', 0o600);
  const child = spawn(program, args, {
    cwd: dataDir,
    detached: true,
    env: cleanEnvironment,
    stdio: ['ignore', output, output],
    ...serverUser,
  });
  closeSync(output);
  writeFileSync(
    pidFile(dataDir),
    JSON.stringify({ pid: child.pid ?? 0, starter: myStamp() } satisfies Birth),
  );
  let ended: string | undefined;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended = `it ended with ${signal ?? code}`));
  child.unref();
  const limit = Date.now() + startLimit;
  while (true) {
    const version = await answer().catch((error: unknown) => error);
    if (typeof version === 'string' && ended === undefined && child.pid !== undefined)
      return { pid: child.pid, version };
    if (ended !== undefined || Date.now() > limit) {
      if (ended === undefined) child.kill('SIGKILL');
      const reason = ended ?? `it did not answer within ${startLimit / 1000} s (${String(version)})`;
      throw new Error(`${reason}; the end of its log:\n${lastLines(await readFile(log, 'utf8'))}`);
    }
    await sleep(50);
  }
}

/** A killed process is gone only when its last thread is: until then its sockets and file locks live. */
function hasEnded(identity: Identity): boolean {
  if (isRunning(identity)) return false;
  try {
    return readdirSync(`/proc/${identity.pid}/task`).length <= 1;
  } catch {
    return true;
  }
}

async function waitForEnd(identity: Identity, limit: number): Promise<boolean> {
  for (let waited = 0; waited < limit; waited += 10) {
    if (hasEnded(identity)) return true;
    await sleep(10);
  }
  return false;
}

/** Asks the server to end, and makes it end if it does not. */
export async function stopProcess(identity: Identity, signal: 'SIGINT' | 'SIGTERM'): Promise<void> {
  if (!isRunning(identity)) return;
  process.kill(identity.pid, signal);
  if (!(await waitForEnd(identity, 15_000))) await killProcess(identity);
}

/** As a crash ends it: the server and its children at once, in the middle of whatever they do. */
export async function killProcess(identity: Identity): Promise<void> {
  if (!isRunning(identity)) return;
  const family = [identity.pid, ...childrenOf(identity.pid)];
  for (const pid of family) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
  const ended = await Promise.all(family.map((pid) => waitForEnd({ ...identity, pid }, 15_000)));
  if (ended.includes(false)) throw new Error(`process ${identity.pid} does not end`);
}

export function childrenOf(parent: number): readonly number[] {
  const pairs = process.platform === 'linux' ? parentsFromProc() : parentsFromPs();
  return pairs.filter(([, ppid]) => ppid === parent).map(([pid]) => pid);
}

function parentsFromProc(): readonly (readonly [number, number])[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(statFields(Number(name))?.[1])] as const);
}

function parentsFromPs(): readonly (readonly [number, number])[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid = 0, ppid = 0] = line.trim().split(/\s+/).map(Number);
    return [pid, ppid] as const;
  });
}
