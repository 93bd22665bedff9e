// Altering a table in use: which ways MySQL and MariaDB are asked for, and the programs that copy where there is none.
// In: clauses of an ALTER TABLE. Out: Alteration, arguments. Must not know who sends or starts them.

import type { Alteration, AlterCall, Altering, AlterTool, AlterTwin } from '../../dialect/alteration.ts';
import type { Connection } from '../../dialect/connection.ts';
import type { ServerAddress } from '../../dialect/native-backup.ts';
import { numberOf, textOf } from '../../dialect/rows.ts';
import type { Leftover } from '../../dialect/waiting.ts';
import { isSurefootError } from '../../kernel/errors.ts';
import type { TableRef } from '../../schema/schema.ts';
import { clientOptions } from './backup.ts';
import { errorNumber } from './bookkeeping.ts';
import type { Clause } from './pieces.ts';
import { literal, quote, quoteRef } from './quote.ts';
import type { MysqlTraits } from './traits.ts';

const inPlace = 'ALGORITHM=INPLACE, LOCK=NONE';
/** Even INPLACE takes what is instant; this does not. */
const rebuilt = 'FORCE';
const ways = {
  mysql: ['ALGORITHM=INSTANT', inPlace],
  mariadb: ['ALGORITHM=INSTANT', 'ALGORITHM=NOCOPY, LOCK=NONE', inPlace, `${rebuilt}, ${inPlace}`],
} as const;

/** What is asked for, in turn. A partitioning says for itself how it is done. */
export function alterationOf(clauses: readonly Clause[], { flavor }: MysqlTraits): Alteration | null {
  const [first] = clauses;
  if (!first || clauses.some(({ sql }) => /\bPARTITION/i.test(sql))) return null;
  return {
    table: first.table,
    clauses: clauses.map(({ sql }) => sql).join(', '),
    ways: flavor === 'mariadb' ? ways.mariadb : ways.mysql,
  };
}

/** Not supported; not supported, with a reason; no more row versions for INSTANT (MySQL). */
const refusals = new Set([1845, 1846, 4092]);

/**
 * MariaDB keeps columns that went instantly in the rows, unseen, and counts them: once they fill a row, nothing is instant
 * any more, not even the next drop, until the table is rebuilt. A row that is too large then is really too large.
 */
const rowTooLarge = 1118;

/** MySQL answers from a cache that may be a day old unless it is told not to. */
async function size(connection: Connection, { namespace, name }: TableRef): Promise<number | null> {
  try {
    await connection.query('SET SESSION information_schema_stats_expiry = 0');
  } catch (error) {
    // MariaDB has no such cache.
    if (!isSurefootError(error, 'database/query-failed')) throw error;
  }
  const { rows } = await connection.query(
    `SELECT DATA_LENGTH + INDEX_LENGTH AS bytes FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${place(namespace)} AND TABLE_NAME = ${literal(name)}`,
  );
  return numberOf(rows[0], 'bytes');
}

const place = (namespace: string | null): string => (namespace === null ? 'DATABASE()' : literal(namespace));

const partOf = (ref: TableRef, suffixes: readonly string[]): string =>
  `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${place(ref.namespace)} AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME REGEXP ${literal(`^_+${ref.name.replaceAll('$', '[$]')}_(${suffixes.join('|')})$`)}`;

async function tablesLeft(
  connection: Connection,
  ref: TableRef,
  suffixes: readonly string[],
): Promise<readonly Leftover[]> {
  const { rows } = await connection.query(partOf(ref, suffixes));
  return rows.map((row) => {
    const name = textOf(row, 'name') ?? '';
    return { name, sql: `DROP TABLE ${quoteRef({ ...ref, name })}` };
  });
}

