// Backups of the project's database.
// In: a project, choices. Out: BackupResult. Must not know the terminal.

import { basename, resolve as resolvePath } from 'node:path';
import type { BackupRequest, Means, SavedBackup, Subject } from '../backup/backup.ts';
import { takeBackup } from '../backup/backup.ts';
import { findPrograms } from '../backup/programs.ts';
import type { BackupProgress } from '../backup/progress.ts';
import type { Contents } from '../backup/sidecar.ts';
import type { Connection } from '../dialect/connection.ts';
import type { ToolBackup } from '../dialect/native-backup.ts';
import { numberOf } from '../dialect/rows.ts';
import { parseUrl } from '../drivers/connection-info.ts';
import type { ServerInfo } from '../drivers/server-url.ts';
import { readEntries, readVersionTable } from '../journal/store.ts';
import { SurefootError } from '../kernel/errors.ts';
import { hashJson } from '../kernel/hash.ts';
import { lockHolder } from '../lock/lock.ts';
import { heldError } from '../lock/refusals.ts';
import type { Table } from '../schema/schema.ts';
import type { RunChoices } from './api.ts';
import type { BackupChoices, BackupResult } from './backup-choices.ts';
import type { Opened } from './open.ts';
import { openSession, readSchema } from './open.ts';
import type { Project } from './project.ts';
import { toolName } from './version.ts';

/** The server that the URL names; a session alone does not tell programs how to connect. */
function addressOf({ options, folder }: Project, description: string): ServerInfo {
  const info = options.url === undefined ? null : parseUrl(options.url, folder);
  if (info !== null && 'host' in info) return info;
  const isFolder = info?.driver === 'pglite';
  throw new SurefootError('backup/unsupported', `${description} cannot be backed up from here`, {
    details: { database: description },
    hint: isFolder
      ? 'PGlite has no program for it: stop what uses it and copy its folder. To go on without a backup, leave out --backup or say --no-backup.'
      : 'Give `url` besides `connection`: the programs that do it connect by themselves.',
  });
}

async function toolsOf(opened: Opened, project: Project, family: ToolBackup, signal: AbortSignal | null) {
  const { facts, names, database } = opened;
  const { clientTools, env = {} } = project.options;
  const address = addressOf(project, database.description);
  const folder = clientTools === undefined ? null : resolvePath(project.folder, clientTools);
  const toolbox = await findPrograms(family, facts, { folder, env });
  return { family, toolbox, address, facts, names, env, signal };
}

/** A dump would look whole without the triggers that its account cannot see: MariaDB's program leaves them out in silence. */
async function refuseBlind({ dialect, connection, database }: Opened): Promise<void> {
  if ((await dialect.hidesTriggers?.(connection)) !== true) return;
  throw new SurefootError(
    'backup/unsupported',
    `${database.description} cannot be saved by this account: it sees no triggers`,
    {
      details: { database: database.description },
      hint: 'Grant it TRIGGER on this database, or save with an account that has it. To go on without a backup, leave out --backup or say --no-backup.',
    },
  );
}

/** How this database is saved; refuses where that is not possible, before anything else happens. */
export async function meansOf(opened: Opened, project: Project, signal?: AbortSignal): Promise<Means> {
  const { backup } = opened.dialect;
  if (backup.kind === 'copy') return { kind: 'copy', title: opened.facts.product };
  await refuseBlind(opened);
  return { kind: 'tools', tools: await toolsOf(opened, project, backup, signal ?? null) };
}

async function countRows({ dialect }: Opened, connection: Connection, { namespace, name }: Table) {
  const table = `${namespace === null ? '' : `${dialect.quote(namespace)}.`}${dialect.quote(name)}`;
  const { rows } = await connection.query(`SELECT COUNT(*) AS count FROM ${table}`);
  return { table: { namespace, name }, rows: numberOf(rows[0], 'count') ?? 0 };
}

