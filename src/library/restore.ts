// A database brought back to what a backup holds, and the proof of it.
// In: a project, a file. Out: RestoreResult. Must not know the terminal.

import { randomUUID } from 'node:crypto';
import { basename, resolve as resolvePath } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Subject } from '../backup/backup.ts';
import { connected, copyBack, isSameFile, refuseUsers } from '../backup/copy.ts';
import { loadDump } from '../backup/load.ts';
import { placeFor } from '../backup/place.ts';
import type { Contents, Sidecar } from '../backup/sidecar.ts';
import { openBackup } from '../backup/sidecar.ts';
import { compareSchemas } from '../diff/compare.ts';
import { recover } from '../journal/recover.ts';
import { createTables, readEntries } from '../journal/store.ts';
import { now } from '../kernel/clock.ts';
import { isSurefootError, messageOf, SurefootError } from '../kernel/errors.ts';
import type { Lock } from '../lock/lock.ts';
import { appliedFrom, inOrder, unknownRows } from '../revisions/graph.ts';
import { lockedSession } from '../runner/session.ts';
import type { Part } from '../schema/parts.ts';
import { displayPart } from '../schema/parts.ts';
import { displayRef, refKey } from '../schema/schema.ts';
import { meansOf, saveOpened, subjectOf } from './backup.ts';
import type { RestoreChoices, RestoreResult } from './backup-choices.ts';
import type { Opened } from './open.ts';
import { openSession, refuseReadOnly } from './open.ts';
import { withOriginals } from './originals.ts';
import type { Project } from './project.ts';
import { takeLock, whoOf } from './take-lock.ts';
import { toolName } from './version.ts';

interface Restoring {
  readonly opened: Opened;
  readonly project: Project;
  readonly choices: RestoreChoices;
  readonly file: string;
  readonly sidecar: Sidecar;
  readonly subject: Subject;
}

/** Where even the namespace of our own tables was dropped, there must be one again before anything can be locked. */
async function openHome(project: Project): Promise<Opened> {
  const opened = await openSession(project.options, project.folder);
  const { dialect, facts, connection } = opened;
  const isHomeless = dialect.traits.namespaces && facts.namespace === null;
  if (!isHomeless || dialect.backup.kind === 'copy' || dialect.backup.createHome === null) return opened;
  await connection.query(dialect.backup.createHome).finally(() => opened.close());
  return await openSession(project.options, project.folder);
}

function refuseOtherKind({ dialect, flavor, product }: Sidecar, opened: Opened, file: string): void {
  const { traits, name } = opened.dialect;
  if (dialect === name && flavor === traits.flavor) return;
  const problem = `it is of ${product}, and the database is ${opened.facts.product}`;
  throw new SurefootError('backup/invalid', `${file} cannot be restored here: ${problem}`, {
    details: { file, problem },
    hint: 'Nothing was touched. Name the right database with --url.',
  });
}

/** Refuses while others are connected; `own` sessions besides the asking one are ours. False: not all can be seen. */
async function refuseOthers(subject: Subject, own: number): Promise<boolean> {
  if (subject.means.kind === 'copy') {
    await refuseUsers(subject);
    return true;
  }
  const { family } = subject.means.tools;
  let found = await family.sessions(subject.connection);
  // A session that was just closed may still be seen for a moment.
  for (let tries = 0; found.sessions.length > own && tries < 8; tries += 1) {
    await sleep(250);
    found = await family.sessions(subject.connection);
  }
  const others = found.sessions.map(
    ({ id, user, doing }) => `${user} (session ${id}${doing === '' ? '' : `, ${doing}`})`,
  );
  if (others.length > own) throw connected(subject.facts.database, others);
  return found.isComplete;
}

function rowsByTable({ rows }: Pick<Contents, 'rows'>): ReadonlyMap<string, Contents['rows'][number]> {
  return new Map(rows.map((one) => [refKey(one.table), one]));
}

/** Tables whose rows are not as many as they were. */
function otherCounts(then: Contents, other: Contents): readonly string[] {
  const counts = rowsByTable(other);
  return then.rows.flatMap(({ table, rows }) => {
    const found = counts.get(refKey(table))?.rows ?? 0;
    return found === rows ? [] : [`${displayRef(table)} has ${found} rows, the backup ${rows}`];
  });
}

async function isUnwritten({ subject, sidecar, file, project }: Restoring): Promise<boolean> {
  const { means, connection, names, facts, dialect } = subject;
  if (means.kind === 'tools') {
    const { family } = means.tools;
    return family.isUnwritten(sidecar.mark, await family.mark(connection, names));
  }
  const { extension } = dialect.backup;
  const place = { projectFolder: project.folder, database: facts.database, extension, suffix: '_compared' };
  return await isSameFile(subject, file, await placeFor(place));
}

