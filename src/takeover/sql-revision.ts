// SQL of another tool as the body of a revision.
// In: its statements for both ways. Out: the body, and what is left to a human. Must not know whose SQL it is.

import { mysqlSyntax } from '../dialects/mysql/traits.ts';
import { postgresSyntax } from '../dialects/postgres/traits.ts';
import { sqliteSyntax } from '../dialects/sqlite/traits.ts';
import type { SqlSyntax } from '../kernel/sql-text.ts';
import { splitStatements, tokenize } from '../kernel/sql-text.ts';
import { stringLiteral } from '../revisions/render.ts';
import type { DialectName } from '../schema/schema.ts';
import type { ForeignBody, ForeignRemainder } from './tool.ts';

/** Statements of one way, and the line of the file that they begin at. */
export interface ForeignSql {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** The statements of a migration, both ways. */
export interface ForeignStatements {
  readonly upgrade: ForeignSql;
  /** `null`: the tool has no way back. */
  readonly downgrade: ForeignSql | null;
  /** Why there is none. */
  readonly irreversible?: string;
  readonly transaction?: 'auto' | 'none';
  /** `null`: not known; then quotes are read as PostgreSQL has them. */
  readonly dialect: DialectName | null;
}

const syntaxes: Readonly<Record<DialectName, SqlSyntax>> = {
  postgres: postgresSyntax,
  mysql: mysqlSyntax,
  sqlite: sqliteSyntax,
};

/** How a family's SQL is cut into tokens. */
export function syntaxOf(dialect: DialectName | null): SqlSyntax {
  return syntaxes[dialect ?? 'postgres'];
}

/** A comment that would read as the head of a section of ours. */
const marker = /^--[ \t]*(?:upgrade|downgrade|effect)\b/gim;
const transactionWords = /^(?:begin|start\s+transaction|commit|end)(?:\s+(?:work|transaction))?$/i;

/** How dumps of PostgreSQL begin: their names are all qualified, and the session needs its path for its own tables. */
const emptyPath =
  /^(?:select\s+(?:pg_catalog\s*\.\s*)?set_config\s*\(\s*'search_path'\s*,\s*''\s*,\s*\w+\s*\)|set\s+(?:session\s+)?search_path\s*(?:=|to)\s*(?:''|""))$/i;

const isLeftOut = (sql: string) => transactionWords.test(sql.trim()) || emptyPath.test(sql.trim());

/** Sections of ours begin at the start of a line: comments that look so are moved by a blank. `null`: a text in quotes does. */
function withoutMarkers(sql: string, syntax: SqlSyntax): string | null {
  if (sql.search(marker) < 0) return sql;
  const quoted = tokenize(sql, syntax).filter(({ kind }) => kind === 'string' || kind === 'identifier');
  const inQuotes = [...sql.matchAll(marker)].some(({ index }) =>
    quoted.some(({ start, end }) => start < index && index < end),
  );
  return inQuotes ? null : sql.replaceAll(marker, (found) => ` ${found}`);
}

/** Transactions of the file's own become comments: a revision is one already, where the server can. So does an empty path. */
function withoutSession(sql: string, syntax: SqlSyntax): string {
  const parts: string[] = [];
  let rest = 0;
  for (const one of splitStatements(sql, syntax)) {
    const start = sql.indexOf(one.sql, rest);
    const end = start + one.sql.length;
    if (isLeftOut(one.sql)) {
      const after = /^\s*;/.exec(sql.slice(end))?.[0].length ?? 0;
      parts.push(sql.slice(rest, start), `-- ${one.sql.replaceAll(/\s+/g, ' ')};\n`);
      rest = end + after;
    } else {
      parts.push(sql.slice(rest, end));
      rest = end;
    }
  }
  return parts.join('') + sql.slice(rest);
}

/** What SQLite overlooks inside a transaction: with foreign keys on, a table that is made anew takes rows of others along. */
const apart = /^pragma\s+(?:main\s*\.\s*)?(?:foreign_keys|legacy_alter_table)\b/i;

/** How a revision runs: as the tool ran it, and outside a transaction where only that does what it says. */
function transactionOf({
  upgrade,
  downgrade,
  dialect,
  transaction = 'auto',
}: ForeignStatements): 'auto' | 'none' {
  if (transaction === 'none' || dialect !== 'sqlite') return transaction;
  const statements = [upgrade, downgrade].flatMap((one) =>
    one === null ? [] : splitStatements(one.text, syntaxOf(dialect)),
  );
  return statements.some(({ sql }) => apart.test(sql)) ? 'none' : 'auto';
}

interface Trouble {
  readonly pattern: RegExp;
  readonly reason: string;
}

/** What only the tool or a client understands, at the start of a statement. */
const troubles: readonly Trouble[] = [
  {
    pattern: /^copy\b[\s\S]*\bfrom\s+stdin\b/i,
    reason: 'COPY … FROM stdin has its rows in the file; write them as INSERT',
  },
  {
    pattern:
      /^(?:set\s+(?:session\s+)?search_path\b|select\s+(?:pg_catalog\s*\.\s*)?set_config\s*\(\s*'search_path')/i,
    reason:
      'it leads the session to another schema, and with it what Surefoot writes down: qualify the names instead',
  },
  { pattern: /^\\/, reason: 'a command of psql, which no server understands' },
  {
    pattern: /^(?:rollback|savepoint|release)\b/i,
    reason: 'it steers a transaction, which a revision leaves to Surefoot',
  },
];

/** Statements that would not do what they did there. */
export function troublesIn(sql: ForeignSql, dialect: DialectName | null): readonly ForeignRemainder[] {
  return splitStatements(sql.text, syntaxOf(dialect)).flatMap((one) => {
    const trouble = isLeftOut(one.sql) ? undefined : troubles.find(({ pattern }) => pattern.test(one.sql));
    return trouble === undefined ? [] : [{ line: sql.line + one.line - 1, reason: trouble.reason }];
  });
}

/** An empty way back of what did something leaves another schema than history says: then there is none. */
function honest(given: ForeignStatements): ForeignStatements {
  const syntax = syntaxOf(given.dialect);
  const does = (sql: ForeignSql) => splitStatements(sql.text, syntax).length > 0;
  const { upgrade, downgrade } = given;
  if (downgrade === null || does(downgrade) || !does(upgrade)) return given;
  return { ...given, downgrade: null, irreversible: 'its way back was empty' };
}

function asModule(given: ForeignStatements, syntax: SqlSyntax): ForeignBody {
  const transaction = transactionOf(given) === 'none' ? ', { transaction: false }' : '';
  const code = (sql: string) =>
    splitStatements(withoutSession(sql, syntax), syntax)
      .map((one) => `op.execute(${stringLiteral(one.sql)}${transaction});`)
      .join('\n');
  const { downgrade, irreversible } = given;
  const back = downgrade ? code(downgrade.text) : { irreversible: irreversible ?? 'no downgrade' };
  return { format: 'ts', body: { upgrade: code(given.upgrade.text), downgrade: back } };
}

/** The body of a revision: SQL as it stands, but for its own transactions. */
export function sqlBody(wished: ForeignStatements): ForeignBody {
  const given = honest(wished);
  const syntax = syntaxOf(given.dialect);
  const prepared = (sql: string) => withoutMarkers(withoutSession(sql, syntax), syntax);
  const upgrade = prepared(given.upgrade.text);
  const downgrade = given.downgrade ? prepared(given.downgrade.text) : '';
  if (upgrade === null || downgrade === null) return asModule(given, syntax);
  const { irreversible = 'the tool it came from had no way back' } = given;
  return {
    format: 'sql',
    transaction: transactionOf(given),
    body: {
      sections: [
        { kind: 'upgrade', text: upgrade },
        ...(given.downgrade ? [{ kind: 'downgrade' as const, text: downgrade }] : []),
      ],
      ...(given.downgrade ? {} : { irreversible }),
    },
  };
}
