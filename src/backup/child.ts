// A program run beside us: what it reads, writes and complains of.
// In: a path, arguments, an environment. Out: its streams and its end. Must not know which program it is.

import { spawn } from 'node:child_process';
import { PassThrough, pipeline, type Readable, type Writable } from 'node:stream';
import { SurefootError } from '../kernel/errors.ts';
import { errorCode } from '../kernel/import-package.ts';
import type { Environment } from './programs.ts';

export interface ChildRequest {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly env: Environment;
  readonly signal: AbortSignal | null;
  /** What must not be shown, wherever it comes from. */
  readonly secrets: readonly string[];
}

/** A running program. */
export interface Child {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when it ended well, and refuses otherwise. */
  readonly ended: Promise<void>;
  kill(): void;
}

const longest = 4000;

/** What it said, without secrets, and not more than a person reads. */
function said(text: string, secrets: readonly string[]): string {
  const hidden = secrets
    .filter((secret) => secret !== '')
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  return hidden.trim().slice(0, longest);
}

function failed(
  request: ChildRequest,
  exitCode: number | null,
  output: string,
  cause?: unknown,
): SurefootError {
  const { program, secrets } = request;
  const words = said(output, secrets);
  const notBegun = errorCode(cause) === 'ENOENT';
  const how = notBegun
    ? 'did not start'
    : exitCode === null
      ? 'was ended'
      : `failed with exit code ${exitCode}`;
  return new SurefootError('backup/tool-failed', `${program} ${how}${words === '' ? '' : `: ${words}`}`, {
    details: { tool: program, exitCode, output: words },
    hint: 'Its own words say why. Check that this user may read (for a restore: own) every object of the database.',
    cause,
  });
}

/** Why it did not even start. */
const startProblem = (error: Error): string =>
  errorCode(error) === 'ENOENT' ? 'there is no such program' : error.message;

function cancelled(program: string): SurefootError {
  return new SurefootError('run/cancelled', `${program} was stopped, as asked`, {
    details: { revision: null },
    hint: 'Run the command again.',
  });
}

/** Starts a program. Its streams fail in silence: `ended` says what happened. */
export function startChild(request: ChildRequest): Child {
  const { program, signal } = request;
  const child = spawn(program, request.arguments, {
    env: request.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    ...(signal === null ? {} : { signal }),
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaints.length < 4 * longest) complaints += text;
  });
  child.stdin.on('error', () => undefined);
  // When a program ends, Node throws away what nobody has begun to read.
  const stdout = pipeline(child.stdout, new PassThrough(), () => undefined);
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error) =>
      reject(
        signal?.aborted
          ? cancelled(program)
          : failed(request, null, complaints || startProblem(error), error),
      ),
    );
    child.once('close', (code) => (code === 0 ? resolve() : reject(failed(request, code, complaints))));
  });
  // Whoever waits for it comes to it later than it may happen.
  ended.catch(() => undefined);
  return {
    stdin: child.stdin,
    stdout,
    stderr: child.stderr,
    ended,
    kill: () => void child.kill(),
  };
}

/** All that a program writes. */
export async function outputOf(child: Child): Promise<string> {
  child.stdin.end();
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  await child.ended;
  return Buffer.concat(chunks).toString('utf8');
}
