// Text as this server spells it: objects are made where nobody sees them, read back, and rolled back.
// In: a connection outside of a transaction, tables, views, triggers and routines of any spelling.
// Out: the same with the server's texts; what the server will not take stays as it was given. Must not know why.

import type { Connection } from '../../dialect/connection.ts';
import { invariant } from '../../kernel/invariant.ts';
import { openDraft, routineKey, triggerKey } from '../../schema/draft.ts';
import type { Ref, Schema, Table, Trigger, View } from '../../schema/schema.ts';
import { refKey, refOf, sameRef } from '../../schema/schema.ts';
import { viewsInOrder } from '../../schema/views-in-order.ts';
import { sqlStateOf } from './bookkeeping.ts';
import type { Server } from './compile.ts';
import { viewBody } from './compile-objects.ts';
import { createTableSql } from './compile-table.ts';
import { indexSql } from './constraint-sql.ts';
import { introspect } from './introspect.ts';
import { foldTable, frameOf } from './normalize.ts';
import type { Context } from './pieces.ts';
import { quoteIdentifier, quoteLiteral, quoteRef } from './quote.ts';
import { missingEnums } from './spell-enums.ts';
import { createdAnew, onTable } from './spell-text.ts';

/** One object on its way: how to make it. */
interface Trial {
  readonly key: string;
  readonly statements: readonly string[];
}

/** Temporary names of the parts of a table, by which they are found again. */
interface Disguised {
  readonly given: Table;
  readonly table: Table;
}

/** The default namespace is searched after the temporary one, so its objects keep their names; others get one that is free. */
function temporaryName(
  ref: { readonly namespace: string | null; readonly name: string },
  position: number,
): string {
  return ref.namespace === null ? ref.name : `surefoot_${position}`;
}

function disguise(given: Table, position: number): Disguised {
  const named = <T>(parts: readonly T[], letter: string): readonly (T & { readonly name: string })[] =>
    parts.map((part, i) => ({ ...part, name: `surefoot_${position}_${letter}${i}` }));
  return {
    given,
    table: {
      ...given,
      namespace: null,
      name: temporaryName(given, position),
      primaryKey: null,
      uniques: [],
      foreignKeys: [],
      checks: named(given.checks, 'c').map((check) => ({ ...check, valid: true })),
      indexes: named(given.indexes, 'i').map((index) => ({
        ...index,
        unique: false,
        nullsNotDistinct: false,
      })),
      options: {},
    },
  };
}

function tableTrial({ given, table }: Disguised, context: Context): Trial {
  const { major } = context;
  const indexes = table.indexes.map((index) => indexSql(table, index, { concurrently: false, major }));
  return { key: refKey(given), statements: [createTableSql(table, context, 'TEMPORARY'), ...indexes] };
}

function viewTrial(view: View, name: string): Trial {
  return {
    key: `view ${refKey(view)}`,
    statements: [`CREATE TEMPORARY VIEW ${quoteIdentifier(name)} AS\n${viewBody(view)}`],
  };
}

/** What a trigger may be on, by the name of what stands in for it. */
type StandIns = ReadonlyMap<string, Ref>;

function standInsOf(schema: Schema, tables: readonly Disguised[]): StandIns {
  return new Map<string, Ref>([
    ...tables.map(({ given, table }): [string, Ref] => [table.name, refOf(given)]),
    ...schema.views.map((view, i): [string, Ref] => [temporaryName(view, tables.length + i), refOf(view)]),
  ]);
}

/** The trigger on what stands in for its table. */
function triggerTrial(trigger: Trigger, standIns: StandIns): readonly Trial[] {
  const [name] = [...standIns].find(([, ref]) => sameRef(ref, trigger.table)) ?? [];
  const sql = name === undefined ? null : onTable(trigger.sql, quoteIdentifier(name));
  return sql === null ? [] : [{ key: triggerKey(trigger), statements: [sql] }];
}

/** The server refuses such objects altogether: no right to temporary ones, or read only. */
const forbidden = new Set(['42501', '25006']);

const probe = 'CREATE TEMPORARY TABLE surefoot_spell_probe ()';

/**
 * Makes what can be made; gives the keys of what could not. `null`: this role may not make one of them, which says nothing
 * about what the server would make of it. So it is with routines: they are no temporary objects.
 */
async function attempt(
  connection: Connection,
  trials: readonly Trial[],
): Promise<ReadonlySet<string> | null> {
  // A savepoint is a message of its own: a syntax error refuses everything that travels with it.
  await connection.query('SAVEPOINT surefoot_all');
  try {
    await connection.script(trials.flatMap((trial) => trial.statements));
    return new Set();
  } catch (error) {
    await connection.script(['ROLLBACK TO SAVEPOINT surefoot_all']);
    return await attemptEach(connection, trials, error);
  }
}

async function attemptEach(
  connection: Connection,
  trials: readonly Trial[],
  first: unknown,
): Promise<ReadonlySet<string> | null> {
  if (sqlStateOf(first) === null) throw first;
  const refused = new Set<string>();
  for (const trial of trials) {
    await connection.script(['SAVEPOINT surefoot_one']);
    try {
      await connection.script([...trial.statements, 'RELEASE SAVEPOINT surefoot_one']);
    } catch (error) {
      if (sqlStateOf(error) === null) throw error;
      if (forbidden.has(sqlStateOf(error) ?? '')) return null;
      await connection.script(['ROLLBACK TO SAVEPOINT surefoot_one']);
      refused.add(trial.key);
    }
  }
  return refused;
}

