// Before the first statement: alterations of large tables that the server could only carry out by a copy.
// In: a plan, what may be done. Out: nothing, or a refusal. Must not know the ways of any server; leaves nothing behind.

import { randomBytes } from 'node:crypto';
import type { Alteration, Altering } from '../dialect/alteration.ts';
import type { Connection } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { Statement } from '../dialect/statement.ts';
import { isSurefootError, messageOf } from '../kernel/errors.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { TableRef } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';
import { tableCopy } from './alter.ts';
import type { AlterMeans } from './alter-means.ts';

/** What a probe needs. */
export interface ProbeGround {
  readonly connection: Connection;
  readonly dialect: Pick<Dialect, 'altering'>;
  readonly means: AlterMeans;
}

/** A statement that alters a table which is there before the run. */
interface Altered {
  readonly revision: string;
  readonly statement: Statement & { readonly alteration: Alteration };
  /** The table, by the name that it has before the run. */
  readonly origin: TableRef;
}

/** The names that tables get in the step, each with the one it had before. */
function renamedIn(step: Step, names: Map<string, TableRef>): void {
  for (const { operation, standing } of step.operations) {
    if (operation.kind !== 'renameTable' || standing !== 'pending') continue;
    names.set(refKey(operation.to), names.get(refKey(operation.from)) ?? operation.from);
  }
}

/** In the order of the run, by table. */
function alteredTables(plan: Plan): readonly (readonly Altered[])[] {
  const names = new Map<string, TableRef>();
  const tables = new Map<string, Altered[]>();
  for (const step of plan.steps) {
    renamedIn(step, names);
    for (const statement of step.segments.flatMap(({ statements }) => statements)) {
      const { alteration } = statement;
      if (!alteration) continue;
      const origin = names.get(refKey(alteration.table)) ?? alteration.table;
      const list = tables.get(refKey(origin)) ?? [];
      tables.set(refKey(origin), list);
      list.push({ revision: step.revision, statement: { ...statement, alteration }, origin });
    }
  }
  return [...tables.values()];
}

/** The server's answer: it did it, it would have to copy (and why), or nobody can tell. */
type Answer = 'done' | 'unknown' | { readonly reason: string };

interface Twin {
  readonly connection: Connection;
  readonly altering: Altering;
  readonly alter: (clauses: string) => string;
}

async function askTwin({ clauses, ways }: Alteration, twin: Twin): Promise<Answer> {
  const known = twin.altering.copies(clauses);
  if (known !== null) return { reason: known };
  let reason = '';
  for (const way of ways) {
    try {
      await twin.connection.query(`${twin.alter(clauses)}, ${way}`);
      return 'done';
    } catch (error) {
      if (!twin.altering.isRefusal(error, way)) {
        if (isSurefootError(error, 'database/query-failed')) return 'unknown';
        throw error;
      }
      reason = messageOf(error);
    }
  }
  return { reason };
}

/** True if the server made it, or took it away. What an account may not do, nobody has to know of. */
async function could(connection: Connection, sql: string): Promise<boolean> {
  try {
    await connection.query(sql);
    return true;
  } catch (error) {
    if (isSurefootError(error, 'database/query-failed')) return false;
    throw error;
  }
}

/** The first of the alterations that is a copy, tried one after the other on an empty table like it. */
async function firstCopy(
  list: readonly Altered[],
  { connection, altering }: { readonly connection: Connection; readonly altering: Altering },
): Promise<{ readonly altered: Altered; readonly reason: string } | null> {
  const [first] = list;
  if (!first) return null;
  const twin = altering.twin(first.origin, `_surefoot_probe_${randomBytes(6).toString('hex')}`);
  if (!(await could(connection, twin.make))) return null;
  try {
    for (const altered of list) {
      const answer = await askTwin(altered.statement.alteration, { connection, altering, alter: twin.alter });
      if (answer === 'unknown') return null;
      if (answer !== 'done') return { altered, reason: answer.reason };
    }
    return null;
  } finally {
    await could(connection, twin.drop);
  }
}

/**
 * Refuses a plan that would come to a copy of a large table which nobody agreed to. What cannot be foreseen here is refused
 * at its statement.
 */
export async function refuseCopies(plan: Plan, { connection, dialect, means }: ProbeGround): Promise<void> {
  const { altering } = dialect;
  if (altering === null || means.mayCopy || means.tool !== null) return;
  for (const list of alteredTables(plan)) {
    const [first] = list;
    if (!first) continue;
    const bytes = (await altering.size(connection, first.origin)) ?? 0;
    if (bytes <= means.copyLimit) continue;
    const found = await firstCopy(list, { connection, altering });
    if (found === null) continue;
    const { revision, statement } = found.altered;
    throw tableCopy(statement, {
      revision,
      bytes,
      copyLimit: means.copyLimit,
      reason: found.reason,
      before: true,
    });
  }
}
