// From a goal to its result. In: a project, a goal. Out: RunResult; at once, where there is surely nothing to do.
// Must not know how anything is run: that is loaded when there is something.

import type { RevisionGraph } from '../revisions/graph.ts';
import type { RunChoices, RunResult } from './api.ts';
import type { Opened } from './open.ts';
import { openSession, refuseReadOnly } from './open.ts';
import { withOriginals } from './originals.ts';
import type { Goal } from './prepare.ts';
import type { Project } from './project.ts';
import { nothing, nothingToDo } from './quick.ts';

interface Task {
  readonly goal: Goal;
  readonly choices: RunChoices;
}

async function quickAnswer(
  opened: Opened,
  project: Project,
  { goal, choices }: Task,
): Promise<RunResult | null> {
  if (choices.fromPlan) return null;
  const graph = await project.graph();
  const heads =
    choices.verify === false
      ? await recordedAtGoal(opened, graph, goal)
      : await nothingToDo(opened, graph, goal);
  return heads && { ...nothing, heads };
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

/** Runs an upgrade or a downgrade. */
export async function runTo(files: Project, goal: Goal, choices: RunChoices): Promise<RunResult> {
  if (choices.fromPlan) {
    const { refuseOtherDirection } = await import('./given-plan.ts');
    refuseOtherDirection(choices.fromPlan, goal.direction);
  }
  const opened = await openSession(files.options, files.folder);
  try {
    refuseReadOnly(opened);
    const project = await seenBy(files, opened, goal);
    const quick = await quickAnswer(opened, project, { goal, choices });
    if (quick) return quick;
    const { runOpened } = await import('./run-to.ts');
    return await runOpened(opened, project, { goal, choices });
  } finally {
    await opened.close();
  }
}
