// A process of its own that runs the statements of one SQLite session: a statement blocks the process that runs it, and
// only another one can stop it. In: messages of `sqlite-apart.ts`. Out: answers. Must not know what is run, or why.

import process from 'node:process';
import type { Connection } from '../dialect/connection.ts';
import { isSurefootError, messageOf } from '../kernel/errors.ts';
import { numberMember } from './failure.ts';
import { nodeSqlite } from './node-sqlite.ts';
import type { Answer, Question, Refusal } from './sqlite-apart-messages.ts';

function toRefusal(error: unknown): Refusal {
  if (!isSurefootError(error)) throw error;
  const { code, message, hint, details, cause } = error;
  const errcode = numberMember(cause, 'errcode');
  return { code, message, hint, details, cause: { message: messageOf(cause), errcode } };
}

async function answerTo(connection: Connection, { sql, parameters }: Question): Promise<Answer> {
  try {
    if (parameters !== null) return { result: await connection.query(sql[0] ?? '', parameters) };
    await connection.script(sql);
    return { result: { rows: [], affected: null } };
  } catch (error) {
    return { refusal: toRefusal(error) };
  }
}

const [file = ''] = process.argv.slice(2);
const connection = await nodeSqlite({ file, create: false }).connect();
// Whoever asks decides what a signal for all processes of a terminal means.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', async (question: Question) => process.send?.(await answerTo(connection, question)));
process.send?.('ready');
