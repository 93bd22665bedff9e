import { randomUUID } from 'node:crypto';
import { kyselyOn } from '../drivers/kysely.ts';
import type { JournalEntry } from '../journal/entry.ts';
import { createTables } from '../journal/store.ts';
import { hashJson } from '../kernel/hash.ts';
import { invariant } from '../kernel/invariant.ts';
import type { Lock } from '../lock/lock.ts';
import { appliedFrom, inOrder } from '../revisions/graph.ts';
import { refuseCopies } from '../runner/alter-probe.ts';
import type { Hooks, RunOutcome } from '../runner/outcome.ts';
import { run } from '../runner/run.ts';
import type { LockedSession } from '../runner/session.ts';
import { lockedSession } from '../runner/session.ts';
import { alterMeans } from './alter-means.ts';
import { stoppably } from './apart.ts';
import type { RunChoices, RunResult } from './api.ts';
import type { readyBackup } from './backup.ts';
import { pathOfPlan, refuseOtherPlan } from './given-plan.ts';
import { prepareKeeping, restoreKept } from './kept.ts';
import type { Kept } from './kept-choices.ts';
import { backBeforeSteps } from './kept-early.ts';
import { spellingElsewhere } from './learn.ts';
import type { LintedPlan } from './lint-choices.ts';
import type { Opened } from './open.ts';
import { readFingerprint, refuseUnpoolable, replicasOf } from './open.ts';
import type { KnownPast } from './past.ts';
import { readPast } from './past.ts';
import { patienceOf } from './patience.ts';
import type { Goal, Prepared } from './prepare.ts';
import { pathTo, prepare } from './prepare.ts';
import type { Project } from './project.ts';
import { appliedHash, nothing } from './quick.ts';
import { whoOf } from './take-lock.ts';
import { verify } from './verify.ts';
import { toolName } from './version.ts';

interface Task {
  readonly goal: Goal;
  readonly choices: RunChoices;
}

/** The rest of an upgrade or a downgrade, once its turn has come: look, plan, run, look again. */
export async function runLocked(
  opened: Opened,
  project: Project,
  task: Task & { readonly lock: Lock; readonly backup: Awaited<ReturnType<typeof readyBackup>> },
): Promise<RunResult> {
  const { goal, choices, lock } = task;
  await createTables(opened.store);
  const session = lockedSession(opened.store, lock, randomUUID());
  const past = await readPast(opened, await project.graph());
  const prepared = await prepareGoal(opened, project, { goal, choices, past });
  refuseUnpoolable(opened, prepared.plan);
  await refuseCopies(prepared.plan, { ...opened, means: alterMeans(opened, project, choices) });
  if (choices.confirm && !(await choices.confirm(await shownPlan(prepared, opened, { project, choices }))))
    return { ...nothing, heads: past.heads, losses: prepared.plan.losses, confirmed: false };
  const saved = prepared.plan.steps.length > 0 && task.backup ? { backup: await task.backup() } : {};
  await writeAdoption(session, project, past);
  await prepareKeeping(opened, prepared.plan, session);
  const run = {
    plan: prepared.plan,
    signal: choices.stopsStatements === false ? null : (choices.signal ?? null),
  };
  const early: Kept[] = [];
  const outcome = await stoppably(run, { session, opened }, (own) =>
    runPlan(prepared, { opened, project, session: own, choices, early }),
  );
  const running = { opened, session, project, choices, early };
  return { ...(await conclude(outcome, prepared, running)), ...saved };
}

/** The plan as it is confirmed. */
async function shownPlan(
  prepared: Prepared,
  opened: Opened,
  { project, choices }: { readonly project: Project; readonly choices: RunChoices },
): Promise<LintedPlan> {
  if (choices.lint !== true || prepared.plan.steps.length === 0) return prepared.plan;
  const { lintedPlan } = await import('./lint-plan.ts');
  return await lintedPlan(prepared, opened, project);
}

/** The plan for the goal; or the one made before, made again and found to be the same. */
async function prepareGoal(
  opened: Opened,
  project: Project,
  { goal, choices, past }: Task & { readonly past: KnownPast },
): Promise<Prepared> {
  const graph = await project.graph();
  const { fromPlan: given } = choices;
  const { direction } = goal;
  if (!given)
    return await prepare(opened, project, {
      direction,
      ids: pathTo(goal, graph, past),
      choices,
      past,
      wantsLines: choices.lint ?? false,
    });
  const ids = pathOfPlan(given, graph, past);
  const prepared = await prepare(opened, project, {
    direction,
    ids,
    choices: given.choices,
    past,
    wantsLines: choices.lint ?? false,
  });
  refuseOtherPlan(prepared.plan, given);
  return prepared;
}

