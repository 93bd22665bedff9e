// A tool whose migrations are programs.
// In: how its library is found and called. Out: a ForeignTool: the library runs its migrations on a throw-away database,
// step by step, and what they did becomes revisions. Must not know a tool, or the user's database.

import { basename } from 'node:path';
import { SurefootError } from '../../kernel/errors.ts';
import type { DialectName } from '../../schema/schema.ts';
import { readForeignText } from '../read-text.ts';
import { refuseProduct } from '../refuse-product.ts';
import type { ForeignHistory, ForeignMigration, ForeignTool, ReadMeans } from '../tool.ts';
import { withoutEnding } from './functions.ts';
import { messageFrom, stampFrom } from './names.ts';
import type { ProgramSession } from './session.ts';
import { openRecorder } from './session.ts';
import type { TranslateMeans } from './translate.ts';
import { translateProgram } from './translate.ts';
import type { Program, Walked } from './walk.ts';
import { walk } from './walk.ts';

/** The library at work on a throw-away database. */
export interface OpenLibrary {
  /** In the order in which the tool runs them. */
  readonly programs: readonly Program[];
  /** Ends what would hold the process. */
  close?(): Promise<unknown>;
}

/** A project of a tool, before any of its migrations was loaded. */
export interface ProgramProject {
  readonly folder: string;
  /** The family that its config names; `null`: it names none. */
  readonly dialect: DialectName | null;
  /** What its config calls the database, whether Surefoot knows such or not; `null`: nothing. */
  readonly product?: string | null;
  /** The tool's own tables. */
  readonly tables: readonly string[];
  readonly unread?: ForeignHistory['unread'];
  readonly notes?: readonly string[];
  /** Where its config says that the database is. */
  readonly url?: string | null;
  readonly urlVariable?: string | null;
  /** The library of the project, on this session. */
  open(session: ProgramSession): Promise<OpenLibrary>;
}

/** What there is to know of a tool. */
export interface ProgramAdapter extends Pick<ForeignTool, 'name' | 'title' | 'ledger'> {
  /** `null`: there are none of its migrations. */
  find(path: string, means: ReadMeans): Promise<ProgramProject | null>;
}

function dialectOf(project: ProgramProject, means: ReadMeans, title: string): DialectName {
  const dialect = means.dialect ?? project.dialect;
  if (dialect !== null) return dialect;
  if (project.product) refuseProduct(title, project.product);
  throw new SurefootError(
    'config/no-database',
    `nothing says which database these migrations of ${title} are for`,
    {
      details: {},
      hint: 'Give --dialect postgres, mysql or sqlite, or the database with --url.',
    },
  );
}

/** As the tool's file is called, unless it holds several. */
function fileNameOf({ program: { name, file } }: Walked, all: readonly Walked[]): string {
  const isAlone = all.filter(({ program }) => program.file === file).length === 1;
  return withoutEnding(isAlone ? basename(file) : name);
}

async function migrationOf(
  walked: Walked,
  all: readonly Walked[],
  means: TranslateMeans,
): Promise<ForeignMigration> {
  const { name, file } = walked.program;
  const { text, odd } = await readForeignText(file);
  const translated = translateProgram({ walked, source: { file, text }, means });
  return {
    name,
    id: withoutEnding(name),
    fileName: fileNameOf(walked, all),
    message: messageFrom(name),
    createdAt: stampFrom(name),
    file,
    ...translated,
    remainders: [...(odd === null ? [] : [{ line: 1, reason: odd }]), ...translated.remainders],
  };
}

async function run(
  project: ProgramProject,
  means: ReadMeans,
  { dialect: name, title }: { readonly dialect: DialectName; readonly title: string },
): Promise<readonly ForeignMigration[]> {
  const recorder = await openRecorder(
    () => means.openScratch(name, project.url ?? undefined),
    project.tables,
  );
  try {
    const { dialect } = recorder.session;
    const library = await project.open(recorder.session);
    try {
      const walked = await walk(library.programs, recorder);
      const facts = { dialect, projectFolder: means.projectFolder, title };
      return await Promise.all(walked.map((one) => migrationOf(one, walked, facts)));
    } finally {
      await library.close?.();
    }
  } finally {
    await recorder.close();
  }
}

/** The tool, as imports know all tools. */
export function programTool(adapter: ProgramAdapter): ForeignTool {
  const { name, title, ledger } = adapter;
  return {
    name,
    title,
    ledger,
    read: async (path, means) => {
      const project = await adapter.find(path, means);
      if (project === null) return null;
      const dialect = dialectOf(project, means, title);
      const { folder, unread = [], notes = [], tables, url, urlVariable } = project;
      const migrations = await run(project, means, { dialect, title });
      const place = url ? { url, ...(urlVariable ? { urlVariable } : {}) } : {};
      return { migrations, folder, unread, notes, dialect, tables, ...place };
    },
  };
}
