import { hasErrors } from '../check/check.ts';
import type { Finding } from '../check/finding.ts';
import type { FoundCode, TargetResult } from '../fleet/result.ts';
import { noResult } from '../fleet/result.ts';
import type { FleetTarget } from '../fleet/target.ts';
import { now } from '../kernel/clock.ts';
import { isSurefootError, messageOf } from '../kernel/errors.ts';
import type { Loss, Plan } from '../plan/plan.ts';
import type { RevisionHeader } from '../revisions/revision.ts';
import type { RunChoices, Surefoot, SurefootOptions } from './api.ts';
import type { Told } from './fleet-choices.ts';
import { createProject } from './project.ts';
import { createSurefoot } from './surefoot.ts';

/** What is done with each target. */
export type FleetVerb = 'plan' | 'upgrade' | 'check' | 'status';

/** The same for every target. */
export interface FleetTask {
  readonly verb: FleetVerb;
  /** The revision to reach. */
  readonly to: string;
  readonly choices: RunChoices;
  /** True: values may be lost. */
  readonly allowsLoss: boolean;
}

type Outcome = Partial<TargetResult> & Pick<TargetResult, 'status'>;

const lossText = ({ revision, subject, count }: Loss): string =>
  `${subject}: ${count} (revision ${revision})`;

const lossesOf = ({ losses }: Pick<Plan, 'losses'>): readonly string[] =>
  losses.filter(({ count, kept }) => count > 0 && kept === undefined).map(lossText);

async function plan(surefoot: Surefoot, { to, choices }: FleetTask): Promise<Outcome> {
  const { strict, acceptDrift, objectAt, runData, skipData, rowCheck, keep } = choices;
  const decided = { strict, acceptDrift, objectAt, runData, skipData, rowCheck, keep };
  const made = await surefoot.plan(to, decided);
  return {
    status: made.steps.length > 0 ? 'pending' : 'current',
    heads: made.heads.before,
    revisions: made.steps.map(({ revision }) => revision),
    losses: lossesOf(made),
  };
}

async function upgrade(surefoot: Surefoot, { to, choices, allowsLoss }: FleetTask): Promise<Outcome> {
  let losses: readonly string[] = [];
  const confirm = (made: Plan): boolean => {
    losses = lossesOf(made);
    return losses.length === 0 || allowsLoss;
  };
  const run = await surefoot.upgrade(to, { ...choices, confirm });
  const ran = { heads: run.heads, revisions: run.finished.map(({ revision }) => revision), losses };
  if (!run.confirmed) return { ...ran, status: 'failed', error: wouldLose(losses) };
  if (run.failed) {
    const { code, message, hint } = run.failed;
    return { ...ran, status: 'failed', error: { code, message, hint } };
  }
  if (run.differences.length > 0) {
    const objects = run.differences.map(({ object }) => object).join(', ');
    return { ...ran, status: 'failed', error: notVerified(objects) };
  }
  return { ...ran, status: ran.revisions.length > 0 ? 'done' : 'current' };
}

const wouldLose = (losses: readonly string[]) => ({
  code: 'run/confirmation-needed',
  message: `it would lose ${losses.join('; ')}`,
  hint: 'Nothing was changed here. `surefoot fleet plan` shows the losses; --allow data-loss agrees to them.',
});

const notVerified = (objects: string) => ({
  code: 'run/not-verified',
  message: `after the last step the schema is not what history describes: ${objects}`,
  hint: 'See `surefoot check` on this database, then `surefoot repair`.',
});

function countCodes(findings: readonly Finding[]): readonly FoundCode[] {
  const counts = new Map<string, FoundCode>();
  for (const { code, severity } of findings)
    counts.set(code, { code, severity, count: (counts.get(code)?.count ?? 0) + 1 });
  return [...counts.values()];
}

async function check(surefoot: Surefoot): Promise<Outcome> {
  const { heads, pending, findings } = await surefoot.check();
  return {
    status: hasErrors(findings) ? 'findings' : 'current',
    heads,
    revisions: pending,
    findings: countCodes(findings.filter(({ severity }) => severity !== 'information')),
  };
}

/** Whoever asks one database is shown what no file declares; of many it is told as what it is. */
async function status(surefoot: Surefoot, _: FleetTask, ids: ReadonlySet<string>): Promise<Outcome> {
  const { heads, pending, lock } = await surefoot.status();
  if (heads.some((id) => !ids.has(id))) await surefoot.current();
  return {
    status: pending.length > 0 ? 'pending' : 'current',
    heads,
    revisions: pending,
    lock: lock && `${lock.owner} since ${lock.since} (${lock.state})`,
  };
}

type Work = (surefoot: Surefoot, task: FleetTask, ids: ReadonlySet<string>) => Promise<Outcome>;

const verbs: Readonly<Record<FleetVerb, Work>> = {
  plan,
  upgrade,
  check,
  status,
};

/** What is thrown for a target fails that target; what is no refusal is told as a bug. */
function errorOf(error: unknown): NonNullable<TargetResult['error']> {
  if (isSurefootError(error)) return { code: error.code, message: error.message, hint: error.hint };
  return {
    code: 'bug',
    message: messageOf(error),
    hint: 'This is a bug in Surefoot, unless a hook or a revision threw it.',
  };
}

/** Works on targets, one call each. The revision files are read once for all of them. */
export function workOn(
  options: SurefootOptions,
  task: FleetTask,
): (target: FleetTarget, wave: number, told: Told) => Promise<TargetResult> {
  let headers: Promise<readonly RevisionHeader[]> | undefined;
  const scan = () => (headers ??= createProject(options).headers());
  return async (target, wave, told) => {
    const begun = now();
    const { name, url, directUrl, problem } = target;
    const result = { target: name, wave, status: 'failed' as const, ...noResult };
    try {
      if (problem) throw problem;
      const surefoot = createSurefoot({ ...options, url, directUrl, connection: undefined }, { scan });
      // For SQLite a statement that may be stopped needs a process of its own: too much for each of a thousand files.
      const choices = { ...task.choices, stopsStatements: false, ...told };
      const ids = new Set((await scan()).map(({ id }) => id));
      const outcome = await verbs[task.verb](surefoot, { ...task, choices }, ids);
      return { ...result, ...outcome, ms: now() - begun };
    } catch (error) {
      return { ...result, error: errorOf(error), ms: now() - begun };
    }
  };
}
