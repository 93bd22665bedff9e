// SQL from Alembic itself, in its offline mode. In: a project, a step of its history. Out: statements, or why there are none.
// Must not know what they do, nor a database.

import { spawn } from 'node:child_process';
import { SurefootError } from '../../kernel/errors.ts';
import { splitStatements } from '../../kernel/sql-text.ts';
import type { DialectName } from '../../schema/schema.ts';
import { syntaxOf } from './syntax.ts';

/** How Alembic is called for a project. */
export interface AlembicHome {
  /** The folder that its command line is used in. */
  readonly folder: string;
  /** True: the project's command is `flask db`. */
  readonly isFlask: boolean;
  /** The folder of env.py. */
  readonly script: string;
}

export interface OfflineMeans {
  readonly home: AlembicHome;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dialect: DialectName;
}

/** A step: from a revision to the next, or back. `null`: where there is none. */
export interface OfflineStep {
  readonly way: 'upgrade' | 'downgrade';
  readonly from: string | null;
  readonly to: string | null;
}

export type OfflineSql =
  | { readonly kind: 'sql'; readonly statements: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** Asks Alembic for a step. */
export type Offline = (step: OfflineStep) => Promise<OfflineSql>;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly complaints: string;
}

function missing(program: string, cause: unknown): SurefootError {
  return new SurefootError('import/not-found', `there is no program ${program} on the PATH`, {
    details: { path: program },
    hint: 'Activate the Python environment of the project first, or leave --with-alembic out.',
    cause,
  });
}

function runProgram(program: string, given: readonly string[], { home, env }: OfflineMeans): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  const child = spawn(program, given, {
    cwd: home.folder,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const parts = { out: '', complaints: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (parts.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (parts.complaints += text));
  child.once('error', (error) => reject(missing(program, error)));
  child.once('close', (code) => resolve({ code, ...parts }));
  return promise;
}

/** What Alembic says besides: the transaction, and the table that it keeps. */
const bookkeeping =
  /^(?:begin|commit|start\s+transaction)\b|^(?:create\s+table|insert\s+into|update|delete\s+from|drop\s+table)\s+\S*\balembic_version\b/i;

/** The last word of a traceback, without passwords. */
function lastWord(complaints: string): string {
  const lines = complaints.trim().split('\n');
  const found =
    lines.findLast((line) => /^\S*(?:Error|Exception|FAILED|Warning)\b/.test(line)) ?? lines.at(-1) ?? '';
  return found.replaceAll(/\/\/[^@\s/]*@/g, '//***@').slice(0, 300);
}

function wordsOf({ way, from, to }: OfflineStep, { isFlask, script }: AlembicHome): readonly string[] {
  const range = `${from ?? 'base'}:${to ?? 'base'}`;
  return isFlask
    ? ['flask', 'db', way, '--sql', '--directory', script, range]
    : ['alembic', way, range, '--sql'];
}

/** Alembic, asked for one step after the other. */
export function openOffline(means: OfflineMeans): Offline {
  return async (step) => {
    const [program = '', ...given] = wordsOf(step, means.home);
    const { code, out, complaints } = await runProgram(program, given, means);
    if (code !== 0) return { kind: 'failed', reason: lastWord(complaints) };
    const statements = splitStatements(out, syntaxOf(means.dialect))
      .map(({ sql }) => sql.replace(/^(?:\s*--[^\n]*\n)+/, '').trim())
      .filter((sql) => sql !== '' && !bookkeeping.test(sql));
    return { kind: 'sql', statements };
  };
}
