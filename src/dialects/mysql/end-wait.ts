import type { Statement } from '../../dialect/statement.ts';

/**
 * An ALTER TABLE that builds something in place (or copies it) takes the table for itself for an instant when it begins,
 * and for an instant when it ends. Where the second lock is not granted in time, all the work is lost: it may take longer.
 */
const endWaitMs = 60_000;

const builds =
  /\badd\s+(?:unique\s+|fulltext\s+|spatial\s+)?(?:index|key)\b|\badd\s+(?:constraint\s+\S+\s+)?(?:primary\s+key|unique)\b|^\s*create\s+(?:unique\s+|fulltext\s+|spatial\s+)?index\b|\balgorithm\s*=?\s*(?:inplace|nocopy|copy)\b/i;

/** Texts and names in quotes say nothing. */
const quoted = /'(?:[^'\\]|''|\\.)*'|`(?:[^`]|``)*`|"(?:[^"\\]|""|\\.)*"/gs;

/** The statement, with how long it may wait in the end if it works for long before. */
export function withEndWait(statement: Statement): Statement {
  const { kind, sql, hazards } = statement;
  if (kind !== 'ddl' || !/^\s*(?:alter\s+(?:online\s+|ignore\s+)*table|create\s+\w*\s*index)\b/i.test(sql))
    return statement;
  const isLong =
    hazards.some(({ code }) => code === 'table-rewrite') || builds.test(sql.replace(quoted, 'q'));
  return isLong ? { ...statement, endWaitMs } : statement;
}