/** What a session sees: of the whole database, whatever history speaks of. */
export async function contentsOf(
  opened: Opened,
  connection: Connection,
  { countsRows }: { readonly countsRows: boolean },
): Promise<Contents> {
  const { names, dialect } = opened;
  const store = { ...opened.store, connection };
  const { backup: family } = dialect;
  const kept = family.kind === 'tools' && family.keptJournal !== null ? [family.keptJournal] : [];
  const hidden = [names.version, names.journal, names.lock, ...kept];
  const scope = { hidden, namespaces: dialect.traits.namespaces ? null : [] };
  const read = await readSchema({ ...opened, connection }, scope);
  // Hidden are the names of the default namespace only.
  const isOwn = ({ namespace, name }: Table) => namespace === names.namespace && hidden.includes(name);
  const schema = { ...read, tables: read.tables.filter((table) => !isOwn(table)) };
  // Asked first: in the transaction of a snapshot, a table that is not there would end everything.
  const described = dialect.bookkeeping.describeVersionTable({ ...names, version: names.journal });
  const hasJournal = (await connection.query(described)).rows.length > 0;
  const [last] = hasJournal ? await readEntries(store, { events: null, data: false, limit: 1 }) : [];
  const rows: Contents['rows'][number][] = [];
  if (countsRows) for (const table of schema.tables) rows.push(await countRows(opened, connection, table));
  return {
    heads: (await readVersionTable(store))?.rows ?? [],
    schema,
    fingerprint: hashJson(schema),
    rows,
    journalId: last?.id ?? 0,
  };
}

/** The database as the backup's own code sees it. */
export function subjectOf(
  opened: Opened,
  means: Means,
  onProgress: ((progress: BackupProgress) => void) | undefined,
): Subject {
  const { connection, dialect, facts, names } = opened;
  return {
    connection,
    dialect,
    facts,
    names,
    means,
    look: (session, wish) => contentsOf(opened, session, wish),
    onProgress: onProgress ?? (() => {}),
  };
}

export function resultOf({ file, checksum, bytes, ms, sidecar }: SavedBackup): BackupResult {
  const { takenAt, database, product, tool, heads, rows } = sidecar;
  const sum = rows.reduce((total, one) => total + one.rows, 0);
  return {
    file,
    checksum,
    bytes,
    ms,
    takenAt,
    database: basename(database),
    product,
    tool,
    heads,
    tables: rows.length,
    rows: sum,
  };
}

/** Saves what a session is connected to. */
export async function saveOpened(subject: Subject, place: BackupRequest['place']): Promise<BackupResult> {
  return resultOf(await takeBackup({ ...subject, place, surefoot: toolName }));
}

/** While somebody alters the schema, a dump would be of neither state. */
async function refuseRunner(opened: Opened): Promise<void> {
  const holder = await lockHolder(opened);
  if (holder === null || holder.state === 'dead') return;
  throw heldError(holder, { waitedMs: 0, hint: 'A runner is at work: wait until it is done, then back up.' });
}

/** Saves the project's database. Changes nothing in it. */
export async function backup(project: Project, choices: BackupChoices): Promise<BackupResult> {
  const opened = await openSession(project.options, project.folder, { reading: false, create: false });
  try {
    const means = await meansOf(opened, project, choices.signal);
    await refuseRunner(opened);
    const place = { projectFolder: project.folder, out: choices.out };
    return await saveOpened(subjectOf(opened, means, choices.onProgress), place);
  } finally {
    await opened.close();
  }
}

/** The backup that a run wishes for: ready to be taken once there is something to run. `null`: it wishes for none. */
export async function readyBackup(
  opened: Opened,
  project: Project,
  { backup: wish, onBackup, signal }: RunChoices,
): Promise<(() => Promise<BackupResult>) | null> {
  if (wish === undefined || wish === false) return null;
  const means = await meansOf(opened, project, signal);
  const out = wish === true ? undefined : wish.out;
  return () => saveOpened(subjectOf(opened, means, onBackup), { projectFolder: project.folder, out });
}
