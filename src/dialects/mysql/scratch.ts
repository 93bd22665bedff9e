// Throw-away databases of MySQL and MariaDB: databases of their own on a server that has others.
// In: a statement, the names of the others. Out: whether it may run there. Must not know what the statement is for.

import type { Connection } from '../../dialect/connection.ts';
import { textOf } from '../../dialect/rows.ts';
import type { ScratchDefaults, ScratchSupport, ScratchVerdict } from '../../dialect/scratch.ts';
import { firstKeywords } from '../../kernel/sql-text.ts';
import { literal, quote } from './quote.ts';
import { tokenize, unquoteName } from './tokens.ts';
import { mysqlSyntax } from './traits.ts';

const deciding = [
  'character_set_collations',
  'character_set_database',
  'collation_database',
  'default_table_encryption',
  'explicit_defaults_for_timestamp',
  'innodb_default_row_format',
  'lower_case_table_names',
  'sql_generate_invisible_primary_key',
  'sql_mode',
];

async function defaults(connection: Connection): Promise<ScratchDefaults> {
  const names = deciding.map(literal).join(', ');
  const { rows } = await connection.query(`SHOW VARIABLES WHERE Variable_name IN (${names})`);
  return Object.fromEntries(
    rows.map((row) => [textOf(row, 'Variable_name') ?? '', textOf(row, 'Value') ?? '']),
  );
}

/** Rights, accounts and upkeep: they leave every schema alone. */
const skipped = new Set(['grant', 'revoke', 'flush', 'analyze', 'optimize', 'check', 'lock', 'unlock']);

/** What is the server's, not a database's. */
const ofServer = new Set(
  `use shutdown kill reset purge change start stop install uninstall load import clone binlog handler restart
  prepare execute`.split(/\s+/),
);
const serverObjects = new Set(
  'user role database schema event server tablespace logfile undo instance resource spatial'.split(' '),
);
const changing = new Set(['create', 'alter', 'drop', 'rename']);
/** `ALTER ONLINE …` */
const introductions = new Set(['or', 'replace', 'online', 'offline', 'ignore', 'temporary']);

/** `CREATE DEFINER = somebody EVENT`: events run by themselves. */
const definedEvent = /^create (?:or replace )?definer = \S+(?: @ \S+| \( \))? event /i;

function isOfServer(words: readonly string[]): boolean {
  const [first = '', ...rest] = words;
  if (ofServer.has(first)) return true;
  if (first === 'set')
    return ['global', 'persist', 'persist_only', 'password', 'role', 'default'].includes(rest[0] ?? '');
  const object = rest.find((word) => !introductions.has(word));
  return changing.has(first) && serverObjects.has(object ?? '');
}

/** A database beside the throw-away one that the statement, or a text in it, names. */
function namedDatabase(sql: string, others: readonly string[]): string | undefined {
  const tokens = tokenize(sql);
  const bodies = tokens.filter(({ text }) => /^['"]/.test(text)).map(({ text }) => text.toLowerCase());
  const qualifiers = new Set(
    tokens.flatMap(({ text }, i) => (tokens[i + 1]?.text === '.' ? [unquoteName(text).toLowerCase()] : [])),
  );
  return others.find((name) => {
    const folded = name.toLowerCase();
    if (readOnly.has(folded)) return false;
    return (
      qualifiers.has(folded) ||
      bodies.some((body) => body.includes(`${folded}.`) || body.includes(`${folded}\`.`))
    );
  });
}

/** What a statement only reads. */
const readOnly = new Set(['information_schema', 'performance_schema']);

const outside =
  /@@(?:global|persist)|\binto\s+(?:outfile|dumpfile)\b|\bload_file\s*\(|\bexecute\s+immediate\b|\bprepare\b/i;

function judge(sql: string, others: readonly string[] | null): ScratchVerdict {
  const words = firstKeywords(sql, mysqlSyntax);
  if (skipped.has(words[0] ?? '')) return { kind: 'skip' };
  if (others === null) return { kind: 'run', sql };
  const plain = tokenize(sql)
    .slice(0, 20)
    .map(({ text }) => text)
    .join(' ');
  if (isOfServer(words) || outside.test(sql) || definedEvent.test(plain))
    return { kind: 'refuse', reason: 'it may change the server beside the database' };
  const named = namedDatabase(sql, others);
  return named === undefined
    ? { kind: 'run', sql }
    : { kind: 'refuse', reason: `it names the database ${named}` };
}

/** `ScratchSupport` of MySQL and MariaDB. */
export const mysqlScratch: ScratchSupport = {
  series: ({ flavor, version }) => `${flavor} ${version[0]}.${version[1]}`,
  defaults,
  setup: () => [],
  home: null,
  judge,
  database: {
    create: (name, given) => {
      const charset = given['character_set_database'] ?? 'utf8mb4';
      const collation = given['collation_database'];
      const collate = collation === undefined ? '' : ` COLLATE ${quote(collation)}`;
      return [`CREATE DATABASE ${quote(name)} CHARACTER SET ${quote(charset)}${collate}`];
    },
    drop: (name) => `DROP DATABASE IF EXISTS ${quote(name)}`,
    list: 'SELECT schema_name AS name FROM information_schema.schemata',
    own: 'SELECT schema_name AS name FROM information_schema.schemata',
    enter: (name) => `USE ${quote(name)}`,
  },
};
