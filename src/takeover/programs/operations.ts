// What statements did to a schema, as operations.
// In: two schemas, the statements between them. Out: operations; the statements themselves where no operation says it.
// Must not know a connection, nor whose statements they are.

import type { Dialect } from '../../dialect/dialect.ts';
import type { Diff } from '../../diff/diff.ts';
import { diff } from '../../diff/diff.ts';
import { isSurefootError } from '../../kernel/errors.ts';
import { canonicalJson } from '../../kernel/hash.ts';
import type { SqlSyntax } from '../../kernel/sql-text.ts';
import { applyAll } from '../../operations/apply.ts';
import type { Operation, OperationOf } from '../../operations/operation.ts';
import { closeDraft, openDraft } from '../../schema/draft.ts';
import type { Schema } from '../../schema/schema.ts';
import { renamesIn } from './renames.ts';
import { codeOf, kindOf, plain } from './statement.ts';

/** Raw SQL that changes nothing which the schema shows. */
export const unseenSql = (sql: string): OperationOf<'execute'> => ({
  kind: 'execute',
  sql,
  inverse: null,
  effect: [],
  transaction: true,
});

const rawSql = (sql: string): OperationOf<'execute'> => ({ ...unseenSql(sql), effect: null });

/** A change of rows; that it changes no schema is seen by its first word, where that says so. */
export function rowSql(sql: string, syntax: SqlSyntax): OperationOf<'execute'> {
  const first = codeOf(sql, syntax)[0]?.text.toLowerCase() ?? '';
  const isSeen = ['insert', 'update', 'delete', 'replace', 'merge', 'with'].includes(first);
  return isSeen ? rawSql(sql) : unseenSql(sql);
}

type Tokens = ReturnType<typeof codeOf>;

const textAt = (tokens: Tokens, at: number): string => tokens[at]?.text.toLowerCase() ?? '';

/** Where a statement changes the type of a column; -1: it does not. */
const typeChange = (tokens: Tokens, column: string): number =>
  tokens.findIndex(
    (token, at) =>
      ['column', 'alter'].includes(textAt(tokens, at - 1)) &&
      plain(token) === column &&
      ['type', 'set'].includes(textAt(tokens, at + 1)),
  );

/** The position behind a part of a statement: its next comma or its end, outside of brackets. */
function partEnd(tokens: Tokens, from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const text = textAt(tokens, at);
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    if (depth === 0 && (text === ',' || text === ';')) return at;
  }
  return tokens.length;
}

/** `USING …` of the statement that changes a column's type. */
function usingOf(column: string, statements: readonly string[], syntax: SqlSyntax): string | null {
  for (const sql of statements) {
    const tokens = codeOf(sql, syntax);
    const at = typeChange(tokens, column);
    if (at < 0) continue;
    const end = partEnd(tokens, at);
    const using = tokens.findIndex((_, i) => i > at && i < end && textAt(tokens, i) === 'using');
    if (using >= 0) return sql.slice(tokens[using]?.end, tokens[end - 1]?.end).trim();
  }
  return null;
}

/** The names of indexes that are made or dropped beside running work. */
function concurrentNames(statements: readonly string[], syntax: SqlSyntax): ReadonlySet<string> {
  const found = statements.flatMap((sql) => {
    const tokens = codeOf(sql, syntax);
    return tokens.some(({ kind, text }) => kind === 'word' && text.toLowerCase() === 'concurrently')
      ? tokens.map(plain)
      : [];
  });
  return new Set(found);
}

function detailed(operation: Operation, statements: readonly string[], syntax: SqlSyntax): Operation {
  if (operation.kind === 'alterColumn' && operation.changes.type !== undefined && syntax.dollarQuotes)
    return { ...operation, using: usingOf(operation.column, statements, syntax) };
  if (operation.kind !== 'createIndex' && operation.kind !== 'dropIndex') return operation;
  const name = operation.kind === 'createIndex' ? operation.index.name : (operation.was?.name ?? null);
  const concurrently = name !== null && concurrentNames(statements, syntax).has(name);
  return concurrently ? { ...operation, concurrently } : operation;
}

function tryDiff(before: Schema, after: Schema, options: Parameters<typeof diff>[2]): Diff | null {
  try {
    return diff(before, after, options);
  } catch (error) {
    if (!isSurefootError(error)) throw error;
    return null;
  }
}

/** The operations between two schemas that one server gave back. */
export function operationsBetween(
  { before, after }: { readonly before: Schema; readonly after: Schema },
  statements: readonly string[],
  { syntax }: Pick<Dialect, 'syntax'>,
): readonly Operation[] {
  const renames = renamesIn(statements, { before, after }, syntax);
  const found = tryDiff(before, after, { renames, settle: () => 'different' });
  const isUnseen = canonicalJson(before.unsupported) !== canonicalJson(after.unsupported);
  const said = statements.filter((sql) => kindOf(sql, syntax) !== 'session');
  if ((found === null || found.inexpressible.length > 0 || isUnseen) && said.length > 0)
    return said.map(rawSql);
  return (found?.operations ?? []).map((one) => detailed(one, statements, syntax));
}

/** True where no operation leads from one to the other. What a schema only names (an extension) is no part of history. */
export function isSameSchema(a: Schema, b: Schema): boolean {
  const found = tryDiff(a, b, { settle: () => 'different' });
  return found !== null && found.operations.length === 0 && found.inexpressible.length === 0;
}

/** True if the operations lead from one to the other. */
export function leadsTo(from: Schema, operations: readonly Operation[], to: Schema): boolean {
  const draft = openDraft(from);
  applyAll(draft, operations);
  return isSameSchema(closeDraft(draft), to);
}
