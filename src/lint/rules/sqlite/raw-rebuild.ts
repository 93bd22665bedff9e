import type { Operation } from '../../../operations/operation.ts';
import type { TableRef } from '../../../schema/schema.ts';
import { isSameTable } from '../../parts.ts';
import { nameInSql, plainSql, plainText, tableInSql } from '../../raw-sql.ts';
import type { LintSubject } from '../../rule.ts';

/** A table rebuilt by hand: a new one is filled from it, it is dropped, and the new one takes its name. */
export interface RawRebuild {
  readonly table: TableRef;
  /** The statements of the revision, plainly spelled. */
  readonly statements: readonly string[];
}

const dropPattern = new RegExp(`^DROP TABLE (?:IF EXISTS )?(${nameInSql})`, 'iu');
const renamePattern = new RegExp(`^ALTER TABLE (${nameInSql}) RENAME TO (${nameInSql})`, 'iu');

const textOf = (operation: Operation, subject: LintSubject): string =>
  operation.kind === 'execute' ? plainText(operation.sql, subject) : '';

/** The subject, if it is the DROP TABLE of a rebuild by hand. */
export function rawRebuild(subject: LintSubject): RawRebuild | null {
  const name = dropPattern.exec(plainSql(subject) ?? '')?.[1];
  if (name === undefined) return null;
  const table = tableInSql(name, subject);
  const statements = subject.siblings.map((one) => textOf(one, subject)).filter((text) => text !== '');
  const isReplaced = statements.some((text) => {
    const to = renamePattern.exec(text)?.[2];
    return to !== undefined && isSameTable(tableInSql(to, subject), table);
  });
  return isReplaced && !subject.isNew(table) ? { table, statements } : null;
}
