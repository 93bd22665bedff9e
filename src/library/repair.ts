import { randomUUID } from 'node:crypto';
import { check, leavesDrift } from '../check/check.ts';
import { kyselyOn } from '../drivers/kysely.ts';
import { createTables } from '../journal/store.ts';
import { SurefootError } from '../kernel/errors.ts';
import { InvariantError } from '../kernel/invariant.ts';
import { describe } from '../operations/apply.ts';
import type { Plan } from '../plan/plan.ts';
import { buildRepairPlan } from '../plan/repair-plan.ts';
import { reconcile } from '../repair/reconcile.ts';
import { refuseCopies } from '../runner/alter-probe.ts';
import type { RunOutcome } from '../runner/outcome.ts';
import { run } from '../runner/run.ts';
import type { LockedSession } from '../runner/session.ts';
import { lockedSession } from '../runner/session.ts';
import { alterMeans } from './alter-means.ts';
import { stoppably } from './apart.ts';
import type { RepairChoices, RepairResult } from './api.ts';
import { readyBackup } from './backup.ts';
import { checkInput, runCheck } from './check.ts';
import { keeps, prepareKeeping, withKeeping } from './kept.ts';
import { tryElsewhere } from './learn.ts';
import type { Look } from './look.ts';
import { look } from './look.ts';
import type { Opened } from './open.ts';
import { openSession, readFingerprint, refuseReadOnly, refuseUnpoolable } from './open.ts';
import { withOriginals } from './originals.ts';
import { patienceOf } from './patience.ts';
import type { Project } from './project.ts';
import { appliedHash } from './quick.ts';
import { restore } from './restore.ts';
import { takeLock, whoOf } from './take-lock.ts';
import { toolName } from './version.ts';

/** A session under the lock, with all that was seen before anything was touched. */
export interface Workshop {
  readonly opened: Opened;
  readonly project: Project;
  readonly session: LockedSession;
  readonly seen: Look;
}

/** Opens a session, takes the lock, looks, and lets go of both when the work is done. */
export async function inWorkshop<T>(
  files: Project,
  choices: RepairChoices,
  work: (shop: Workshop) => Promise<T>,
): Promise<T> {
  const opened = await openSession(files.options, files.folder);
  try {
    refuseReadOnly(opened);
    const lock = await takeLock(opened, files, choices);
    try {
      await createTables(opened.store);
      const project = await withOriginals(files, opened);
      const session = lockedSession(opened.store, lock, randomUUID());
      return await work({ opened, project, session, seen: await look(opened, project) });
    } finally {
      await lock.release();
    }
  } finally {
    await opened.close();
  }
}

/** A result where no statement ran. */
export const unchanged: Omit<RepairResult, 'report'> = {
  plan: null,
  finished: 0,
  failed: null,
  withheld: [],
  inexpressible: [],
  confirmed: true,
  backup: null,
  restored: false,
  written: null,
};

/** Brings the server to what history says; where that fails, and it was wished, the backup comes back. */
export async function repairServer(project: Project, choices: RepairChoices): Promise<RepairResult> {
  const result = await reconcileServer(project, choices);
  const fails =
    result.failed !== null || (result.plan !== null && result.confirmed && leavesDrift(result.report));
  if (!choices.restoreOnFailure || result.backup === null || !fails) return result;
  await restore(project, result.backup, { allow: ['lose-writes-since-backup'] });
  return { ...result, restored: true, report: await runCheck(project, {}) };
}

