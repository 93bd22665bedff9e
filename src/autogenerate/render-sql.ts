// Operations as the statements of a revision in SQL.
// In: completed operations, the schema before them, a dialect. Out: text that reads back as these statements.
// Must not know files, or which dialect it is.

import type { Dialect } from '../dialect/dialect.ts';
import type { Segment, Statement } from '../dialect/statement.ts';
import { SurefootError } from '../kernel/errors.ts';
import { splitStatements } from '../kernel/sql-text.ts';
import { describe } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { Naming } from '../schema/naming.ts';
import type { Schema } from '../schema/schema.ts';
import { commentLines } from './code/literals.ts';
import type { RevisionComment } from './render-operations.ts';

/** The server that statements are written for. */
export interface SqlTarget {
  readonly dialect: Dialect;
  readonly naming: Naming;
  /** Writes a statement's values into its text; without it, a statement with values is refused. */
  readonly inline?: (statement: Statement) => string;
}

export interface SqlRendering extends SqlTarget {
  readonly operations: readonly Operation[];
  /** Normalised by the dialect. */
  readonly before: Schema;
  readonly comments?: readonly RevisionComment[];
}

/** A section's text. `none`: some of it must stand outside a transaction, so that the revision has to say so. */
export interface RenderedSql {
  readonly text: string;
  readonly transaction: 'auto' | 'none';
}

const width = 100;

function refuse(operation: string, why: string): never {
  throw new SurefootError('operation/not-writable', `${operation} cannot be written as SQL: ${why}`, {
    details: { operation },
    hint: 'Write the revision in TypeScript.',
  });
}

function statementText(statement: Statement, words: string, { inline }: SqlTarget): string {
  if (statement.kind === 'code') return refuse(words, 'its code is a function');
  if (statement.kind === 'assert') return refuse(words, 'a file of SQL has no preconditions');
  if (statement.parameters.length === 0) return statement.sql;
  return inline?.(statement) ?? refuse(words, 'its values are not part of its text');
}

const trimmed = (sql: string): string => sql.trim().replace(/[;\s]+$/, '');

/** A comment must not read as the beginning of a section. */
const sqlComment = (line: string): string =>
  line.replace(/^\/\/ ?/, '-- ').replace(/^-- (?=(?:upgrade|downgrade|effect)\b)/i, '-- note: ');

function remarks(comments: readonly RevisionComment[], operation: number | null): readonly string[] {
  return comments
    .filter((one) => one.operation === operation)
    .flatMap(({ text }) => commentLines(text, width).map(sqlComment));
}

/** Refuses what the file would be cut into otherwise. */
function refuseSplit(sql: string, words: string, { dialect }: SqlTarget): void {
  const read = splitStatements(`${sql};`, dialect.syntax);
  if (read.length === 1 && read[0] && trimmed(read[0].sql) === sql) return;
  refuse(words, 'it would read back as other statements');
}

function segmentsOf({ operations, before, dialect, naming }: SqlRendering): readonly Segment[] {
  const segments = dialect.compile({ operations, before, naming });
  const rebuilt = segments.find(({ mode }) => mode === 'rebuild')?.statements.at(-1);
  const operation = rebuilt && operations[rebuilt.operation];
  return operation ? refuse(describe(operation), 'its table has to be copied, as it is by then') : segments;
}

/** The operations as SQL, one statement after the other. */
export function renderSql(given: SqlRendering): RenderedSql {
  const { operations, dialect, comments = [] } = given;
  const segments = segmentsOf(given);
  const said = new Set<number>();
  const paragraphs = segments
    .flatMap((segment) => segment.statements)
    .map((statement) => {
      const operation = operations[statement.operation];
      const words = operation ? describe(operation) : statement.sql;
      const sql = trimmed(statementText(statement, words, given));
      refuseSplit(sql, words, given);
      const isFirst = !said.has(statement.operation);
      said.add(statement.operation);
      return [...(isFirst ? remarks(comments, statement.operation) : []), `${sql};`].join('\n');
    });
  const isAlone = segments.some(({ mode }) => mode === 'autocommit');
  return {
    text: [remarks(comments, null).join('\n'), ...paragraphs].filter((part) => part !== '').join('\n\n'),
    transaction: dialect.traits.transactionalDdl && isAlone ? 'none' : 'auto',
  };
}
