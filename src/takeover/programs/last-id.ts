import { textOf } from '../../dialect/rows.ts';
import type { DialectName } from '../../schema/schema.ts';
import type { ProgramSession } from './session.ts';
import { codeOf } from './statement.ts';

const questions: Readonly<Record<DialectName, string | null>> = {
  postgres: null,
  mysql: 'SELECT last_insert_id() AS id',
  sqlite: 'SELECT last_insert_rowid() AS id',
};

/** The number that the server gave the last row, as drivers tell it after an INSERT; 0: none. */
export async function lastIdAfter(sql: string, session: ProgramSession): Promise<number> {
  const first = codeOf(sql, session.dialect.syntax)[0]?.text.toLowerCase();
  const question = first === 'insert' || first === 'replace' ? questions[session.dialect.name] : null;
  if (question === null) return 0;
  return Number(textOf((await session.send(question)).rows[0], 'id') ?? 0);
}