async function triggersLeft(connection: Connection, ref: TableRef): Promise<readonly Leftover[]> {
  const { rows } = await connection.query(
    `SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ${place(ref.namespace)} AND EVENT_OBJECT_TABLE = ${literal(ref.name)} AND TRIGGER_NAME LIKE 'pt\\\\_osc\\\\_%'`,
  );
  return rows.map((row) => {
    const name = textOf(row, 'name') ?? '';
    return {
      name,
      sql: `DROP TRIGGER ${ref.namespace === null ? '' : `${quote(ref.namespace)}.`}${quote(name)}`,
    };
  });
}

/** Names that both programs read as they are, unquoted, and in lists with commas. */
const isPlain = (name: string): boolean => /^[\w$]+$/.test(name);
const areNamesPlain = ({ database, table }: AlterCall): boolean =>
  [table.namespace ?? database, table.name].every(isPlain);

const ptOnlineSchemaChange: AlterTool = {
  optionFile: clientOptions,
  arguments: (call) =>
    areNamesPlain(call)
      ? [
          '--execute',
          `--alter=${call.clauses}`,
          `--set-vars=lock_wait_timeout=${call.lockSeconds}`,
          '--alter-foreign-keys-method=auto',
          '--recursion-method=none',
          '--no-version-check',
          '--progress=time,2',
          ...call.more,
          `F=${call.optionFile},D=${call.table.namespace ?? call.database},t=${call.table.name},A=utf8mb4`,
        ]
      : null,
  progress: (line) => {
    const share = /^Copying .*?:\s+(\d+)%/.exec(line)?.[1];
    return share === undefined ? null : { phase: 'copying', share: Number(share) / 100 };
  },
  leftovers: async (connection, table) => [
    ...(await triggersLeft(connection, table)),
    ...(await tablesLeft(connection, table, ['new', 'old'])),
  ],
};

function ghostLogin({ user, password }: ServerAddress): string {
  const value = (text: string) => `"${text.replaceAll(/["\\]/g, (char) => `\\${char}`)}"`;
  return ['[client]', `user=${value(user ?? '')}`, `password=${value(password ?? '')}`, ''].join('\n');
}

const ghost: AlterTool = {
  optionFile: ghostLogin,
  arguments: (call) =>
    areNamesPlain(call) && call.address.socket === null
      ? [
          `--conf=${call.optionFile}`,
          `--host=${call.address.host}`,
          `--port=${call.address.port}`,
          `--database=${call.table.namespace ?? call.database}`,
          `--table=${call.table.name}`,
          `--alter=${call.clauses}`,
          `--cut-over-lock-timeout-seconds=${call.lockSeconds}`,
          '--allow-on-master',
          '--assume-rbr',
          ...(call.address.tls === null ? [] : ['--ssl']),
          ...call.more,
          '--execute',
        ]
      : null,
  progress: (line) => {
    const share = /^Copy: \d+\/\d+ ([\d.]+)%/.exec(line)?.[1];
    return share === undefined ? null : { phase: 'copying', share: Number(share) / 100 };
  },
  leftovers: (connection, table) => tablesLeft(connection, table, ['gho', 'ghc', 'del']),
};

/** Without a look at the table that is referred to, which would be held for it. */
const copies = (clauses: string): string | null =>
  /^ADD (?:CONSTRAINT `(?:[^`]|``)+` )?FOREIGN KEY\b/.test(clauses)
    ? 'a foreign key is added by a copy while foreign_key_checks is on'
    : null;

function twin(table: TableRef, name: string): AlterTwin {
  const own = quoteRef({ ...table, name });
  return {
    make: `CREATE TABLE ${own} LIKE ${quoteRef(table)}`,
    drop: `DROP TABLE IF EXISTS ${own}`,
    alter: (clauses) => `ALTER TABLE ${own} ${clauses}`,
  };
}

export const mysqlAltering: Altering = {
  isRefusal: (error, way) => {
    const number = errorNumber(error) ?? 0;
    return refusals.has(number) || (number === rowTooLarge && !way.startsWith(rebuilt));
  },
  copies,
  twin,
  size,
  tools: { 'pt-online-schema-change': ptOnlineSchemaChange, 'gh-ost': ghost },
};
