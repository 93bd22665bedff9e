// What may stand inside the transaction of a data step.
// In: a statement, the live schema. Out: a reason against it, or nothing. Must not know a connection.

import type { Schema, Table } from '../../schema/schema.ts';
import { tokenize, unquoteName } from './tokens.ts';

const harmless = new Set(
  'select insert update delete replace with values table do set show explain describe desc use savepoint release get_lock'.split(
    ' ',
  ),
);

/** SET that ends a transaction, or writes an account. */
const committingSettings = new Set(['password', 'autocommit', '@@autocommit', 'default', 'role']);

function firstWords(sql: string): readonly string[] {
  return tokenize(sql)
    .filter((token) => token.text !== '(')
    .slice(0, 5)
    .map((token) => token.text.toLowerCase());
}

function isTemporaryTable([first, second, third, , fifth]: readonly string[]): boolean {
  if (first === 'create' && second === 'or' && third === 'replace') return fifth === 'table';
  return (first === 'create' || first === 'drop') && second === 'temporary' && third === 'table';
}

function setsAutocommit(words: readonly string[]): boolean {
  return words.slice(1).some((word) => committingSettings.has(word) || word.endsWith('autocommit'));
}

/** True for a statement that neither ends a transaction nor begins another. */
export function isDataStatement(sql: string): boolean {
  const words = firstWords(sql);
  const [first = '', second] = words;
  if (first === 'set') return !setsAutocommit(words);
  if (first === 'rollback') return second === 'to';
  return harmless.has(first) || isTemporaryTable(words);
}

const transactional = new Set(['innodb', 'rocksdb', 'tokudb', 'ndb', 'ndbcluster']);

/** True where what is written to the table can be undone. */
export function isTransactional(table: Table): boolean {
  const engine = table.options['engine'];
  return engine === undefined || transactional.has(String(engine).toLowerCase());
}

const writing = new Set(['insert', 'update', 'delete', 'replace', 'with']);

/** A table without transactions that the statement mentions, and so may write. */
function unsafeTable(sql: string, schema: Schema): Table | undefined {
  const tables = schema.tables.filter((table) => !isTransactional(table));
  if (tables.length === 0) return undefined;
  const names = new Set(tokenize(sql).map((token) => unquoteName(token.text).toLowerCase()));
  return tables.find((table) => names.has(table.name.toLowerCase()));
}

/** Why a statement may not stand in a data step; `null`: it may. */
export function refuseInData(sql: string, schema: Schema): string | null {
  const [first = ''] = firstWords(sql);
  if (first === '') return null;
  if (first === 'call') return 'a procedure may commit on the way, which nobody sees from here';
  if (!isDataStatement(sql)) return `${first.toUpperCase()} would commit what was done before it`;
  const table = writing.has(first) ? unsafeTable(sql, schema) : undefined;
  if (!table) return null;
  return `table ${table.name} has the engine ${String(table.options['engine'])}, which knows no transactions`;
}
