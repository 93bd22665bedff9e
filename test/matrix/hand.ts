// A hand that changes a database without a history: operations compiled and sent, nothing written down.
// In: a bench. Out: Hand. Must not know revisions, plans or the journal.

import { connectDialect, openDatabase } from '../../src/config/choose-dialect.ts';
import type { Connection } from '../../src/dialect/connection.ts';
import type { Dialect } from '../../src/dialect/dialect.ts';
import type { Segment } from '../../src/dialect/statement.ts';
import { completeAndApply } from '../../src/operations/apply.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { openDraft } from '../../src/schema/draft.ts';
import { defaultNaming } from '../../src/schema/naming.ts';
import type { Schema } from '../../src/schema/schema.ts';
import type { Bench } from './bench.ts';

export interface Hand {
  readonly dialect: Dialect;
  /** What is there, in all namespaces, but Surefoot's own tables. */
  introspect(): Promise<Schema>;
  /** Throws what the server says. What is no transaction on this server may be half done then. */
  apply(operations: readonly Operation[], before: Schema): Promise<void>;
  /** The schema as SQL that creates it. */
  dump(schema: Schema): readonly string[];
  close(): Promise<void>;
}

const hidden = ['surefoot_version', 'surefoot_journal', 'surefoot_lock'];

async function transaction({ connection, dialect }: Session, segment: Segment): Promise<void> {
  await connection.query(dialect.begin);
  try {
    for (const { sql, parameters } of segment.statements) await connection.query(sql, parameters);
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  }
}

interface Session {
  readonly connection: Connection;
  readonly dialect: Dialect;
}

async function runSegment(session: Session, segment: Segment): Promise<void> {
  const { connection, dialect } = session;
  if (segment.mode === 'autocommit') {
    for (const { sql, parameters } of segment.statements) await connection.query(sql, parameters);
    return;
  }
  if (segment.mode === 'transaction' || dialect.rebuild === null) return await transaction(session, segment);
  const [state] = (await connection.query(dialect.rebuild.state)).rows;
  await connection.script(dialect.rebuild.enter);
  try {
    await transaction(session, segment);
  } finally {
    await connection.script(dialect.rebuild.leave(state));
  }
}

export async function openHand({ target }: Bench): Promise<Hand> {
  const { database, dialectName } = await openDatabase(
    target.url === undefined ? { connection: target.connection } : { url: target.url },
  );
  const connection = await database.connect();
  const { dialect } = await connectDialect(dialectName, connection);
  await connection.script(dialect.sessionSetup);
  const naming = defaultNaming(dialect.traits.maxIdentifier);
  const scope = { hidden, namespaces: null };
  return {
    dialect,
    introspect: async () => dialect.normalize(await dialect.introspect(connection, scope)),
    apply: async (operations, before) => {
      const completed = completeAndApply(operations, openDraft(before));
      for (const segment of dialect.compile({ operations: completed, before, naming }))
        await runSegment({ connection, dialect }, segment);
    },
    dump: (schema) => dialect.dump(schema, naming),
    close: async () => {
      await connection.close();
      await database.close();
    },
  };
}
