// Takes the history of another tool over. In: where it is. Out: revisions that were written, with a report.
// Must not know the terminal; no database is needed.

import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SurefootError } from '../kernel/errors.ts';
import { errorCode } from '../kernel/import-package.ts';
import { shownFile } from '../revisions/header.ts';
import { writeRevision } from '../revisions/write.ts';
import type { DialectName } from '../schema/schema.ts';
import { allDialects } from '../takeover/alembic/dialects.ts';
import { findProject } from '../takeover/alembic/find-files.ts';
import type { AlembicImport, ImportReport } from '../takeover/alembic/import-alembic.ts';
import { importAlembic } from '../takeover/alembic/import-alembic.ts';
import type { AlembicHome } from '../takeover/alembic/offline.ts';
import { openOffline } from '../takeover/alembic/offline.ts';
import { noRules, parseRules } from '../takeover/alembic/rules.ts';

export type { ImportedRevision, ImportReport } from '../takeover/alembic/import-alembic.ts';

/** What is asked of an import. */
export interface ImportChoices {
  /** The project, the folder of the migrations or of the versions, or one file. */
  readonly path: string;
  /** Paths are relative to it. */
  readonly projectFolder: string;
  /** The folder that the revisions are written to. */
  readonly out: string;
  /** A file of JSON: answers to tests, and what types are. */
  readonly rules?: string | undefined;
  /** The kinds of databases that the history is for; none given: all. */
  readonly dialects?: readonly DialectName[] | undefined;
  /** The environment in which Alembic is called for what cannot be translated; left out: it is not called. */
  readonly alembicEnv?: Readonly<Record<string, string | undefined>> | undefined;
  /** True: nothing is written. */
  readonly dryRun?: boolean | undefined;
}

/** What an import found, and the files that it wrote. */
export interface ImportResult {
  readonly report: ImportReport;
  readonly unread: AlembicImport['unread'];
  readonly files: readonly string[];
}

async function refuseFilled(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  if (entries.length === 0) return;
  throw new SurefootError('import/folder-exists', `${shownFile(folder)} is there already, and not empty`, {
    details: { folder },
    hint: 'Name another folder with --out; nothing that is there is overwritten.',
  });
}

async function readRules(choices: ImportChoices) {
  if (choices.rules === undefined) return noRules;
  const file = resolve(choices.projectFolder, choices.rules);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
    throw new SurefootError('import/invalid-rules', `${file}: there is no such file`, {
      details: { file, problem: 'there is no such file' },
      hint: 'Name a file of JSON, or leave --rules out.',
    });
  });
  return parseRules(text, file);
}

function nothingFound(path: string, { unread }: AlembicImport): SurefootError {
  const first = unread.map(({ file, reason }) => `; ${file}: ${reason}`).slice(0, 3);
  return new SurefootError(
    'import/nothing-found',
    `there is no Alembic revision in ${path}${first.join('')}`,
    {
      details: { path, files: unread.map(({ file }) => file) },
      hint: 'Name the folder of alembic.ini, the migrations folder, or the folder of the version files.',
    },
  );
}

/** Alembic itself, where it is wanted: it writes for one kind of database. */
function offlineOf({ alembicEnv: env, dialects = [] }: ImportChoices, home: AlembicHome) {
  const [dialect] = dialects;
  return env === undefined || dialect === undefined ? {} : { offline: openOffline({ home, env, dialect }) };
}

/** Reads an Alembic history and writes it as revisions, unless it is a dry run. Refuses where there is none. */
export async function importFromAlembic(choices: ImportChoices): Promise<ImportResult> {
  const { projectFolder, dryRun = false, dialects = [] } = choices;
  const path = resolve(projectFolder, choices.path);
  const { files: versions, namingConvention, home } = await findProject(path);
  const rules = await readRules(choices);
  const found = await importAlembic(versions, {
    // What the rules say of names goes before what the project says.
    rules: { ...rules, namingConvention: new Map([...namingConvention, ...rules.namingConvention]) },
    dialects: dialects.length === 0 ? allDialects : dialects,
    folder: projectFolder,
    ...offlineOf(choices, home),
  });
  if (found.files.length === 0) throw nothingFound(path, found);
  const { report, unread } = found;
  if (dryRun) return { report, unread, files: [] };
  const folder = resolve(projectFolder, choices.out);
  await refuseFilled(folder);
  const files: string[] = [];
  for (const { header, body } of found.files) {
    files.push((await writeRevision({ folder, header, format: 'ts', body })).file);
  }
  return { report, unread, files: files.map((file) => join(file)) };
}
