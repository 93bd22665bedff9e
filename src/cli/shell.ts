// The process, as the command line sees it. In: nothing. Out: Shell. Only this file and `bin.ts` touch the process.

import { dirname } from 'node:path';

/** A stream to write to. */
export interface Terminal {
  readonly isTty: boolean;
  readonly hasColor: boolean;
  readonly columns: number;
  write(text: string): void;
}

/** Everything that the command line needs of the world. */
export interface Shell {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of the process. */
  readonly folder: string;
  /** The folder of the caller: under npm not the one of the process. */
  readonly callerFolder: string;
  readonly pid: number;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /** True: there is somebody to ask. */
  readonly isInteractive: boolean;
  /** Asks on stderr, reads a line. */
  ask(question: string): Promise<string>;
  readStdin(): Promise<string>;
  /** Calls back at the first signal to stop; the second one ends the process. Gives what stops listening. */
  onInterrupt(listener: () => void): () => void;
  /** Runs a program in this terminal; its exit code, `null`: a signal ended it. */
  runProgram(command: string, args: readonly string[]): Promise<number | null>;
}

type Env = Shell['env'];

/** NO_COLOR wins over FORCE_COLOR; without either, colours are for terminals that know them. */
export function wantsColor(env: Env, isTty: boolean): boolean {
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTty && env['TERM'] !== 'dumb';
}

/** npm goes to the folder of the package; what a script of it starts elsewhere inherits the variables all the same. */
export function callerFolder(env: Env, folder: string): string {
  const { INIT_CWD: caller, npm_package_json: manifest } = env;
  if (!caller) return folder;
  return manifest === undefined || dirname(manifest) === folder ? caller : folder;
}

function terminalOf(stream: NodeJS.WriteStream, env: Env): Terminal {
  const isTty = stream.isTTY === true;
  return {
    isTty,
    hasColor: wantsColor(env, isTty),
    get columns() {
      return stream.columns ?? 100;
    },
    write: (text) => {
      stream.write(text);
    },
  };
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}

const signals = ['SIGINT', 'SIGTERM'] as const;

function onInterrupt(listener: () => void): () => void {
  const stop = () => {
    for (const signal of signals) process.off(signal, first);
  };
  // With no listener left, the next signal does what signals do.
  const first = () => {
    stop();
    listener();
  };
  for (const signal of signals) process.on(signal, first);
  return stop;
}

async function runProgram(command: string, args: readonly string[]): Promise<number | null> {
  const { spawn } = await import('node:child_process');
  const child = spawn(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
}

/** The shell of this process. */
export function processShell(): Shell {
  const { env } = process;
  return {
    argv: process.argv.slice(2),
    env,
    folder: process.cwd(),
    callerFolder: callerFolder(env, process.cwd()),
    pid: process.pid,
    stdout: terminalOf(process.stdout, env),
    stderr: terminalOf(process.stderr, env),
    isInteractive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    ask,
    readStdin: async () => (await import('node:stream/consumers')).text(process.stdin),
    onInterrupt,
    runProgram,
  };
}