interface Live {
  readonly heads: readonly string[];
  /** Why writes since the backup cannot be ruled out. */
  readonly writes: readonly string[];
}

/** Looks for anything that was written since the backup; what cannot be seen counts as written. */
async function lookForWrites(restoring: Restoring, seesAll: boolean): Promise<Live> {
  const { subject, sidecar } = restoring;
  let live: Contents;
  try {
    live = await subject.look(subject.connection, { countsRows: true });
  } catch (error) {
    if (!isSurefootError(error) || error.code === 'database/lost') throw error;
    return { heads: [], writes: [`what is there cannot be read: ${messageOf(error)}`] };
  }
  const writes = [
    ...(live.journalId === sidecar.journalId ? [] : ['the journal is not where it was']),
    ...(live.fingerprint === sidecar.fingerprint ? [] : ['the schema was changed']),
    ...otherCounts(sidecar, live),
    ...(seesAll ? [] : ['this user does not see the sessions of others']),
  ];
  if (writes.length > 0 || (await isUnwritten(restoring))) return { heads: live.heads, writes };
  return { heads: live.heads, writes: ['rows may have been changed: the server cannot tell that none was'] };
}

function refuseWrites({ file, choices, sidecar }: Restoring, writes: readonly string[]): void {
  if (writes.length === 0 || choices.allow?.includes('lose-writes-since-backup')) return;
  throw new SurefootError(
    'backup/writes-since',
    `the database may have been written to since ${sidecar.takenAt}: ${writes.join('; ')}`,
    {
      details: { file, reasons: writes },
      hint: 'Nothing was touched. A restore loses what was written since: if that is meant, say --allow lose-writes-since-backup.',
    },
  );
}

async function bringBack(restoring: Restoring, lock: Lock): Promise<void> {
  const { subject, file, sidecar, project } = restoring;
  const { connection, dialect, facts, names, means, onProgress } = subject;
  const { bookkeeping, backup } = dialect;
  const createOwn = [...bookkeeping.createTables(names), ...bookkeeping.createVersionTable(names)];
  if (means.kind === 'tools') {
    const ground = {
      connection,
      facts,
      names,
      token: lock.token,
      inventory: sidecar.inventory,
      createTables: createOwn,
    };
    const onBytes = (done: number, total: number | null) =>
      onProgress({ stage: 'restoring', unit: 'bytes', done, total });
    await loadDump(means.tools, { file, ground, onBytes });
    return;
  }
  const into = await liveFile(subject);
  const place = { projectFolder: project.folder, database: facts.database, suffix: '_staged' };
  const staging = await placeFor({ ...place, extension: backup.extension });
  await copyBack(subject, { file, into, staging, createTables: createOwn });
}

async function liveFile({ dialect, connection, facts }: Subject): Promise<string> {
  const { coordination } = dialect;
  const file = coordination.kind === 'file' ? await coordination.file(connection) : null;
  if (file !== null) return file;
  throw new SurefootError(
    'backup/unsupported',
    `${facts.database} is in memory: nothing can be restored into it`,
    {
      details: { database: facts.database },
      hint: 'Open the backup itself: it is a database.',
    },
  );
}

/** Says in what state a failure left the database. */
async function bringBackOrSay(restoring: Restoring, lock: Lock, safetyCopy: string | null): Promise<void> {
  const { subject, file } = restoring;
  const isAtomic = subject.means.kind === 'copy' || subject.means.tools.family.snapshot !== null;
  try {
    await bringBack(restoring, lock);
  } catch (error) {
    if (isSurefootError(error, 'backup/sessions-connected') || !isSurefootError(error)) throw error;
    const state = isAtomic ? 'unchanged' : 'half-done';
    const what = isAtomic ? 'the database is as it was' : 'the database is half restored';
    const again = safetyCopy === null ? '' : ` What was there before is in ${safetyCopy}.`;
    throw new SurefootError('backup/restore-failed', `the restore failed, ${what}: ${messageOf(error)}`, {
      details: { file, state, safetyCopy },
      hint: `Remove the cause and restore again with --allow lose-writes-since-backup.${again}`,
      cause: error,
    });
  }
}

