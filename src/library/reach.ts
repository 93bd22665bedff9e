// From a goal to its result. In: a project, a goal. Out: RunResult; at once, where there is surely nothing to do.
// Must not know how anything is run: that is loaded when there is something.

import type { RevisionGraph } from '../revisions/graph.ts';
import type { RunChoices, RunResult } from './api.ts';
import type { KnownFiles } from './known-files.ts';
import { knownFiles } from './known-files.ts';
import type { Opened } from './open.ts';
import { openSession, refuseReadOnly } from './open.ts';
import { withOriginals } from './originals.ts';
import type { Goal } from './prepare.ts';
import type { Project } from './project.ts';
import type { Standing } from './quick.ts';
import { appliedIn, nothing, nothingToDo, nothingToDoMeanwhile, readStanding } from './quick.ts';
import { takeTurn } from './turn.ts';
import { withWaiting } from './waiting.ts';

interface Task {
  readonly goal: Goal;
  readonly choices: RunChoices;
}

/** The recorded revisions, if there is nothing to do as the files say, which are known from then on. */
async function quickly(
  { project, files, goal }: { readonly project: Project; readonly files: Project; readonly goal: Goal },
  { standing, known }: { readonly standing: Standing; readonly known: KnownFiles | null },
): Promise<readonly string[] | null> {
  const graph = await project.graph();
  const rows = await nothingToDo(standing, appliedIn(graph, goal));
  const isPlain =
    project === files && [...graph.nodes.values()].every(({ header }) => header.replaces.length === 0);
  if (rows !== null && isPlain && standing.last?.data.appliedHash !== undefined)
    await known?.learn(rows, standing.last.data.appliedHash);
  return rows;
}

/** The recorded revisions if nothing is pending; the schema is not looked at. */
async function recordedAtGoal(
  opened: Opened,
  graph: RevisionGraph,
  goal: Goal,
): Promise<readonly string[] | null> {
  const [{ readPast }, { pathTo }] = await Promise.all([import('./past.ts'), import('./prepare.ts')]);
  const past = await readPast(opened, graph);
  const isThere = past.table !== null && !past.movedByOthers && pathTo(goal, graph, past).length === 0;
  return isThere ? past.heads : null;
}

async function seenBy(files: Project, opened: Opened, { direction, target }: Goal): Promise<Project> {
  const seen = await withOriginals(files, opened, [target]);
  if (direction === 'upgrade') return seen;
  const { withRemembered } = await import('./remembered.ts');
  return await withRemembered(seen, opened);
}

interface Looked {
  /** The recorded revisions, where nothing is to be run. */
  readonly heads: readonly string[] | null;
  /** The files as this database sees them, where it was needed. */
  readonly project: Project;
  /** The newest journal entry; `null`: what the journal says is not enough. */
  readonly seen: number | null;
}

async function look(opened: Opened, files: Project, { goal, choices }: Task): Promise<Looked> {
  const isQuick = !choices.fromPlan && goal.direction === 'upgrade' && choices.verify !== false;
  if (!isQuick) {
    const project = await seenBy(files, opened, goal);
    const asksRecord = !choices.fromPlan && choices.verify === false;
    const heads = asksRecord ? await recordedAtGoal(opened, await project.graph(), goal) : null;
    return { project, heads, seen: null };
  }
  const known = goal.ids === undefined ? knownFiles(files, goal) : null;
  const standing = await readStanding(opened);
  const seen = standing.last?.id ?? 0;
  const heads = known && (await nothingToDoMeanwhile(standing, known.applied));
  if (heads !== null) return { heads, project: files, seen };
  const project = await seenBy(files, opened, goal);
  return { project, heads: await quickly({ project, files, goal }, { standing, known }), seen };
}

async function readied(opened: Opened, project: Project, choices: RunChoices) {
  if (!choices.backup) return null;
  const { readyBackup } = await import('./backup.ts');
  return await readyBackup(opened, project, choices);
}

/** When its turn has come. The bulk of the code is loaded by those who act. */
async function runInTurn(
  opened: Opened,
  { project, seen }: Looked,
  { goal, choices }: Task,
): Promise<RunResult> {
  const backup = await readied(opened, project, choices);
  const { lock, heads } = await takeTurn(opened, project, { goal, choices, seen });
  if (lock === null) return { ...nothing, heads };
  try {
    const { runLocked } = await import('./run-to.ts');
    return await runLocked(opened, project, { goal, choices, lock, backup });
  } finally {
    await lock.release();
  }
}

/** Runs an upgrade or a downgrade. */
export async function runTo(files: Project, goal: Goal, choices: RunChoices): Promise<RunResult> {
  const result = await reach(files, goal, choices);
  return goal.phase === 'expand' ? await withWaiting(files, result) : result;
}

async function reach(files: Project, goal: Goal, choices: RunChoices): Promise<RunResult> {
  if (choices.fromPlan) {
    const { refuseOtherDirection } = await import('./given-plan.ts');
    refuseOtherDirection(choices.fromPlan, goal.direction);
  }
  const opened = await openSession(files.options, files.folder);
  try {
    refuseReadOnly(opened);
    const looked = await look(opened, files, { goal, choices });
    if (looked.heads !== null) return { ...nothing, heads: looked.heads };
    return await runInTurn(opened, looked, { goal, choices });
  } finally {
    await opened.close();
  }
}