/** Brings the server to what history says at the recorded revisions; what history never named stays. */
async function reconcileServer(project: Project, choices: RepairChoices): Promise<RepairResult> {
  return await inWorkshop(project, choices, async (shop) => {
    const { seen, opened } = shop;
    refuseUnknown(seen);
    const takeBackup = await readyBackup(opened, project, choices);
    const { live, expected, drift, named } = seen;
    const allow = new Set(choices.allow ?? []);
    const found = reconcile({ live, expected, differences: drift, named, allow });
    const withheld = found.withheld.map(({ operation, allowance }) => ({
      operation: describe(operation),
      allowance,
    }));
    const nothing = { ...unchanged, withheld, inexpressible: found.inexpressible };
    if (found.operations.length === 0) return { ...nothing, report: check(await checkInput(seen, opened)) };
    const message = `repair: ${found.operations.length} ${found.operations.length === 1 ? 'operation' : 'operations'}`;
    const ground = {
      dialect: opened.dialect,
      connection: opened.connection,
      naming: project.naming(opened.dialect),
      live,
    };
    const request = { operations: found.operations, heads: seen.heads, message };
    const built = await buildRepairPlan(request, ground);
    await tryElsewhere({ plan: built, live }, opened, project);
    const plan = keeps(project, choices.keep) ? await withKeeping(built, live, shop) : built;
    refuseUnpoolable(opened, plan);
    await refuseCopies(plan, { ...opened, means: meansOf(shop, choices) });
    if (choices.confirm && !(await choices.confirm(plan)))
      return { ...nothing, plan, confirmed: false, report: check(await checkInput(seen, opened)) };
    const saved = await takeBackup?.();
    await prepareKeeping(opened, plan, shop.session);
    const outcome = await stoppably({ plan, signal: choices.signal ?? null }, shop, (session) =>
      runRepair(plan, { ...shop, session }, choices),
    );
    const after = await look(opened, project);
    await recordState(shop, after);
    return {
      ...nothing,
      plan,
      finished: outcome.finished[0]?.statements ?? 0,
      failed: outcome.failed,
      backup: saved?.file ?? null,
      report: check(await checkInput(after, opened)),
    };
  });
}

/** A history that cannot be read to its end says nothing about what should be there. */
export function refuseUnknown({ unknown, history }: Look): void {
  if (unknown.length > 0) {
    throw new SurefootError(
      'version/unknown-revision',
      `the database stands at ${unknown.join(', ')}, which no file declares`,
      {
        details: { revisions: unknown, table: '' },
        hint: 'Bring the files back, or set the recorded revision with `surefoot stamp --purge <revision>`; then repair.',
      },
    );
  }
  if (history.opaque.length === 0) return;
  throw new SurefootError(
    'repair/unknown-effect',
    `the effect of raw SQL is not known in ${history.opaque.join(', ')}`,
    {
      details: { revisions: history.opaque },
      hint: 'Declare its effect, or give a server to try it on with --scratch-url.',
    },
  );
}

const meansOf = ({ opened, project }: Workshop, { allow }: RepairChoices) =>
  alterMeans(opened, project, { allowTableCopy: allow?.includes('table-copy') });

async function runRepair(plan: Plan, shop: Workshop, choices: RepairChoices): Promise<RunOutcome> {
  const { opened, project, session, seen } = shop;
  return await run(plan, {
    session,
    database: opened.database,
    store: opened.store,
    live: seen.live,
    code: () => invariantNoCode(),
    kysely: kyselyOn,
    who: await whoOf(project, opened),
    tool: toolName,
    records: new Map(),
    hooks: project.options.hooks ?? {},
    onProgress: choices.onProgress ?? (() => {}),
    onStatement: choices.onStatement ?? (() => {}),
    patience: () => patienceOf(project, choices),
    altering: meansOf(shop, choices),
    replicas: [],
    signal: choices.signal ?? null,
  });
}

function invariantNoCode(): never {
  throw new InvariantError('a repair has no data steps');
}

/** Writes down what was seen afterwards, so that the next run need not look again where all is well. */
export async function recordState({ opened, session }: Workshop, after: Look): Promise<void> {
  const sound = after.drift.every(
    ({ kind, actual }) => kind === 'extra' && actual !== null && !after.named.has(actual.key),
  );
  const data = {
    heads: after.heads,
    appliedHash: appliedHash(after.graph, after.heads),
    ...(sound ? { fingerprint: await readFingerprint(opened) } : {}),
  };
  await session.write([{ event: 'verified', revision: null, direction: null, statement: null, data }]);
}