/** The given table with the texts that the server made of it. */
function withTexts({ given, table }: Disguised, spelled: Table): Table {
  const columns = new Map(spelled.columns.map((column) => [column.name, column]));
  const checks = new Map(spelled.checks.map((check) => [check.name, check]));
  const indexes = new Map(spelled.indexes.map((index) => [index.name, index]));
  return {
    ...given,
    columns: given.columns.map((column) => {
      const found = columns.get(column.name);
      if (found === undefined) return column;
      return { ...column, default: found.default, generated: found.generated };
    }),
    checks: given.checks.map((check, i) => ({
      ...check,
      sql: checks.get(table.checks[i]?.name ?? null)?.sql ?? check.sql,
    })),
    indexes: given.indexes.map((index, i) => {
      const found = indexes.get(table.indexes[i]?.name ?? null);
      return found === undefined ? index : { ...index, parts: found.parts, where: found.where };
    }),
  };
}

/** Everything to be made, in the order in which it can be. */
interface Attempted {
  readonly tables: readonly Disguised[];
  readonly trials: readonly Trial[];
}

function trialsOf(schema: Schema, server: Server): Attempted {
  const naming = () => {
    invariant(false, 'every part of a spelled table has a name');
  };
  const context: Context = {
    ...server,
    draft: openDraft(schema),
    naming: () => String(naming()),
    created: new Set(),
  };
  const tables = schema.tables.map(disguise);
  const standIns = standInsOf(schema, tables);
  const trials: readonly Trial[] = [
    ...tables.map((one) => tableTrial(one, context)),
    ...schema.routines.map((routine) => ({
      key: routineKey(routine),
      statements: [createdAnew(routine.sql)],
    })),
    ...viewsInOrder(schema.views).map((view) =>
      viewTrial(view, temporaryName(view, tables.length + schema.views.indexOf(view))),
    ),
    ...schema.triggers.flatMap((trigger) => triggerTrial(trigger, standIns)),
  ];
  return { tables, trials };
}

const nowhere = { hidden: [], namespaces: [] };

/** The texts of triggers on stand-ins, as if they were on the tables themselves. */
function spelledTriggers(triggers: readonly Trigger[], standIns: StandIns): ReadonlyMap<string, string> {
  const found = triggers.flatMap((trigger): readonly [string, string][] => {
    const table = standIns.get(trigger.table.name);
    const sql = table && onTable(trigger.sql, quoteRef(table));
    return table && sql ? [[triggerKey({ ...trigger, table }), sql]] : [];
  });
  return new Map(found);
}

async function readBack(
  connection: Connection,
  schema: Schema,
  made: Attempted,
  server: Server,
): Promise<Schema | null> {
  const refused = await attempt(connection, made.trials);
  if (refused === null) return null;
  const temporary = await introspect(connection, { scope: nowhere, major: server.major, home: 'pg_temp' });
  const frame = frameOf(schema.enums, server.home);
  const tables = new Map(temporary.tables.map((table) => [table.name, table]));
  const views = new Map(temporary.views.map((view) => [view.name, view]));
  const triggers = spelledTriggers(temporary.triggers, standInsOf(schema, made.tables));
  const routines = await readRoutines(connection, schema, server);
  return {
    ...schema,
    tables: made.tables.map((one) => {
      const spelled = refused.has(refKey(one.given)) ? undefined : tables.get(one.table.name);
      return foldTable(spelled === undefined ? one.given : withTexts(one, spelled), frame);
    }),
    views: schema.views.map((view, i) => {
      const name = temporaryName(view, made.tables.length + i);
      const spelled = refused.has(`view ${refKey(view)}`) ? undefined : views.get(name);
      return spelled === undefined ? view : { ...view, sql: spelled.sql };
    }),
    triggers: schema.triggers.map((trigger) => {
      const spelled = refused.has(triggerKey(trigger)) ? undefined : triggers.get(triggerKey(trigger));
      return spelled === undefined ? trigger : { ...trigger, sql: spelled };
    }),
    routines: schema.routines.map((routine) => {
      const spelled = refused.has(routineKey(routine)) ? undefined : routines.get(routineKey(routine));
      return spelled === undefined ? routine : { ...routine, sql: spelled };
    }),
  };
}

async function readRoutines(
  connection: Connection,
  schema: Schema,
  server: Server,
): Promise<ReadonlyMap<string, string>> {
  if (schema.routines.length === 0) return new Map();
  const namespaces = [...new Set(schema.routines.flatMap((routine) => routine.namespace ?? []))];
  const read = await introspect(connection, {
    scope: { hidden: [], namespaces },
    major: server.major,
    home: null,
  });
  return new Map(read.routines.map((routine) => [routineKey(routine), routine.sql]));
}

async function begin(connection: Connection): Promise<'begun' | 'forbidden'> {
  try {
    await connection.script([
      'BEGIN',
      'SET LOCAL check_function_bodies = off',
      `SET LOCAL lock_timeout = '2s'`,
      probe,
    ]);
    return 'begun';
  } catch (error) {
    if (forbidden.has(sqlStateOf(error) ?? '')) return 'forbidden';
    throw error;
  }
}

/** The schema in the server's words; `null` where this role may not make them. Leaves nothing behind. */
export async function spell(connection: Connection, schema: Schema, server: Server): Promise<Schema | null> {
  try {
    if ((await begin(connection)) === 'forbidden') return null;
    const enums = await missingEnums(connection, schema.enums, server.home);
    await connection.script(
      enums.map(
        (one) =>
          `CREATE TYPE pg_temp.${quoteIdentifier(one.name)} AS ENUM (${one.values.map(quoteLiteral).join(', ')})`,
      ),
    );
    return await readBack(connection, schema, trialsOf(schema, server), server);
  } finally {
    await connection.script(['ROLLBACK']);
  }
}
