import type { RepairChoices, RepairResult, RepairWay, Surefoot, SurefootOptions } from './api.ts';
import { autogenerate } from './autogenerate.ts';
import { backup } from './backup.ts';
import { runCheck } from './check.ts';
import { dropAll } from './drop-all.ts';
import { fromDatabase } from './from-database.ts';
import { listKept } from './kept-list.ts';
import { runLint } from './lint.ts';
import { script } from './offline.ts';
import { readSchema, scopeOf } from './open.ts';
import { withOriginals } from './originals.ts';
import { readPast } from './past.ts';
import { pathTo, prepare } from './prepare.ts';
import type { Project } from './project.ts';
import { createProject } from './project.ts';
import { push } from './push.ts';
import { runTo } from './reach.ts';
import { readCurrent, readHistory, readLog, readStatus, withSession } from './reading.ts';
import { wait } from './ready.ts';
import { rehearse } from './rehearse.ts';
import { withRemembered } from './remembered.ts';
import { repairServer } from './repair.ts';
import { adopt, writeSafetyRevision } from './repair-history.ts';
import { runReport } from './report.ts';
import { restamp } from './restamp.ts';
import { restore } from './restore.ts';
import { resume } from './resume.ts';
import { squash } from './squash.ts';
import { stamp } from './stamp.ts';
import { readStatistics } from './stats.ts';
import { freeLock } from './unlock.ts';

async function makePlan(
  project: Project,
  target: string | undefined,
  choices: Parameters<Surefoot['plan']>[1] = {},
) {
  const direction = choices.direction ?? 'upgrade';
  const usual = direction === 'upgrade' ? 'heads' : '-1';
  const goal = { direction, target: target ?? usual, phase: choices.phase };
  return await withSession(project, async (opened) => {
    const seen = await withOriginals(project, opened, [goal.target]);
    const known = direction === 'downgrade' ? await withRemembered(seen, opened) : seen;
    const graph = await known.graph();
    const past = await readPast(opened, graph);
    const ids = pathTo(goal, graph, past);
    const wantsLines = choices.lint === true;
    const prepared = await prepare(opened, known, { direction, ids, choices, past, wantsLines });
    if (!wantsLines) return prepared.plan;
    const { lintedPlan } = await import('./lint-plan.ts');
    return await lintedPlan(prepared, opened, known);
  });
}

async function dump(project: Project): Promise<string> {
  return await withSession(project, async (opened) => {
    const schema = await readSchema(opened, scopeOf(opened.names, []));
    return opened.dialect
      .dump(schema, project.naming(opened.dialect))
      .map((statement) => `${statement};\n`)
      .join('\n');
  });
}

/** How each way of repair is gone. */
const repairs: Readonly<
  Record<RepairWay, (project: Project, choices: RepairChoices) => Promise<RepairResult>>
> = {
  reconcile: repairServer,
  adopt,
  restamp,
  'safety-revision': writeSafetyRevision,
};

/** Surefoot on one database and one set of revision files. Nothing is opened before it is needed. */
export function createSurefoot(
  options: SurefootOptions,
  /** The revision files, or the project, where somebody has read them already. */
  given: { readonly scan?: Parameters<typeof createProject>[1]; readonly project?: Project } = {},
): Surefoot {
  const project = given.project ?? createProject(options, given.scan);
  return {
    graph: async ({ database = false } = {}) =>
      database
        ? await withSession(project, async (opened) => (await withOriginals(project, opened)).graph())
        : await project.graph(),
    current: () => readCurrent(project),
    history: (choices = {}) => readHistory(project, choices),
    status: () => readStatus(project),
    log: (choices = {}) => readLog(project, choices),
    check: (choices = {}) => runCheck(project, choices),
    lint: (choices = {}) => runLint(project, choices),
    rehearse: (choices = {}) => rehearse(project, choices),
    report: (choices = {}) => runReport(project, choices),
    squash: (choices) => squash(project, choices),
    stats: () => withSession(project, readStatistics),
    autogenerate: (choices) => autogenerate(project, choices),
    push: (choices = {}) => push(project, choices),
    fromDatabase: (choices) => fromDatabase(project, choices),
    repair: (choices = {}) => repairs[choices.way ?? 'reconcile'](project, choices),
    plan: (target, choices) => makePlan(project, target, choices),
    upgrade: (target = 'heads', choices = {}) =>
      runTo(project, { direction: 'upgrade', target, phase: choices.phase }, choices),
    downgrade: (target = '-1', choices = {}) => runTo(project, { direction: 'downgrade', target }, choices),
    stamp: (targets, choices = {}) => stamp(project, targets, choices),
    resume: (choices = {}) => resume(project, choices),
    kept: (choices = {}) => listKept(project, choices),
    unlock: (choices = {}) => freeLock(project, choices),
    script: (request) => script(project, request),
    dump: () => dump(project),
    backup: (choices = {}) => backup(project, choices),
    restore: (file, choices = {}) => restore(project, file, choices),
    dropAll: (choices = {}) => dropAll(project, choices),
    wait: (choices = {}) => wait(project, choices),
    // Each call opens its own session and closes it; what the user handed in is the user's.
    close: async () => {},
  };
}
