// Raw SQL as rules read it. In: the statement of a subject. Out: text that patterns can be held against.
// Must not know any particular rule.

import { tokenize } from '../kernel/sql-text.ts';
import type { TableRef } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';
import type { LintSubject } from './rule.ts';

/** A name in a pattern: bare, or in double quotes, as `plainSql` spells quoted ones. */
const part = String.raw`(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)`;
/** A name in a pattern, with its namespace or without. */
export const nameInSql: string = `${part}(?: ?\\. ?${part})?`;

function spelled({ kind, text }: { readonly kind: string; readonly text: string }): string {
  if (kind === 'string') return "'…'";
  if (kind !== 'identifier') return text;
  const close = text.at(-1) ?? '';
  return `"${text
    .slice(1, -1)
    .replaceAll(close + close, close)
    .replaceAll('"', '""')}"`;
}

/** One blank between tokens, no comments, names that are quoted in double quotes, strings without what they say. */
export function plainText(sql: string, { syntax }: Pick<LintSubject, 'syntax'>): string {
  return tokenize(sql, syntax)
    .filter(({ kind }) => !['space', 'comment', 'marker'].includes(kind))
    .map(spelled)
    .join(' ')
    .replace(/[ ;]+$/, '');
}

/** The raw statement that the subject is, spelled plainly; `null`: it is an operation, or what raw SQL did. */
export function plainSql(subject: LintSubject): string | null {
  const { operation } = subject;
  return operation.kind === 'execute' ? plainText(operation.sql, subject) : null;
}

/** What the pattern finds in the raw statement. */
export function inSql(subject: LintSubject, pattern: RegExp): RegExpExecArray | null {
  const sql = plainSql(subject);
  return sql === null ? null : pattern.exec(sql);
}

function unquoted(name: string, { syntax }: LintSubject): string {
  if (name.startsWith('"')) return name.slice(1, -1).replaceAll('""', '"');
  return syntax.dollarQuotes ? name.toLowerCase() : name;
}

/** A table as the statement names it: the one that history knows under that name, whatever its case. */
export function tableInSql(name: string, subject: LintSubject): TableRef {
  const parts = (name.match(new RegExp(part, 'gu')) ?? []).map((one) => unquoted(one, subject));
  const own = parts.at(-1) ?? name;
  const ref = { namespace: parts.length > 1 ? (parts[0] ?? null) : null, name: own };
  if (subject.before.tables.has(refKey(ref))) return ref;
  const known = [...subject.before.tables.values()].find(
    (table) => table.name.toLowerCase() === own.toLowerCase(),
  );
  return known ? { namespace: known.namespace, name: known.name } : ref;
}

/** A statement that changes rows, not the schema. */
export const isDataSql = (sql: string): boolean =>
  /^(?:INSERT|UPDATE|DELETE|REPLACE|MERGE|SELECT|WITH|VALUES|SET|CALL|DO|PRAGMA|ANALYZE|VACUUM|LOCK|GRANT|REVOKE|COMMENT|NOTIFY|EXPLAIN)\b/i.test(
    sql,
  );

/** The parts of a plain text between commas that stand in no parentheses; those of CREATE TABLE stand in the first ones. */
export function clausesOf(sql: string): readonly string[] {
  const body = /^CREATE /i.test(sql) ? (/\((.*)\)/.exec(sql)?.[1] ?? sql) : sql;
  const clauses: string[] = [];
  let [depth, from] = [0, 0];
  // Names in quotes may hold anything.
  for (const { 0: mark, index } of body.matchAll(/"(?:[^"]|"")*"|[(),]/g)) {
    if (mark === '(') depth += 1;
    else if (mark === ')') depth -= 1;
    else if (mark === ',' && depth === 0) {
      clauses.push(body.slice(from, index).trim());
      from = index + 1;
    }
  }
  return [...clauses, body.slice(from).trim()];
}
