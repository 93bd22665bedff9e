// Models straight onto a database without a history. In: a project, choices. Out: what was done.
// Must not know the terminal; leaves no trace but the schema.

import { randomUUID } from 'node:crypto';
import type { Segment } from '../dialect/statement.ts';
import { readEntries, readVersionTable } from '../journal/store.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { Lock } from '../lock/lock.ts';
import { describe } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import { nameOperations } from '../plan/carry-out.ts';
import type { Loss } from '../plan/plan.ts';
import { withRebuild } from '../runner/rebuild.ts';
import type { LockedSession } from '../runner/session.ts';
import { lockedSession } from '../runner/session.ts';
import type { Schema } from '../schema/schema.ts';
import type { PushChoices, PushPlan, PushResult } from './autogenerate-choices.ts';
import type { Compared } from './comparison.ts';
import { compareWith, wantedModels } from './comparison.ts';
import type { Opened } from './open.ts';
import { openSession, readSchema, refuseReadOnly, scopeOf } from './open.ts';
import type { Project } from './project.ts';

/** Where revisions were run, they and not the models say what is there. */
export async function refuseHistory({ store, names }: Opened): Promise<void> {
  const rows = (await readVersionTable(store))?.rows ?? [];
  const entries = await readEntries(store, { events: null, data: false });
  if (rows.length === 0 && entries.length === 0) return;
  const says = rows.length > 0 ? `names ${rows.join(', ')}` : 'has a journal beside it';
  throw new SurefootError(
    'autogenerate/has-history',
    `${names.version} in this database ${says}: it has a history`,
    {
      details: { table: names.version, revisions: rows },
      hint: 'Write a revision with `surefoot migrate -m "…"` and run it. For a prototype push to a database of its own, with --url.',
    },
  );
}

/** Push keeps no journal, so there is no lock row to hold. */
const noLock: Lock = {
  token: '',
  comment: '',
  fence: null,
  verify: async () => {},
  release: async () => {},
};

async function inTransaction(session: LockedSession, work: () => Promise<void>): Promise<void> {
  await session.begin();
  try {
    await work();
    await session.commit();
  } catch (error) {
    await session.rollback();
    throw error;
  }
}

async function runSegment(session: LockedSession, { mode, statements }: Segment): Promise<void> {
  const send = async () => {
    for (const { sql, parameters } of statements) await session.send(sql, parameters);
  };
  if (mode === 'autocommit') return await send();
  if (mode === 'transaction') return await inTransaction(session, send);
  await withRebuild(session, async (beforeCommit) => {
    await inTransaction(session, async () => {
      await send();
      await beforeCommit();
    });
  });
}

async function countLosses(
  operations: readonly Operation[],
  live: Schema,
  { opened, project }: { readonly opened: Opened; readonly project: Project },
): Promise<readonly Loss[]> {
  const { dialect, connection } = opened;
  const destructive = operations.filter(({ kind }) => kind === 'dropTable' || kind === 'dropColumn');
  const questions = dialect.lossQuestions({
    operations: destructive,
    before: live,
    naming: project.naming(dialect),
  });
  const losses: Loss[] = [];
  for (const { subject, sql } of questions) {
    const [row = {}] = (await connection.query(sql)).rows;
    const count = Number(Object.values(row)[0] ?? 0);
    if (count > 0) losses.push({ revision: '', subject, count });
  }
  return losses;
}

async function planPush(
  compared: Compared,
  means: { readonly opened: Opened; readonly project: Project },
): Promise<PushPlan & { readonly segments: readonly Segment[] }> {
  const { opened, project } = means;
  const { operations, from } = compared;
  const { dialect } = opened;
  const naming = project.naming(dialect);
  const named = nameOperations(operations, from, { dialect, naming });
  const segments = dialect.compile({ operations: named, before: from, naming });
  const inWords = operations.map((operation, at) => {
    const own = segments.flatMap(({ statements }) => statements.filter((one) => one.operation === at));
    const hazards = own.flatMap((one) => one.hazards).filter(({ code }) => code === 'data-loss');
    return { kind: operation.kind, description: describe(operation), hazards };
  });
  return {
    segments,
    operations: inWords,
    statements: segments.flatMap(({ statements }) => statements.map(({ sql }) => sql)),
    losses: await countLosses(operations, from, means),
  };
}

/** Brings a database without a history to the models. */
export async function push(project: Project, choices: PushChoices): Promise<PushResult> {
  const opened = await openSession(project.options, project.folder);
  try {
    refuseReadOnly(opened);
    await refuseHistory(opened);
    const ground = { opened, project, standIn: null };
    const declared = await wantedModels(ground);
    const live = await readSchema(opened, scopeOf(opened.names, declared.namespaces));
    const compared = await compareWith({ from: live, before: live, declared }, ground, choices);
    const { segments, ...plan } = await planPush(compared, { opened, project });
    const { renamed, leftOut } = compared;
    const confirmed = segments.length === 0 || ((await choices.confirm?.(plan)) ?? true);
    if (confirmed) {
      const session = lockedSession(opened.store, noLock, randomUUID());
      for (const segment of segments) await runSegment(session, segment);
    }
    return { ...plan, renamed, leftOut, confirmed };
  } finally {
    await opened.close();
  }
}
