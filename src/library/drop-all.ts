import { randomUUID } from 'node:crypto';
import type { Segment } from '../dialect/statement.ts';
import { changeRows, createTables, readVersionTable } from '../journal/store.ts';
import { toposort } from '../kernel/toposort.ts';
import type { Operation } from '../operations/operation.ts';
import type { LockedSession } from '../runner/session.ts';
import { lockedSession } from '../runner/session.ts';
import type { Schema, Table } from '../schema/schema.ts';
import { refKey, refOf, sameRef } from '../schema/schema.ts';
import type { RunChoices } from './api.ts';
import { dropKept, readKept } from './kept-store.ts';
import type { Opened } from './open.ts';
import { openSession, readSchema, refuseReadOnly, scopeOf } from './open.ts';
import type { Project } from './project.ts';
import { takeLock, whoOf } from './take-lock.ts';
import { toolName } from './version.ts';

/** Tables before those they refer to; `null` where references go round in a circle. */
function childrenFirst(tables: readonly Table[]): readonly Table[] | null {
  const { order } = toposort({
    nodes: tables,
    dependencies: (table) =>
      table.foreignKeys.flatMap((key) =>
        tables.filter((other) => other !== table && sameRef(other, key.references.table)),
      ),
    compare: (a, b) => (refKey(a) < refKey(b) ? -1 : 1),
  });
  return order?.toReversed() ?? null;
}

function dropTables(tables: readonly Table[]): readonly Operation[] {
  const ordered = childrenFirst(tables);
  const keys = (ordered ? [] : tables).flatMap((table) =>
    table.foreignKeys.map(
      (key): Operation => ({
        kind: 'dropForeignKey',
        table: refOf(table),
        target: key.name === null ? { columns: key.columns } : { name: key.name },
        was: key,
      }),
    ),
  );
  return [
    ...keys,
    ...(ordered ?? tables).map(
      (table): Operation => ({ kind: 'dropTable', table: refOf(table), was: table, triggers: [] }),
    ),
  ];
}

/** What takes everything away, dependants first. */
export function dropEverything(schema: Schema): readonly Operation[] {
  return [
    ...schema.triggers.map(
      (one): Operation => ({ kind: 'dropTrigger', table: one.table, trigger: one.name, was: one }),
    ),
    ...schema.views.toReversed().map((one): Operation => ({ kind: 'dropView', view: refOf(one), was: one })),
    ...dropTables(schema.tables),
    ...schema.routines.map((one): Operation => ({ kind: 'dropRoutine', routine: one, was: one })),
    ...schema.sequences.map((one): Operation => ({ kind: 'dropSequence', sequence: refOf(one), was: one })),
    ...schema.enums.map((one): Operation => ({ kind: 'dropEnum', enum: refOf(one), was: one })),
  ];
}

async function runSegment(session: LockedSession, { mode, statements }: Segment): Promise<void> {
  if (mode === 'autocommit') await session.verify();
  else await session.begin();
  for (const { sql, parameters } of statements) await session.send(sql, parameters);
  if (mode !== 'autocommit') await session.commit();
}

/** Drops every object of the default namespace. The journal stays, and says so. */
export async function dropAll(project: Project, choices: RunChoices): Promise<void> {
  const opened = await openSession(project.options, project.folder);
  try {
    refuseReadOnly(opened);
    const lock = await takeLock(opened, project, choices);
    try {
      await createTables(opened.store);
      const session = lockedSession(opened.store, lock, randomUUID());
      const before = await readSchema(opened, scopeOf(opened.names, []));
      const { dialect } = opened;
      const input = { operations: dropEverything(before), before, naming: project.naming(dialect) };
      for (const segment of dialect.compile(input)) await runSegment(session, segment);
      for (const one of await readKept(opened)) await dropKept(one, opened, session);
      await recordEmpty(opened, project, session);
    } finally {
      await lock.release();
    }
  } finally {
    await opened.close();
  }
}

async function recordEmpty(opened: Opened, project: Project, session: LockedSession): Promise<void> {
  const rows = (await readVersionTable(opened.store))?.rows ?? [];
  const data = {
    heads: [],
    applied: [],
    reason: 'everything dropped',
    who: await whoOf(project, opened),
    tool: toolName,
  };
  await session.begin();
  for (const command of changeRows(opened.store, rows, [])) await session.command(command);
  await session.write([{ event: 'stamped', revision: null, direction: null, statement: null, data }]);
  await session.commit();
}