/** The journal goes on: what was written after the backup stays, and this is put behind it. */
async function recordRestore({ opened, project, file, sidecar }: Restoring, lock: Lock): Promise<void> {
  const { heads, journalId } = sidecar;
  await createTables(opened.store);
  const seen = withOriginals(project, opened, heads).then((own) => own.graph());
  const graph = await seen.catch((error: unknown) => {
    // The database is restored; that a revision file is broken is another matter, which the next run tells.
    if (isSurefootError(error)) return null;
    throw error;
  });
  const entries = await readEntries(opened.store, { events: null, data: true });
  const isKnown = graph !== null && unknownRows(graph, heads).length === 0;
  const before = entries.filter(({ id }) => id <= journalId);
  const wasAdopted = isKnown && recover(heads, before, graph).movedByOthers;
  const data = {
    heads,
    ...(wasAdopted ? { applied: inOrder(graph, appliedFrom(graph, heads)) } : {}),
    reason: `restored from ${basename(file)}, taken ${sidecar.takenAt}`,
    who: await whoOf(project, opened),
    tool: toolName,
  };
  const session = lockedSession(opened.store, lock, randomUUID());
  await session.begin();
  await session.write([{ event: 'restored', revision: null, direction: null, statement: null, data }]);
  await session.commit();
}

const displayDifferent = (part: Part | null): string => (part === null ? 'an object' : displayPart(part));

/** Schema and rows, compared with what the backup says it holds. */
async function prove({ subject, sidecar, file }: Restoring, safetyCopy: string | null): Promise<void> {
  const after = await subject.look(subject.connection, { countsRows: true });
  const isSameServer = sidecar.product === subject.facts.product;
  const differences = compareSchemas(sidecar.schema, after.schema)
    // Another version may spell an expression otherwise.
    .filter(({ kind }) => isSameServer || kind !== 'unsure')
    .map(({ kind, wanted, actual }) => `${displayDifferent(wanted ?? actual)} is ${kind}`);
  const problems = [...differences, ...otherCounts(sidecar, after)];
  if (problems.length === 0) return;
  const again = safetyCopy === null ? '' : ` What was there before is in ${safetyCopy}.`;
  throw new SurefootError(
    'backup/not-proven',
    `the database is not what the backup holds: ${problems.join('; ')}`,
    {
      details: { file, problems, safetyCopy },
      hint: `The restore ended without an error; did somebody write meanwhile?${again}`,
    },
  );
}

async function restoreLocked(restoring: Restoring, lock: Lock, begun: number): Promise<RestoreResult> {
  const { opened, project, choices, file, sidecar, subject } = restoring;
  // The lock's heartbeat has a session of its own.
  const seesAll = await refuseOthers(subject, opened.database.sessions === 'many' ? 1 : 0);
  const { heads: headsNow, writes } = await lookForWrites(restoring, seesAll);
  refuseWrites(restoring, writes);
  const { takenAt, heads, rows } = sidecar;
  const database = basename(subject.facts.database);
  const sum = rows.reduce((total, one) => total + one.rows, 0);
  const result = { file, takenAt, database, heads, tables: rows.length, rows: sum, writes };
  const outline = { file, takenAt, database, heads: { before: headsNow, after: heads }, writes };
  if (choices.confirm && !(await choices.confirm(outline)))
    return { ...result, heads: headsNow, ms: now() - begun, safetyCopy: null, confirmed: false };
  const place = { projectFolder: project.folder, suffix: '_before-restore' };
  const safetyCopy = choices.safetyCopy === false ? null : (await saveOpened(subject, place)).file;
  await createTables(opened.store);
  await lock.verify();
  await bringBackOrSay(restoring, lock, safetyCopy);
  await recordRestore(restoring, lock);
  await prove(restoring, safetyCopy);
  return { ...result, ms: now() - begun, safetyCopy, confirmed: true };
}

/** Brings the project's database back to what the backup holds. Everything that can be refused is refused first. */
export async function restore(
  project: Project,
  name: string,
  choices: RestoreChoices,
): Promise<RestoreResult> {
  const begun = now();
  const file = resolvePath(project.folder, name);
  const sidecar = await openBackup(file);
  const opened = await openHome(project);
  try {
    refuseReadOnly(opened);
    refuseOtherKind(sidecar, opened, file);
    const means = await meansOf(opened, project, choices.signal);
    const subject = subjectOf(opened, means, choices.onProgress);
    if (means.kind === 'copy') await liveFile(subject);
    await refuseOthers(subject, 0);
    const { lockTimeoutMs, onWait, signal } = choices;
    const lock = await takeLock(opened, project, { lockTimeoutMs, onWait, signal });
    try {
      return await restoreLocked({ opened, project, choices, file, sidecar, subject }, lock, begun);
    } finally {
      await lock.release();
    }
  } finally {
    await opened.close();
  }
}
