// PostgreSQL 14 and newer, and PGlite.
// In: a connection, or the facts of a server. Out: the dialect. Must not know another family, or who uses it.

import type { Connection } from '../../dialect/connection.ts';
import type { Dialect, ServerFacts, Traits } from '../../dialect/dialect.ts';
import type { Schema } from '../../schema/schema.ts';
import { postgresBackup } from './backup.ts';
import { postgresBookkeeping } from './bookkeeping.ts';
import type { Server } from './compile.ts';
import { compile } from './compile.ts';
import { runsOutsideTransactions } from './compile-data.ts';
import { postgresCoordination } from './coordination.ts';
import { dualWrite } from './dual-write.ts';
import { dump } from './dump.ts';
import { readFacts } from './facts.ts';
import { introspect } from './introspect.ts';
import { keeping } from './keeping.ts';
import { foldTable, frameOf, normalize } from './normalize.ts';
import { namedTable } from './part-names.ts';
import { lossQuestions, rowQuestions } from './questions.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import { retypingFor } from './retyping.ts';
import { postgresScratch } from './scratch.ts';
import { sessionSetup } from './session.ts';
import { spell } from './spell.ts';
import { tableSizes } from './table-sizes.ts';
import { postgresSyntax } from './traits.ts';
import { waitingFor } from './waiting.ts';
import { postgresWalking } from './walk.ts';

export { defaultPostgresTraits, postgresTraits } from './traits.ts';

/** The default namespace of a server that nobody configured. */
const usualHome = 'public';

/** The dialect of a server with these facts; `home` is the name of its default namespace. Pure. */
export function createPostgres(traits: Traits, home: string | null = usualHome): Dialect {
  const major = traits.version[0];
  const server: Server = { major, home: home ?? usualHome };
  // What has been normalised is not normalised again.
  const normal = new WeakSet<Schema>();
  const toNormal = (schema: Schema): Schema => {
    if (normal.has(schema)) return schema;
    const result = normalize(schema, home);
    normal.add(result);
    return result;
  };
  return {
    name: 'postgres',
    traits,
    syntax: postgresSyntax,
    quote: quoteIdentifier,
    literal: quoteLiteral,
    addsWithoutDefault: () => false,
    placeholder: (position) => `$${position}`,
    compile: (input) => compile(input, server),
    dump: (schema, naming) => dump(schema, naming, server),
    normalize: toNormal,
    nameParts: (table, _, naming) => namedTable(table, naming),
    normalizeTable: (table, schema) => foldTable(table, frameOf(schema.enums, home)),
    tableSizes,
    introspect: async (connection, scope) =>
      toNormal(await introspect(connection, { scope, major, home: null })),
    spell: (connection, schema) => spell(connection, schema, server),
    rowQuestions: (input) => rowQuestions(input, server),
    lossQuestions: (input) => lossQuestions(input, server),
    keeping,
    sessionSetup: sessionSetup(major),
    clientSetup: ['\\set ON_ERROR_STOP on'],
    begin: 'BEGIN',
    flushLater: ['SET LOCAL synchronous_commit TO off'],
    bookkeeping: postgresBookkeeping,
    rebuild: null,
    refuseInData: (sql) =>
      runsOutsideTransactions(sql) ? 'PostgreSQL refuses it inside of a transaction' : null,
    coordination: postgresCoordination,
    waiting: waitingFor(major),
    walking: postgresWalking,
    altering: null,
    dualWrite,
    retyping: retypingFor(major),
    backup: postgresBackup,
    scratch: postgresScratch,
  };
}

/** Asks the server what it is and gives its dialect. */
export async function connectPostgres(
  connection: Connection,
): Promise<{ dialect: Dialect; facts: ServerFacts }> {
  const facts = await readFacts(connection);
  return { dialect: createPostgres(facts.traits, facts.namespace), facts };
}
