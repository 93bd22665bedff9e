// A SQLite session in a process of its own, so that a statement can be stopped while it runs.
// In: a file. Out: Connection with `interrupt`. Must not know revisions or plans.

import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Connection, QueryResult } from '../dialect/connection.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { Answer, Question, Refusal } from './sqlite-apart-messages.ts';

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const program = fileURLToPath(new URL(`../drivers/sqlite-apart-process.${extension}`, import.meta.url));

interface Waiting {
  resolve(result: QueryResult): void;
  reject(error: unknown): void;
}

function toError({ code, message, hint, details, cause }: Refusal): SurefootError {
  // The very refusal that was made in the other process.
  return new SurefootError(code as SurefootError['code'], message, {
    details: details as SurefootError['details'],
    hint,
    cause,
  });
}

function ended(file: string, wasStopped: boolean): SurefootError {
  if (wasStopped) {
    return new SurefootError('database/query-failed', 'the statement was stopped', {
      details: { sql: '', code: null },
      hint: 'Its transaction is undone.',
    });
  }
  return new SurefootError('database/lost', `the process that works on sqlite:${file} has ended`, {
    details: { database: `sqlite:${file}`, code: null },
    hint: 'Run the command again: what was finished is known, the rest is resumed.',
  });
}

/** Starts the process; `null`: its program is not there (the caller was bundled into one file). */
async function start(file: string) {
  if (!existsSync(program)) return null;
  const child = fork(program, [file], { serialization: 'advanced', stdio: 'ignore', execArgv: [] });
  const isReady = await new Promise<boolean>((resolve) => {
    child.once('message', () => resolve(true));
    child.once('error', () => resolve(false));
    child.once('exit', () => resolve(false));
  });
  return isReady ? child : null;
}

/**
 * A second session of a file, whose statements run elsewhere. Once it was interrupted, `otherwise` goes on in its place.
 * `null`: there can be none.
 */
export async function sqliteApart(file: string, otherwise: Connection): Promise<Connection | null> {
  const child = await start(file);
  if (child === null) return null;
  const waiting: Waiting[] = [];
  let [wasStopped, isOver] = [false, false];
  child.on('message', (answer: Answer) => {
    const next = waiting.shift();
    if ('result' in answer) next?.resolve(answer.result);
    else next?.reject(toError(answer.refusal));
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      isOver = true;
      for (const one of waiting.splice(0)) one.reject(ended(file, wasStopped));
      resolve();
    });
  });
  const ask = async (question: Question): Promise<QueryResult> => {
    if (isOver && !wasStopped) throw ended(file, false);
    return await new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      child.send(question, (error) => error && isOver && reject(ended(file, wasStopped)));
    });
  };
  return {
    native: otherwise.native,
    query: async (sql, parameters = []) =>
      isOver && wasStopped ? await otherwise.query(sql, parameters) : await ask({ sql: [sql], parameters }),
    script: async (statements) => {
      if (isOver && wasStopped) await otherwise.script(statements);
      else await ask({ sql: statements, parameters: null });
    },
    interrupt: () => {
      wasStopped = true;
      child.kill('SIGKILL');
    },
    close: async () => {
      if (!isOver && child.connected) child.disconnect();
      await exited;
    },
  };
}
