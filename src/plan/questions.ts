import type { Connection } from '../dialect/connection.ts';
import type { RowQuestion } from '../dialect/dialect.ts';
import { textOf } from '../dialect/rows.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { Loss } from './plan.ts';

const shown = 5;

/** The rows that would break an operation, by key; `null`: there are none. */
export async function askRows(connection: Connection, question: RowQuestion): Promise<string | null> {
  const { rows } = await connection.query(question.sql);
  const names = rows.map((row) => textOf(row, Object.keys(row)[0] ?? '') ?? 'NULL');
  if (names.length === 0) return null;
  const more = names.length > shown ? ', …' : '';
  return `${question.subject}: ${names.slice(0, shown).join(', ')}${more}`;
}

/** Refuses where present rows would break what the plan is about to do. */
export async function checkRows(connection: Connection, questions: readonly RowQuestion[]): Promise<void> {
  const violations: string[] = [];
  for (const question of questions) {
    const violation = await askRows(connection, question);
    if (violation !== null) violations.push(violation);
  }
  if (violations.length > 0) throw rowsInTheWay(violations);
}

export function rowsInTheWay(violations: readonly string[]): SurefootError {
  return new SurefootError('plan/rows', `present rows stand in the way: ${violations.join('; ')}`, {
    details: { violations },
    hint: 'Correct these rows, or add a data step before the operation. --row-check skip leaves the check to the server.',
  });
}

/** A question about values that would be lost, asked of its revision. */
export interface LossOfRevision {
  readonly revision: string;
  readonly subject: string;
  readonly sql: string;
}

/** Counts what would be lost; what is empty loses nothing. */
export async function countLosses(
  connection: Connection,
  questions: readonly LossOfRevision[],
): Promise<readonly Loss[]> {
  const losses: Loss[] = [];
  for (const { revision, subject, sql } of questions) {
    const { rows } = await connection.query(sql);
    const count = Number(textOf(rows[0], Object.keys(rows[0] ?? {})[0] ?? '') ?? 0);
    if (count > 0) losses.push({ revision, subject, count });
  }
  return losses;
}

/** A precondition of a revision: its query's first value must be true. */
export async function checkAssertion(
  connection: Connection,
  revision: string,
  assertion: { readonly sql: string; readonly message: string },
): Promise<void> {
  const { rows } = await connection.query(assertion.sql);
  const value = textOf(rows[0], Object.keys(rows[0] ?? {})[0] ?? '');
  if (value !== null && !['0', 'f', 'false', ''].includes(value.toLowerCase())) return;
  throw new SurefootError('plan/assertion', `revision ${revision} asserts: ${assertion.message}`, {
    details: { revision, message: assertion.message },
    hint: 'Nothing was changed. Make the assertion true, or change the revision.',
  });
}
