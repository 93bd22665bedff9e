// The command line for tests. In: arguments, a folder. Out: what it wrote, and its exit code.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Shell } from '../../src/cli/shell.ts';
import { callerFolder, wantsColor } from '../../src/cli/shell.ts';
import { builtBin } from './built.ts';
import { loadFresh } from './fresh-modules.ts';
import { schemaProblems } from './json-schema.ts';
import { share } from './share.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sourceBin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with what is running. */
  readonly onStart?: (child: ReturnType<typeof spawn>) => void;
  readonly input?: string;
  /** True: a stack is what is asked for. */
  readonly showsStack?: boolean;
  /** True: what is tried is the process; SUREFOOT_LONG=1 gives one to every call. */
  readonly ownProcess?: boolean;
}

// What a developer's or a runner's own variables say must not change a test.
const plainEnv = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', NO_COLOR: '1' };

/** Whatever happens, nobody is shown a stack. */
function refuseStack({ out, err }: CliResult): void {
  expect(out).not.toMatch(/^ {4}at /m);
  expect(err).not.toMatch(/^ {4}at /m);
}

/** Every refusal says what to do about it, and its code. */
function refuseHintless({ err }: CliResult): void {
  if (/^error /m.test(err)) expect(err).toMatch(/^hint {2}\S.*\n(?:.*\n)*?code {2}\S+$/m);
}

async function asProcess(args: readonly string[], options: CliOptions): Promise<CliResult> {
  // A stack names what stands in src/.
  const bin = options.showsStack === true ? sourceBin : builtBin();
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd,
    env: { ...plainEnv, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  // One that has ended before it is told anything has not failed by that.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  options.onStart?.(child);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, out, err };
}

loadFresh();

/** What a process whose streams are pipes sees. */
function pipes(args: readonly string[], { cwd, env: own, input = '' }: CliOptions) {
  const env: Shell['env'] = { ...plainEnv, ...own };
  const written = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    isTty: false,
    hasColor: wantsColor(env, false),
    columns: 100,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const shell: Shell = {
    argv: args,
    env,
    folder: cwd,
    callerFolder: callerFolder(env, cwd),
    pid: process.pid,
    stdout: stream('out'),
    stderr: stream('err'),
    isInteractive: false,
    ask: async () => '',
    readStdin: async () => input,
    onInterrupt: () => () => {},
    runProgram: async (command) => {
      throw new Error(`${command} needs ownProcess`);
    },
  };
  return { shell, written };
}

async function here(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const { shell, written } = pipes(args, options);
  return { code: await main(shell), ...written };
}

/** Runs the command line: in this process, where nothing of what is tried needs one of its own. */
export async function cli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const { ownProcess = share(true, options.onStart !== undefined) } = options;
  const result = await (ownProcess ? asProcess : here)(args, options);
  if (options.showsStack !== true) refuseStack(result);
  refuseHintless(result);
  return result;
}

/** Runs it with --json; the answer is checked against the schema of the verb, a refusal against that of refusals. */
export async function cliJson<T = Record<string, unknown>>(
  args: readonly string[],
  options: CliOptions & { readonly code?: number; readonly schema?: string },
): Promise<T> {
  const { code: wanted = 0 } = options;
  const result = await cli([...args, '--json'], options);
  const answer: unknown = JSON.parse(result.out);
  const isRefusal = typeof answer === 'object' && answer !== null && 'error' in answer;
  const schema = isRefusal ? 'error' : (options.schema ?? args.find((word) => !word.startsWith('-')) ?? '');
  expect(schemaProblems(`${root}docs/schemas/${schema}.schema.json`, answer)).toEqual([]);
  expect({ code: result.code, err: result.err, answer }).toEqual({ code: wanted, err: '', answer });
  return answer as T;
}

/** What changes from run to run, replaced: times and durations, and with them the width of columns. */
export function masked(text: string, folder = ''): string {
  const plain = folder === '' ? text : text.replaceAll(folder, '<folder>');
  return plain
    .replace(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?: UTC|Z)?/g, '<time>')
    .replace(/\b\d{14}_/g, '<stamp>_')
    .replace(/\b\d+(?:\.\d+)? (?:ms|s)(?=\s|$|\.$)/gm, '<ms>')
    .replace(/(\S) {2,}/g, '$1  ')
    .replace(/ +$/gm, '');
}

/** Somebody at a terminal, in this process: what is asked is answered from a list. */
export async function atTerminal(
  args: readonly string[],
  options: { readonly cwd: string; readonly answers?: readonly string[]; readonly env?: Shell['env'] },
): Promise<CliResult & { readonly asked: readonly string[] }> {
  let [out, err] = ['', ''];
  const asked: string[] = [];
  const terminal = (write: (text: string) => void) => ({ isTty: true, hasColor: false, columns: 100, write });
  const shell: Shell = {
    argv: args,
    env: { HOME: '/nonexistent', ...options.env },
    folder: options.cwd,
    callerFolder: options.cwd,
    pid: 1,
    stdout: terminal((text) => {
      out += text;
    }),
    stderr: terminal((text) => {
      err += text;
    }),
    isInteractive: true,
    ask: async (question) => {
      asked.push(question);
      return options.answers?.[asked.length - 1] ?? '';
    },
    readStdin: async () => '',
    onInterrupt: () => () => {},
    runProgram: async () => 0,
  };
  const result = { code: await main(shell), out, err, asked };
  refuseStack(result);
  refuseHintless(result);
  return result;
}
