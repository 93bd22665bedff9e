import { resolve as resolvePath } from 'node:path';
import { writeOperationsRevision } from '../autogenerate/write-operations.ts';
import { check } from '../check/check.ts';
import type { CheckReport } from '../check/finding.ts';
import { diff } from '../diff/diff.ts';
import { now } from '../kernel/clock.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { Operation } from '../operations/operation.ts';
import { replay } from '../plan/replay.ts';
import { reconcile } from '../repair/reconcile.ts';
import { openHeads } from '../revisions/phases.ts';
import { newRevisionId } from '../revisions/write.ts';
import { closeDraft } from '../schema/draft.ts';
import type { Schema } from '../schema/schema.ts';
import type { RepairChoices, RepairResult } from './api.ts';
import { checkInput } from './check.ts';
import type { Look } from './look.ts';
import { look } from './look.ts';
import type { Opened } from './open.ts';
import type { Project } from './project.ts';
import { createProject } from './project.ts';
import type { Workshop } from './repair.ts';
import { inWorkshop, refuseUnknown, unchanged } from './repair.ts';
import { writeStamp } from './stamp.ts';

/** A new revision to be written: what it does, and what it is put upon. */
interface NewRevision {
  readonly message: string;
  readonly revises: readonly string[];
  readonly safety: boolean;
  readonly before: Schema;
  readonly operations: readonly Operation[];
}

interface Written {
  readonly id: string;
  readonly file: string;
  /** The project with the new file. */
  readonly project: Project;
}

async function write(project: Project, revision: NewRevision): Promise<Written> {
  const { migrations = './migrations' } = project.options;
  const folder = resolvePath(
    project.folder,
    typeof migrations === 'string' ? migrations : (migrations[0] ?? './migrations'),
  );
  const id = newRevisionId();
  const { message, revises, safety, before, operations } = revision;
  const createdAt = new Date(now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const { file } = await writeOperationsRevision({
    folder,
    header: { id, revises, message, createdAt, ...(safety ? { safety } : {}) },
    before,
    upgrade: operations,
    downgrade: 'auto',
  });
  return { id, file, project: createProject(project.options) };
}

function nothingToWrite(way: string): SurefootError {
  return new SurefootError('repair/nothing-to-write', 'server and history agree; there is nothing to write', {
    details: { way },
    hint: '`surefoot check` shows what else there may be.',
  });
}

/** The new revision stands on all that there is: a revision that is still pending would come into its way. */
function refusePending({ pending }: Look): void {
  if (pending.length === 0) return;
  throw new SurefootError('repair/pending', `these revisions have not run here: ${pending.join(', ')}`, {
    details: { revisions: pending },
    hint: 'Run `surefoot upgrade` first, or bring the server to history with `surefoot repair`.',
  });
}

async function reportOf(opened: Opened, project: Project): Promise<CheckReport> {
  return check(await checkInput(await look(opened, project), opened));
}

/** The server is right: what it has besides history becomes a revision, recorded here, pending elsewhere. */
export async function adopt(project: Project, choices: RepairChoices): Promise<RepairResult> {
  return await inWorkshop(project, choices, async (shop) => {
    const { seen, opened, session } = shop;
    refuseUnknown(seen);
    refusePending(seen);
    const changed = changedKeys(seen);
    const { operations, inexpressible } = diff(seen.expected, seen.live, {
      settle: ({ actual }) => (changed.has(actual.key) ? 'different' : 'equal'),
    });
    if (operations.length === 0) throw nothingToWrite('adopt');
    const message = choices.message ?? 'adopt what the server has';
    const before = closeDraft(seen.history.draft);
    const written = await write(project, { message, revises: seen.heads, safety: false, before, operations });
    await writeStamp({ opened, project: written.project, session }, seen.heads, [written.id]);
    return {
      ...unchanged,
      inexpressible,
      written: written.file,
      report: await reportOf(opened, written.project),
    };
  });
}

/** Keys of the wanted side of what differs: in a diff towards the server these stand on the other side. */
function changedKeys({ drift }: Look): ReadonlySet<string> {
  return new Set(drift.flatMap(({ kind, wanted }) => (kind === 'changed' && wanted ? [wanted.key] : [])));
}

/** A revision that makes sure, in every environment, of what is missing or different here. Runs nothing. */
export async function writeSafetyRevision(project: Project, choices: RepairChoices): Promise<RepairResult> {
  return await inWorkshop(project, choices, async ({ seen, opened }: Workshop) => {
    refuseUnknown(seen);
    const { live, expected, drift: differences, named } = seen;
    const found = reconcile({ live, expected, differences, named, allow: new Set(choices.allow ?? []) });
    if (found.operations.length === 0) throw nothingToWrite('safety-revision');
    const heads = onlyHead(seen);
    const { draft } = replay(seen.revisions, { dialect: opened.dialect, snapshotsOf: new Set() });
    const message = choices.message ?? 'make sure of what should be there';
    const written = await write(project, {
      message,
      revises: heads,
      safety: true,
      before: closeDraft(draft),
      operations: found.operations,
    });
    return {
      ...unchanged,
      inexpressible: found.inexpressible,
      written: written.file,
      report: await reportOf(opened, written.project),
    };
  });
}

function onlyHead({ graph }: Look): readonly string[] {
  const heads = openHeads(graph);
  if (heads.length < 2) return heads;
  throw new SurefootError('revision/multiple-heads', `there are several heads: ${heads.join(', ')}`, {
    details: { heads },
    hint: 'Join them first: surefoot merge heads -m "merge".',
  });
}
