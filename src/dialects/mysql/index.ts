// MySQL 8 and 9, and MariaDB 10.6 and newer as a flavor of it.
// In: a connection, or the facts of a server. Out: the dialect. Must not know another family, or who uses it.

import type { Connection } from '../../dialect/connection.ts';
import type { Dialect, ServerFacts, Traits } from '../../dialect/dialect.ts';
import { mysqlAltering } from './alteration.ts';
import { backupFor } from './backup.ts';
import { bookkeepingFor } from './bookkeeping.ts';
import { compile } from './compile.ts';
import { mysqlCoordination } from './coordination.ts';
import { refuseInData } from './data-guard.ts';
import { dualWrite } from './dual-write.ts';
import { dump } from './dump.ts';
import { hidesTriggers } from './grants.ts';
import { introspect } from './introspect.ts';
import { keepingFor } from './keeping.ts';
import { variesByRow } from './lacking.ts';
import { normalizeSchema, normalizeTable } from './normalize.ts';
import { nameTable } from './part-names.ts';
import { lossQuestions, rowQuestions } from './questions.ts';
import { literal, quote } from './quote.ts';
import { sameProgram } from './respelled.ts';
import { retypingFor } from './retyping.ts';
import { mysqlScratch } from './scratch.ts';
import { sessionSetup } from './session.ts';
import { spell } from './spell.ts';
import { tableSizes } from './table-sizes.ts';
import type { MysqlTraits } from './traits.ts';
import { completeTraits, mysqlSyntax, readFacts } from './traits.ts';
import { waitingFor } from './waiting.ts';
import { walkingFor } from './walk.ts';

export type { MysqlTraits } from './traits.ts';
export { defaultMariadbTraits, defaultMysqlTraits } from './traits.ts';

/** The dialect of a server with these facts. Pure. */
export function createMysql(given: Traits & Partial<MysqlTraits>): Dialect {
  const traits = completeTraits(given);
  return {
    name: 'mysql',
    traits,
    syntax: mysqlSyntax,
    quote,
    literal,
    addsWithoutDefault: (column) => variesByRow(column, traits),
    placeholder: () => '?',
    compile: (input) => compile(input, traits),
    dump: (schema, naming) => dump(schema, naming, traits),
    normalize: (schema) => normalizeSchema(schema, traits),
    nameParts: (table, _, naming) => nameTable(table, naming),
    normalizeTable: (table, schema) => normalizeTable(table, schema, traits),
    introspect: (connection, scope) => introspect(connection, scope, traits),
    tableSizes,
    spell: (connection, schema) => spell(connection, schema, traits),
    sameProgram,
    hidesTriggers,
    rowQuestions: (input) => rowQuestions(input, traits),
    lossQuestions: (input) => lossQuestions(input, traits),
    keeping: keepingFor(traits.flavor),
    sessionSetup: sessionSetup(traits),
    // The mysql client stops at the first error of a script by itself.
    clientSetup: [],
    begin: 'START TRANSACTION',
    flushLater: [],
    bookkeeping: bookkeepingFor(traits.flavor),
    coordination: mysqlCoordination,
    waiting: waitingFor(traits),
    walking: walkingFor(traits),
    altering: mysqlAltering,
    dualWrite,
    retyping: retypingFor(traits),
    backup: backupFor(traits.flavor),
    scratch: mysqlScratch,
    rebuild: null,
    refuseInData,
  };
}

/** Asks the server what it is and gives its dialect. */
export async function connectMysql(
  connection: Connection,
): Promise<{ dialect: Dialect; facts: ServerFacts }> {
  const facts = await readFacts(connection);
  return { dialect: createMysql(facts.traits), facts };
}
