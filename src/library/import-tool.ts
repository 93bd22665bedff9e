// Takes the history of another tool over, and what a database has of it.
// In: the tool, where its files are, a database or none. Out: revisions, a report, recorded revisions. Must not know the
// terminal.

import { readdir } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { familyOfUrl } from '../config/family-of-url.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import { errorCode } from '../kernel/import-package.ts';
import { shownFile } from '../revisions/header.ts';
import { scanHeaders } from '../revisions/scan.ts';
import { writeRevision } from '../revisions/write.ts';
import type { DialectName } from '../schema/schema.ts';
import type { AppliedState } from '../takeover/applied-state.ts';
import { appliedState } from '../takeover/applied-state.ts';
import type { Assembled, HistoryReport, RevisionToWrite } from '../takeover/assemble.ts';
import { assemble } from '../takeover/assemble.ts';
import type { ForeignHistory, ForeignTool } from '../takeover/tool.ts';
import type { SurefootOptions } from './api.ts';
import { openImportScratch } from './import-scratch.ts';
import { recordState } from './import-state.ts';
import type { Opened } from './open.ts';
import { openSession } from './open.ts';

export type { AppliedState } from '../takeover/applied-state.ts';

/** What is asked of the import of a tool. */
export interface ToolImportChoices {
  readonly tool: ForeignTool;
  /** The project, the folder of the migrations, or one file. */
  readonly path: string;
  /** The project: where its database is, and who asks. Without a URL no database is looked at. */
  readonly options: SurefootOptions & { readonly projectFolder: string };
  /** The environment's, which anything said goes before. */
  readonly fallbackUrl?: string | undefined;
  /** True: no database is looked at. */
  readonly filesOnly?: boolean | undefined;
  /** Where the revisions go. Default: `migrations`, or `revisions` where that is taken. */
  readonly out?: string | undefined;
  /** The family, where no database says it. */
  readonly dialect?: DialectName | undefined;
  /** True: nothing is written, and nothing recorded. */
  readonly dryRun?: boolean | undefined;
}

/** What an import found, wrote and recorded. */
export interface ToolImport {
  readonly report: HistoryReport;
  /** What the database says; `null`: none was asked, or the tool has no table there. */
  readonly applied: AppliedState | null;
  /** The recorded revisions afterwards; `null`: nothing was recorded. */
  readonly recorded: readonly string[] | null;
  readonly unread: ForeignHistory['unread'];
  readonly notes: readonly string[];
  /** The tool's own tables, for the config's `ignore`. */
  readonly tables: readonly string[];
  /** The family that the files are for; `null`: nobody says. */
  readonly dialect: DialectName | null;
  /** Where the tool's own files say that the database is, and in which variable; `null`: they do not. */
  readonly place: { readonly url: string; readonly variable: string | null } | null;
  /** The folder of the revisions. */
  readonly folder: string;
  /** The files that were written; none: they were there already, or it was a dry run. */
  readonly files: readonly string[];
}

const isInside = (path: string, folder: string) => path === folder || path.startsWith(folder + sep);

async function entriesOf(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
}

/** The usual folder, unless the tool's own files live there, or others do. */
async function usualFolder(project: string, history: ForeignHistory, ours: Assembled): Promise<string> {
  const usual = join(project, 'migrations');
  const taken = isInside(history.folder, usual) || isInside(usual, history.folder);
  if (taken) return join(project, 'revisions');
  const isFree = (await entriesOf(usual)).length === 0 || (await standsThere(usual, ours));
  return isFree ? usual : join(project, 'revisions');
}

/** True if all the revisions are there already: an import before wrote them. */
async function standsThere(folder: string, { revisions }: Assembled): Promise<boolean> {
  if ((await entriesOf(folder)).length === 0) return false;
  const ids = new Set((await scanHeaders([folder])).map(({ id }) => id));
  return revisions.every(({ header }) => ids.has(header.id));
}

async function refuseTaken(folder: string, history: ForeignHistory): Promise<void> {
  const clash = isInside(folder, history.folder);
  if (!clash && (await entriesOf(folder)).length === 0) return;
  throw new SurefootError('import/folder-exists', `${shownFile(folder)} is there already, and not empty`, {
    details: { folder },
    hint: 'Name another folder with --out; nothing that is there is overwritten.',
  });
}

function nothingFound(tool: ForeignTool, path: string, unread: ForeignHistory['unread']): SurefootError {
  const first = unread.map(({ file, reason }) => `; ${file}: ${reason}`).slice(0, 3);
  return new SurefootError(
    'import/nothing-found',
    `there is no migration of ${tool.title} in ${path}${first.join('')}`,
    {
      details: { path, files: unread.map(({ file }) => file) },
      hint: 'Name the folder of the project, or that of the migrations.',
    },
  );
}

function refuseOther(
  tool: ForeignTool,
  { dialect: expected }: ForeignHistory,
  found: DialectName | null,
): void {
  if (expected === null || found === null || found === expected) return;
  throw new SurefootError(
    'import/other-database',
    `the migrations of ${tool.title} are for ${expected}; the database that was named is ${found}`,
    {
      details: { expected, found },
      hint: 'Name the database they belong to with --url, or leave the database out with --files-only.',
    },
  );
}

async function refuseMissing(path: string): Promise<void> {
  await readdir(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOTDIR') return;
    if (errorCode(error) !== 'ENOENT') throw error;
    throw new SurefootError('import/not-found', `there is no ${path}`, {
      details: { path },
      hint: 'Name the folder of the project, or that of the migrations.',
    });
  });
}

