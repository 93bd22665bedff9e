import type { SqlSyntax } from '../../../kernel/sql-text.ts';
import { firstKeywords, splitStatements, tokenize } from '../../../kernel/sql-text.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

const concurrently =
  /\b(?:index|reindex\b[^;]*)\s+concurrently\b|\bdetach\s+partition\b[^;]*\bconcurrently\b/i;

/** What a block does, as text: its body is a string to the server. */
function blockOf(sql: string, syntax: SqlSyntax): string | null {
  if (firstKeywords(sql, syntax)[0] !== 'do') return null;
  return tokenize(sql, syntax)
    .filter(({ kind }) => kind === 'string')
    .map(({ text }) => text)
    .join(' ');
}

/**
 * A block, and several statements that are sent as one, are a transaction.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
export const pgConcurrentlyInTransaction: Rule = {
  id: 'pg-concurrently-in-transaction',
  severity: 'error',
  flavors: ['postgres'],
  summary: 'CONCURRENTLY inside a block, or beside other statements; PostgreSQL refuses it there.',
  check: (subject) => {
    const own = ofKind(subject, 'execute');
    if (!own) return null;
    const { sql } = own.operation;
    const isSeveral = splitStatements(sql, subject.syntax).length > 1;
    const text = isSeveral ? sql : blockOf(sql, subject.syntax);
    if (text === null || !concurrently.test(text)) return null;
    return {
      message: 'it fails every time: CONCURRENTLY cannot run inside a transaction, which this is',
      help: ['Write the statement by itself, with an op.execute of its own.'],
    };
  },
};
