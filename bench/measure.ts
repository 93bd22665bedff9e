// In: commands. Out: how long they took, how much CPU, and how much memory, their children's included.
// Must not know: what they do.

import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';

/** A program to measure. */
export interface Command {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A file for its standard input. */
  readonly stdin?: string;
  /** Exit codes that mean success; default: 0. */
  readonly codes?: readonly number[];
}

/** A run that did not end well, in few words and in many. */
export class Setback extends Error {
  override readonly name = 'Setback';
  readonly short: string;

  constructor(short: string, message: string) {
    super(message);
    this.short = short;
  }
}

/** What was measured. `null`: this system does not tell. */
export interface Measured {
  readonly wallMs: number;
  readonly cpuMs: number | null;
  /** Of all processes together, at their peaks. */
  readonly peakMb: number | null;
}

/** Linux counts the time of processes in hundredths of a second, whatever its clock does. */
const tickMs = 10;

const readOrNothing = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // A process that has ended meanwhile, or a system without /proc.
    return '';
  }
};

/** What stands in /proc/…/stat behind the name, which may hold anything. */
const fieldsOf = (pid: string): readonly string[] => {
  const text = readOrNothing(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
};

/** CPU of all children that have ended, and of theirs. */
function childrenCpuMs(): number | null {
  const [user, system] = fieldsOf('self').slice(13, 15).map(Number);
  return user === undefined || system === undefined ? null : (user + system) * tickMs;
}

/** The processes and all that they started. */
function treeOf(roots: readonly number[]): readonly string[] {
  const parents = new Map<string, string>();
  for (const pid of readdirSync('/proc')) if (/^\d+$/.test(pid)) parents.set(pid, fieldsOf(pid)[1] ?? '');
  const found = roots.map(String);
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found;
}

function peakKb(pid: string): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readOrNothing(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** How often memory is looked at: a look costs time, which runs of many seconds can do without. */
const lookEveryMs = { apart: 15, along: 150 } as const;

/** Follows processes; gives what tells the greatest memory that they were seen to use together. */
function followMemory(pids: readonly number[], way: keyof typeof lookEveryMs): () => number | null {
  if (process.platform !== 'linux') return () => null;
  let peak = 0;
  const look = () => {
    const now = treeOf(pids).reduce((sum, pid) => sum + peakKb(pid), 0);
    peak = Math.max(peak, now);
  };
  const timer = setInterval(look, lookEveryMs[way]);
  return () => {
    clearInterval(timer);
    return peak / 1024;
  };
}

const kept = (environment: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(npm_|INIT_CWD|NODE_)/i.test(name)));

interface Started {
  readonly pid: number;
  readonly ended: Promise<void>;
}

function start({ argv, cwd, env, stdin, codes = [0] }: Command): Started {
  const [program = '', ...args] = argv;
  const input = stdin === undefined ? ('ignore' as const) : openSync(stdin, 'r');
  const child = spawn(program, args, {
    cwd,
    env: { ...kept(process.env), NO_COLOR: '1', CI: '1', ...env },
    stdio: [input, 'pipe', 'pipe'],
  });
  if (typeof input === 'number') closeSync(input);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-4000);
    });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once('error', reject);
  child.once('close', (code) => {
    if (code !== null && codes.includes(code)) resolve();
    else reject(new Error(`${argv.join(' ')} ended with ${code}:\n${said}`));
  });
  return { pid: child.pid ?? 0, ended: promise };
}

/** How commands are run. */
export interface Circumstances {
  /** Whether the memory is followed: in a run of its own, or along with what else is measured. */
  readonly memory: false | 'apart' | 'along';
  /** They are ended then, with all that they started. */
  readonly limitMs?: number | undefined;
}

/** Kills the processes and all that they started when the time is over; the result tells whether it was. */
function limited(pids: readonly number[], limitMs: number | undefined): () => boolean {
  if (limitMs === undefined) return () => false;
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    for (const pid of treeOf(pids)) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
  }, limitMs);
  return () => {
    clearTimeout(timer);
    return isOver;
  };
}

const isRejected = (one: PromiseSettledResult<void>): one is PromiseRejectedResult =>
  one.status === 'rejected';

function setbackOf(ended: readonly PromiseSettledResult<void>[]): Setback | null {
  const failed = ended.filter(isRejected);
  const [first] = failed;
  if (first === undefined) return null;
  const short =
    ended.length === 1 ? 'ended with an error' : `${failed.length} of ${ended.length} ended with errors`;
  return new Setback(short, first.reason instanceof Error ? first.reason.message : String(first.reason));
}

/** Runs the commands at once, to the end of the last one. */
export async function measure(
  commands: readonly Command[],
  { memory, limitMs }: Circumstances,
): Promise<Measured> {
  const cpuBefore = childrenCpuMs();
  const begun = performance.now();
  const started = commands.map(start);
  const pids = started.map(({ pid }) => pid);
  const peak = memory === false ? () => null : followMemory(pids, memory);
  const isOver = limited(pids, limitMs);
  const ended = await Promise.allSettled(started.map(({ ended }) => ended));
  const wallMs = performance.now() - begun;
  const peakMb = peak();
  if (isOver())
    throw new Setback(`over ${Number(limitMs) / 1000} s`, `${commands[0]?.argv.join(' ')} took too long`);
  const setback = setbackOf(ended);
  if (setback !== null) throw setback;
  const cpuAfter = childrenCpuMs();
  const cpuMs = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore;
  return { wallMs, cpuMs, peakMb };
}
