// Operations on a server, as the runner sends them but without a journal: several statements in one round trip.
// In: completed operations, the live schema. Out: nothing, or what the server said. Must not know why.

import type { CompileInput } from '../../../src/dialect/dialect.ts';
import type { Segment, Statement } from '../../../src/dialect/statement.ts';
import type { Operation } from '../../../src/operations/operation.ts';
import { defaultNaming } from '../../../src/schema/naming.ts';
import type { Schema } from '../../../src/schema/schema.ts';
import type { World } from '../../conformance/world.ts';
import { refuseViolations } from '../../support/violations.ts';

type Session = Pick<World, 'connection' | 'dialect'>;

const isPlain = ({ kind, parameters }: Statement): boolean => kind !== 'assert' && parameters.length === 0;

/** Neighbours that may travel together. */
function groups(statements: readonly Statement[]): readonly (readonly Statement[])[] {
  const found: Statement[][] = [];
  for (const one of statements) {
    const last = found.at(-1);
    if (last && isPlain(one) && last.every(isPlain)) last.push(one);
    else found.push([one]);
  }
  return found;
}

async function send({ connection }: Session, statements: readonly Statement[]): Promise<void> {
  for (const group of groups(statements)) {
    const [first] = group;
    if (group.length > 1 || (first && isPlain(first))) {
      await connection.script(group.map(({ sql }) => sql));
    } else if (first) {
      const { rows } = await connection.query(first.sql, first.parameters);
      const [value] = Object.values(rows[0] ?? {});
      if (first.kind === 'assert' && rows.length > 0 && !value) throw new Error(`refused: ${first.sql}`);
    }
  }
}

async function transaction(session: Session, { mode, statements }: Segment): Promise<void> {
  const { connection, dialect } = session;
  await connection.script([dialect.begin]);
  try {
    await send(session, statements);
    if (mode === 'rebuild') await refuseViolations(connection, dialect.rebuild);
    await connection.script(['COMMIT']);
  } catch (error) {
    await connection.script(['ROLLBACK']);
    throw error;
  }
}

async function rebuild(session: Session, segment: Segment): Promise<void> {
  const { connection, dialect } = session;
  if (dialect.rebuild === null) return await transaction(session, segment);
  const [state] = (await connection.query(dialect.rebuild.state)).rows;
  await connection.script(dialect.rebuild.enter);
  try {
    await transaction(session, segment);
  } finally {
    await connection.script(dialect.rebuild.leave(state));
  }
}

/** Statements that stand alone may not share a message where a message is a transaction. */
async function alone(session: Session, { statements }: Segment): Promise<void> {
  if (!session.dialect.traits.transactionalDdl) return await send(session, statements);
  for (const one of statements) await send(session, [one]);
}

/** What the operations become on this server. */
export function segmentsOf(
  { dialect }: Pick<World, 'dialect'>,
  operations: readonly Operation[],
  before: Schema,
): readonly Segment[] {
  const naming = defaultNaming(dialect.traits.maxIdentifier);
  const input: CompileInput = { operations, before, naming };
  return dialect.compile(input);
}

/** Runs them. What is no transaction on this server may be half done when the server refuses. */
export async function runOperations(
  session: Session,
  operations: readonly Operation[],
  before: Schema,
): Promise<void> {
  for (const segment of segmentsOf(session, operations, before)) {
    if (segment.mode === 'autocommit') await alone(session, segment);
    else await (segment.mode === 'rebuild' ? rebuild : transaction)(session, segment);
  }
}