/** A session that is opened when it is asked for, once. */
function sessionOf(options: SurefootOptions, folder: string) {
  let opened: Promise<Opened> | undefined;
  return {
    open: () => {
      opened ??= openSession(options, folder, { reading: true });
      return opened;
    },
    close: async () => {
      await (await opened)?.close();
    },
  };
}

const hasDatabase = ({ url, connection }: SurefootOptions) => url !== undefined || connection !== undefined;

/** The family of the database that was named; nobody is asked. */
function familyOf({ options, fallbackUrl }: ToolImportChoices): DialectName | null {
  const url = options.url ?? fallbackUrl;
  return url === undefined ? null : familyOfUrl(url, options.projectFolder);
}

async function readHistory(
  choices: ToolImportChoices,
  session: ReturnType<typeof sessionOf>,
): Promise<ForeignHistory> {
  const { tool, options } = choices;
  const { projectFolder } = options;
  const path = resolve(projectFolder, choices.path);
  await refuseMissing(path);
  const history = await tool.read(path, {
    projectFolder,
    dialect: choices.dialect ?? familyOf(choices),
    env: options.env ?? {},
    openScratch: async (dialect, near) => {
      const opened = hasDatabase(options) ? await session.open() : null;
      const isNear = opened === null && near !== undefined && !choices.filesOnly;
      const own = isNear ? { scratchUrl: near, ...options } : options;
      return await openImportScratch(dialect, own, { opened, folder: projectFolder });
    },
  });
  if (history === null || history.migrations.length === 0)
    throw nothingFound(tool, path, history?.unread ?? []);
  return history;
}

async function readState(
  opened: Opened | null,
  choices: ToolImportChoices,
  found: { readonly history: ForeignHistory; readonly assembled: Assembled },
): Promise<AppliedState | null> {
  if (opened === null) return null;
  const { history, assembled } = found;
  const { connection, dialect } = opened;
  const { projectFolder, env = {} } = choices.options;
  const ledger = await choices.tool.ledger({ connection, dialect, history, projectFolder, env });
  return ledger && appliedState({ history, ids: assembled.ids, ledger });
}

async function writeAll(revisions: readonly RevisionToWrite[], folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const { header, body, name } of revisions)
    files.push((await writeRevision({ folder, header, name, ...body })).file);
  return files;
}

function placeOf({ url, urlVariable }: ForeignHistory): ToolImport['place'] {
  return url === undefined ? null : { url, variable: urlVariable ?? null };
}

/** The project's database; where it was not named, what the tool's own files say, then the environment. */
function settled(choices: ToolImportChoices, history: ForeignHistory): ToolImportChoices['options'] {
  const { options, fallbackUrl, filesOnly = false } = choices;
  if (filesOnly || hasDatabase(options)) return options;
  const url = history.url ?? fallbackUrl;
  return url === undefined ? options : { ...options, url };
}

/** A session to ask; where there is none, the files can be taken over by themselves. */
async function openToAsk(options: SurefootOptions, folder: string): Promise<Opened> {
  return await openSession(options, folder, { reading: true }).catch((error: unknown) => {
    if (!isSurefootError(error, 'database/unreachable')) throw error;
    const { message, details, hint } = error;
    throw new SurefootError('database/unreachable', message, {
      details,
      hint: `${hint} Or take the files over by themselves with --files-only, and the state later with the same command.`,
      cause: error,
    });
  });
}

const noTable = ({ database }: Opened, { title }: ForeignTool): string =>
  `${database.description} has no table of ${title}: nothing counts as applied there, and nothing was recorded.`;

/** Reads first, and with nobody's tables changed: what is written and recorded comes after. */
async function lookAtAll(choices: ToolImportChoices) {
  const { projectFolder } = choices.options;
  const early = sessionOf(choices.options, projectFolder);
  const history = await readHistory(choices, early).finally(() => early.close());
  const assembled = assemble(history, projectFolder);
  const options = settled(choices, history);
  // By its URL first: nobody is asked who would be of no use.
  if (options.url !== undefined) refuseOther(choices.tool, history, familyOf({ ...choices, options }));
  const asks = choices.filesOnly !== true && hasDatabase(options);
  const opened = asks ? await openToAsk(options, projectFolder) : null;
  try {
    refuseOther(choices.tool, history, opened?.dialect.name ?? null);
    const applied = await readState(opened, choices, { history, assembled });
    const dialect = history.dialect ?? opened?.dialect.name ?? null;
    const notes = opened !== null && applied === null ? [noTable(opened, choices.tool)] : [];
    return { history, assembled, applied, dialect, options, notes };
  } finally {
    await opened?.close();
  }
}

/** Takes a history over: its migrations as revisions, and what the database has of them as recorded. */
export async function importFromTool(choices: ToolImportChoices): Promise<ToolImport> {
  const { dryRun = false } = choices;
  const { history, assembled, applied, dialect, options, ...found } = await lookAtAll(choices);
  const folder =
    choices.out === undefined
      ? await usualFolder(options.projectFolder, history, assembled)
      : resolve(options.projectFolder, choices.out);
  const { report, revisions } = assembled;
  const { unread, tables } = history;
  const notes = [...history.notes, ...found.notes];
  const said = { report, applied, unread, notes, tables, dialect, folder, place: placeOf(history) };
  if (dryRun) return { ...said, recorded: null, files: [] };
  const isThere = await standsThere(folder, assembled);
  if (!isThere) await refuseTaken(folder, history);
  const files = isThere ? [] : await writeAll(revisions, folder);
  const recorded =
    applied && (await recordState({ ...options, migrations: folder, ignore: tables }, applied));
  return { ...said, recorded, files };
}
