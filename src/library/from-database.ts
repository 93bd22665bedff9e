// A database that has no history yet → its first revision, a model, and a stamp.
// In: a project, choices. Out: what was written. Must not change the schema.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LeftOut } from '../autogenerate/propose.ts';
import { remarksOn } from '../autogenerate/remarks.ts';
import { renderModel } from '../autogenerate/render-model.ts';
import { writeOperationsRevision } from '../autogenerate/write-operations.ts';
import { diff } from '../diff/diff.ts';
import { SurefootError } from '../kernel/errors.ts';
import { errorCode } from '../kernel/import-package.ts';
import { ignoring } from '../schema/ignore.ts';
import type { Schema } from '../schema/schema.ts';
import { displayRef, emptySchema } from '../schema/schema.ts';
import type { FromDatabaseChoices, FromDatabaseResult, NewRevision } from './autogenerate-choices.ts';
import { runCheck } from './check.ts';
import { graphToExtend, placeRevision } from './new-revision.ts';
import type { Opened } from './open.ts';
import { openSession, readSchema, refuseReadOnly, scopeOf } from './open.ts';
import type { Project } from './project.ts';
import { createProject, migrationFolders } from './project.ts';
import { refuseHistory } from './push.ts';
import { stamp } from './stamp.ts';

/** The first revision is written where there is none. */
async function refuseRevisions(project: Project): Promise<void> {
  const graph = await graphToExtend(migrationFolders(project.options, project.folder));
  const [first] = graph.order;
  const file = graph.nodes.get(first ?? '')?.header.file;
  if (file === undefined) return;
  throw new SurefootError('revision/exists', `there are revisions already: ${file}`, {
    details: { file },
    hint: 'Take what the server has besides them into history with `surefoot repair --adopt`, or choose another folder in `migrations`.',
  });
}

/** Objects that the schema names and does not hold. */
export function notUnderstood({ unsupported }: Schema): readonly LeftOut[] {
  return unsupported.map((one) => {
    return { kind: 'not-understood', object: `${one.kind} ${displayRef(one)}`, reason: one.reason };
  });
}

function modelText(live: Schema, choices: FromDatabaseChoices, means: Means): string {
  if (choices.model === 'typescript') return renderModel(live);
  const { opened, project } = means;
  const { dialect } = opened;
  return dialect
    .dump(live, project.naming(dialect))
    .map((statement) => `${statement};\n`)
    .join('\n');
}

async function writeModel(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    throw new SurefootError('config/exists', `there is a file already: ${file}`, {
      details: { file },
      hint: 'Remove it first, or name another file for the model with --models.',
    });
  }
}

interface Means {
  readonly opened: Opened;
  readonly project: Project;
}

/** The revision that makes what is there. */
async function writeFirst(
  live: Schema,
  { opened, project }: Means,
  message: string,
): Promise<NewRevision | null> {
  const { operations } = diff(emptySchema, live);
  if (operations.length === 0) return null;
  const { options, folder } = project;
  const migrations = migrationFolders(options, folder);
  const { header, folder: home } = placeRevision(
    await graphToExtend(migrations),
    { projectFolder: folder, migrations },
    { message, revises: [], branchLabels: [], dependsOn: [], id: undefined, format: 'ts', folder: undefined },
  );
  const { file } = await writeOperationsRevision({
    folder: home,
    header,
    before: opened.dialect.normalize(emptySchema),
    upgrade: operations,
    downgrade: 'auto',
    comments: remarksOn([], [], notUnderstood(live)),
  });
  const { id, revises, branchLabels, dependsOn, createdAt } = header;
  return { id, revises, message, createdAt: createdAt ?? '', branchLabels, dependsOn, file };
}

/** Writes model and revision; nothing of it stays where the second fails. */
async function writeBoth(live: Schema, means: Means, choices: FromDatabaseChoices) {
  await writeModel(choices.file, modelText(live, choices, means));
  try {
    return await writeFirst(live, means, choices.message ?? 'what is there');
  } catch (error) {
    await rm(choices.file);
    throw error;
  }
}

/** Takes a database that has no history as the beginning of one. */
export async function fromDatabase(
  project: Project,
  choices: FromDatabaseChoices,
): Promise<FromDatabaseResult> {
  await refuseRevisions(project);
  const { options, folder } = project;
  const opened = await openSession(options, folder);
  let live: Schema;
  let revision: NewRevision | null;
  try {
    refuseReadOnly(opened);
    await refuseHistory(opened);
    const scope = scopeOf(opened.names, choices.namespaces ?? []);
    live = ignoring(options.ignore ?? [])(await readSchema(opened, scope));
    revision = await writeBoth(live, { opened, project }, choices);
  } finally {
    await opened.close();
  }
  const extended = createProject({ ...options, projectFolder: folder, models: choices.file });
  if (revision) await stamp(extended, [revision.id], {});
  const { findings } = revision ? await runCheck(extended, {}) : { findings: [] };
  return { revision, model: choices.file, leftOut: notUnderstood(live), findings };
}