/** Another tool (or a hand) moved the version rows: what they then stand for is taken as applied, and written down. */
async function writeAdoption(session: LockedSession, project: Project, past: KnownPast): Promise<void> {
  if (!past.movedByOthers) return;
  const graph = await project.graph();
  const applied = inOrder(graph, appliedFrom(graph, past.heads));
  const entry: JournalEntry = {
    event: 'adopted',
    revision: null,
    direction: null,
    statement: null,
    data: { heads: past.heads, applied, tool: toolName },
  };
  await session.write([entry]);
}

interface Running {
  readonly opened: Opened;
  readonly project: Project;
  readonly session: LockedSession;
  readonly choices: RunChoices;
  /** What came back before the end. */
  readonly early: Kept[];
}

/** The hooks of the user's, behind what is put back before a step. */
function hooksOf({ plan, live, namespaces }: Prepared, running: Running): Hooks {
  const { opened, project, session, choices, early } = running;
  const hooks = project.options.hooks ?? {};
  if (choices.keep === false) return hooks;
  const before = backBeforeSteps({ opened, project, session, plan, live, namespaces, early });
  return {
    ...hooks,
    beforeStep: async (step) => {
      await before(step);
      await hooks.beforeStep?.(step);
    },
  };
}

async function runPlan(prepared: Prepared, running: Running): Promise<RunOutcome> {
  const { opened, project, session, choices } = running;
  const byId = new Map(prepared.path.map((revision) => [revision.header.id, revision]));
  const replicas = await replicasOf(project);
  const runs = run(prepared.plan, {
    session,
    database: opened.database,
    store: opened.store,
    live: prepared.live,
    code: (revision, reference) => {
      const step = byId.get(revision)?.runs[reference.list][reference.index];
      invariant(step, `revision ${revision} has no data step ${reference.index}`);
      return step;
    },
    kysely: kyselyOn,
    who: await whoOf(project, opened),
    tool: toolName,
    records: prepared.records,
    hooks: hooksOf(prepared, running),
    onProgress: choices.onProgress ?? (() => {}),
    onStatement: choices.onStatement ?? (() => {}),
    patience: (revision) => patienceOf(project, choices, byId.get(revision)?.header),
    altering: alterMeans(opened, project, choices),
    replicas,
    signal: choices.signal ?? null,
  });
  return await runs.finally(() => Promise.all(replicas.map((replica) => replica.close())));
}

/** After the last step the live schema is read again: the promise is about what is there, not about what was sent. */
async function conclude(
  outcome: RunOutcome,
  prepared: Prepared,
  { opened, session, project, choices, early }: Running,
): Promise<RunResult> {
  const { plan, target } = prepared;
  const moved =
    outcome.finished.length === 0
      ? plan.heads.before
      : (plan.steps[outcome.finished.length - 1]?.heads ?? []);
  const result = {
    ...outcome,
    heads: moved,
    losses: plan.losses,
    unverified: plan.unverified,
    ...(plan.remembered ? { remembered: plan.remembered } : {}),
    confirmed: true,
  };
  const told = early.length > 0 ? { restored: early } : {};
  if (outcome.failed) return { ...result, differences: [], extras: plan.extras, ...told };
  const { namespaces, live } = prepared;
  const ended = { project, namespaces, plan, live, heads: moved, putsBack: choices.keep !== false };
  const restored = [...early, ...(await restoreKept(opened, session, ended))];
  const spellElsewhere = spellingElsewhere(opened, project);
  const { ignore } = project.options;
  const { drift, extras } = await verify(opened, { ...prepared, spellElsewhere, ignore });
  // Raw SQL of unknown effect, and drift that the user accepted, cannot be told from drift.
  const differences = plan.unverified.length > 0 || plan.accepted.length > 0 ? [] : drift;
  const fingerprint = await readFingerprint(opened);
  const graph = await project.graph();
  const data = {
    heads: moved,
    expected: hashJson(target),
    differences: drift,
    appliedHash: appliedHash(graph, moved),
    ...(differences.length === 0 && plan.accepted.length === 0 ? { fingerprint } : {}),
  };
  await session.write([{ event: 'verified', revision: null, direction: null, statement: null, data }]);
  return { ...result, differences, extras, ...(restored.length > 0 ? { restored } : {}) };
}
