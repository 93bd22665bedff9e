// Everything that Surefoot knows of SQLite, behind the contract of a dialect.
// In: traits, or a connection to ask for them. Out: Dialect, ServerFacts. Must not know a sibling or anything outward.

import type { Connection } from '../../dialect/connection.ts';
import type { Dialect, ServerFacts, Traits } from '../../dialect/dialect.ts';
import { numberOf, textOf } from '../../dialect/rows.ts';
import { sqliteBackup } from './backup.ts';
import { bookkeeping } from './bookkeeping.ts';
import { compile } from './compile.ts';
import { sqliteCoordination } from './coordination.ts';
import { dump } from './dump.ts';
import { rebuildGuard, refuseInData } from './guards.ts';
import { introspect } from './introspect.ts';
import { keeping } from './keeping.ts';
import { normalize, normalizeTable } from './normalize.ts';
import { nameTable } from './part-names.ts';
import { lossQuestions, rowQuestions } from './questions.ts';
import { literal, quote } from './quote.ts';
import { sameProgram } from './same-program.ts';
import { sqliteScratch } from './scratch.ts';
import { forgetValues } from './simulate.ts';
import { spell } from './spell.ts';
import { tableSizes } from './table-sizes.ts';
import { defaultSqliteTraits, parseVersion, sqliteSyntax, sqliteTraits } from './traits.ts';
import { sqliteWaiting } from './waiting.ts';
import { sqliteWalking } from './walk.ts';

export { defaultSqliteTraits };

/** SQLite as a dialect. Pure: the connection comes with each question. */
export function createSqlite(traits: Traits = defaultSqliteTraits): Dialect {
  return {
    name: 'sqlite',
    traits,
    syntax: sqliteSyntax,
    quote,
    literal,
    addsWithoutDefault: () => false,
    placeholder: () => '?',
    compile: (input) => compile(input, traits),
    dump,
    normalize,
    normalizeTable,
    nameParts: nameTable,
    goAlong: forgetValues,
    introspect,
    tableSizes,
    spell,
    sameProgram,
    rowQuestions,
    lossQuestions,
    keeping,
    sessionSetup: [
      'PRAGMA foreign_keys = ON',
      'PRAGMA legacy_alter_table = OFF',
      'PRAGMA recursive_triggers = OFF',
      'PRAGMA busy_timeout = 5000',
    ],
    clientSetup: ['.bail on'],
    begin: 'BEGIN IMMEDIATE',
    flushLater: [],
    bookkeeping,
    rebuild: rebuildGuard,
    refuseInData,
    coordination: sqliteCoordination,
    waiting: sqliteWaiting,
    walking: sqliteWalking,
    altering: null,
    dualWrite: null,
    retyping: null,
    backup: sqliteBackup,
    scratch: sqliteScratch,
  };
}

const factsSql = `
  SELECT sqlite_version() AS version,
    (SELECT file FROM pragma_database_list WHERE name = 'main') AS file,
    (SELECT query_only FROM pragma_query_only) AS query_only`;

/** The dialect for the SQLite behind a connection, and what it says about itself. */
export async function connectSqlite(
  connection: Connection,
): Promise<{ readonly dialect: Dialect; readonly facts: ServerFacts }> {
  const [row] = (await connection.query(factsSql)).rows;
  const version = textOf(row, 'version') ?? '';
  const traits = sqliteTraits(parseVersion(version));
  const facts: ServerFacts = {
    traits,
    database: textOf(row, 'file') || ':memory:',
    namespace: null,
    readOnly: numberOf(row, 'query_only') === 1,
    replica: false,
    user: '',
    product: `SQLite ${version}`,
  };
  return { dialect: createSqlite(traits), facts };
}
