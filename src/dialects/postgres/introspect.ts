// Server → Schema, in one round trip.
// In: a connection, what to read of it. Out: the schema, not yet normalised. Must not know operations or plans.

import type { Connection } from '../../dialect/connection.ts';
import type { Scope } from '../../dialect/dialect.ts';
import { textOf } from '../../dialect/rows.ts';
import type {
  Enum,
  Routine,
  Schema,
  Sequence,
  Trigger,
  UnsupportedObject,
  View,
} from '../../schema/schema.ts';
import { answerParts, introspectQuery } from './introspect-query.ts';
import type { Answer, RoutineRow, SequenceRow, TriggerRow, ViewRow } from './introspect-rows.ts';
import { readTables } from './introspect-table.ts';

/** What to read, and as what. */
export interface Reading {
  readonly scope: Scope;
  readonly major: number;
  /** A namespace to take for the default one; `null`: the connection's own. */
  readonly home: string | null;
}

async function ask(connection: Connection, { scope, major, home }: Reading): Promise<Answer> {
  const namespaces = scope.namespaces === null ? null : JSON.stringify(scope.namespaces);
  const result = await connection.query(introspectQuery(major), [
    namespaces,
    JSON.stringify(scope.hidden),
    home,
    scope.hiddenIn ?? null,
  ]);
  const row = result.rows[0];
  return Object.fromEntries(
    answerParts.map((part) => [part, JSON.parse(textOf(row, part) ?? '[]')]),
  ) as unknown as Answer;
}

function sequenceOf(row: SequenceRow): Sequence {
  return {
    namespace: row.ns,
    name: row.name,
    start: Number(row.start),
    increment: Number(row.increment),
    minimum: Number(row.minimum),
    maximum: Number(row.maximum),
    cycle: row.cycle,
  };
}

function viewOf({ ns, name, sql, materialized }: ViewRow): View {
  return { namespace: ns, name, sql: sql.trim().replace(/;$/, '').trim(), materialized };
}

/** The definition qualifies the routine's own name always; the default namespace is left out. */
function routineOf(row: RoutineRow): Routine {
  const head = `CREATE OR REPLACE ${row.kind === 'p' ? 'PROCEDURE' : 'FUNCTION'} `;
  const own = `${head}${row.qualified}(`;
  const bare = row.ns === null && row.sql.startsWith(own);
  return {
    namespace: row.ns,
    name: row.name,
    kind: row.kind === 'p' ? 'procedure' : 'function',
    signature: row.signature,
    sql: (bare ? `${head}${row.bare}(${row.sql.slice(own.length)}` : row.sql).trim(),
  };
}

function triggerOf({ ns, table, name, sql }: TriggerRow): Trigger {
  return { table: { namespace: ns, name: table }, name, sql };
}

function beyond(kind: string, namespace: string | null, name: string, reason: string): UnsupportedObject {
  return { kind, namespace, name, reason };
}

function unsupportedOf(answer: Answer): readonly UnsupportedObject[] {
  const options = answer.views.filter((view) => view.options !== null);
  const disabled = answer.triggers.filter((trigger) => trigger.enabled !== 'O');
  return [
    ...answer.unsupported.map((row) => beyond(row.kind, row.ns, row.name, row.reason)),
    ...options.map((row) => beyond('view-options', row.ns, row.name, `options ${row.options?.join(', ')}`)),
    ...disabled.map((row) =>
      beyond('trigger-state', row.ns, `${row.table}.${row.name}`, 'not simply enabled'),
    ),
  ];
}

/** The schema behind the connection. */
export async function introspect(connection: Connection, reading: Reading): Promise<Schema> {
  const answer = await ask(connection, reading);
  const read = readTables(answer);
  return {
    namespaces: answer.namespaces,
    enums: answer.enums.map((row): Enum => ({ namespace: row.ns, name: row.name, values: row.values ?? [] })),
    sequences: read.sequences.map(sequenceOf),
    tables: read.tables,
    views: answer.views.map(viewOf),
    routines: answer.routines.map(routineOf),
    triggers: answer.triggers.map(triggerOf),
    unsupported: [...unsupportedOf(answer), ...read.unsupported],
  };
}
