// Raw SQL without a declared effect gets the effect that it has on a throw-away database.
// In: a history, ways to a scratch database, what was learned before. Out: the same revisions, their raw SQL with effects.
// Must not know which databases there are to choose from, nor files.
//
//   1. The history is laid out as steps: upgrades in order, then the downgrades that are to follow. Each step has a key, the
//      hash of everything up to it. Nothing to learn, or all of it in the cache: no database is opened.
//   2. Otherwise the steps are run on a scratch database, from nothing (run-on-scratch.ts). The first way that leads to one
//      on which everything runs, and which spells as the target does, is enough.
//   3. A scratch of another version counts as well where what was learned holds no text that a server spells, and where no
//      better one is to be had: texts are compared by the examined server's own spelling all the same (spelling.ts).
//   4. What could not be run stays opaque, with all raw SQL after it; the reason is kept for the plan.

import type { Dialect } from '../dialect/dialect.ts';
import { textless } from '../diff/compare.ts';
import { canonicalJson, hashJson } from '../kernel/hash.ts';
import { isOperation } from '../operations/is-operation.ts';
import type { Operation } from '../operations/operation.ts';
import type { Downgrade, LoadedRevision } from '../revisions/load.ts';
import type { Naming } from '../schema/naming.ts';
import type { Cache } from '../scratch/cache.ts';
import type { ScratchWay } from '../scratch/scratch.ts';
import { tryWay } from '../scratch/scratch.ts';
import { emptyDraft, isDataStatement } from './replay.ts';
import type { HistoryStep, ScratchRun, StepEffects } from './run-on-scratch.ts';
import {
  completeStep,
  inverseOf,
  isToBeLearned,
  operationsOf,
  runOnScratch,
  withEffect,
} from './run-on-scratch.ts';

/** Raises whenever the same history may be read as other operations than before. */
const modelVersion = 1;

/** What is to be known: `upgrades` in the order of history, then `downgrades` of some of them, in the order of the run. */
export interface History {
  readonly upgrades: readonly LoadedRevision[];
  readonly downgrades: readonly LoadedRevision[];
}

export interface LearnMeans {
  /** The target's. */
  readonly dialect: Dialect;
  readonly naming: Naming;
  readonly ways: readonly ScratchWay[];
  readonly cache: Cache;
  /** All that decides, besides the history, what SQL makes: server, defaults, naming, this tool. */
  readonly circumstances: unknown;
}

export interface Learned {
  /** By id, with what was learned. */
  readonly revisions: ReadonlyMap<string, LoadedRevision>;
  /** Why some raw SQL stays of unknown effect; `null`: none does. */
  readonly problem: string | null;
}

const isOpaqueIn =
  (dialect: Dialect) =>
  (operation: Operation): boolean =>
    isToBeLearned(operation, dialect) && !isDataStatement(operation.sql, dialect);

function isOpaqueStep(step: HistoryStep, dialect: Dialect): boolean {
  return operationsOf(step, step.revision.upgrade).some(isOpaqueIn(dialect));
}

/** True where there is something to learn, if only that a query changes nothing. */
function isLearnedStep(step: HistoryStep, dialect: Dialect): boolean {
  return operationsOf(step, step.revision.upgrade).some((operation) => isToBeLearned(operation, dialect));
}

/** True where raw SQL of unknown effect stands in the history. */
export function hasOpaqueSql(history: History, dialect: Dialect): boolean {
  return stepsOf(history).some((step) => isOpaqueStep(step, dialect));
}

const stepsOf = ({ upgrades, downgrades }: History): readonly HistoryStep[] => [
  ...upgrades.map((revision): HistoryStep => ({ revision, direction: 'upgrade' })),
  ...downgrades.map((revision): HistoryStep => ({ revision, direction: 'downgrade' })),
];

/** The key of each step: the hash of all that happens up to it. */
function keysOf(steps: readonly HistoryStep[], circumstances: unknown): readonly string[] {
  let key = hashJson([modelVersion, circumstances]);
  return steps.map(({ revision, direction }) => {
    key = hashJson([key, direction, direction === 'upgrade' ? revision.upgrade : revision.downgrade]);
    return key;
  });
}

function isStepEffects(value: unknown): value is StepEffects {
  return (
    Array.isArray(value) &&
    value.every((one) => one === null || (Array.isArray(one) && one.every(isOperation)))
  );
}

/** What the cache knows of the steps that matter; `null`: not all of them. */
async function readCache(
  steps: readonly HistoryStep[],
  keys: readonly string[],
  means: LearnMeans,
): Promise<readonly StepEffects[] | null> {
  const found: StepEffects[] = [];
  for (const [i, step] of steps.entries()) {
    const isNeeded = isLearnedStep(step, means.dialect);
    const kept = isNeeded ? await means.cache.read(keys[i] ?? '') : [];
    if (!isStepEffects(kept)) return null;
    found.push(kept);
  }
  return found;
}

/** True where a server's spelling of an expression is among what was learned. */
function holdsText(effects: readonly StepEffects[]): boolean {
  return canonicalJson(effects) !== canonicalJson(textless(effects));
}

interface Attempt extends ScratchRun {
  /** How much it is to be trusted: 2 as the target itself, 1 but for spelling, 0 in part. */
  readonly worth: 0 | 1 | 2;
}

async function runOnWay(
  way: ScratchWay,
  steps: readonly HistoryStep[],
  means: LearnMeans & { readonly rows: 'written' | 'left' },
): Promise<Attempt | string> {
  const scratch = await tryWay(way);
  if (typeof scratch === 'string') return scratch;
  try {
    const run = await runOnScratch(steps, scratch, means);
    const alike = scratch.spellsAlike || !holdsText(run.effects);
    return { ...run, worth: run.problem !== null ? 0 : alike ? 2 : 1 };
  } finally {
    await scratch.close();
  }
}

/** Rows without those that code would have made can stand in the way of what follows: then once more without any. */
async function attempt(
  way: ScratchWay,
  steps: readonly HistoryStep[],
  means: LearnMeans,
): Promise<Attempt | string> {
  const first = await runOnWay(way, steps, { ...means, rows: 'written' });
  if (typeof first === 'string' || first.worth > 0 || !first.wroteRows) return first;
  const second = await runOnWay(way, steps, { ...means, rows: 'left' });
  return typeof second !== 'string' && second.effects.length > first.effects.length ? second : first;
}

function better(a: Attempt | null, b: Attempt): Attempt {
  if (a === null || b.worth > a.worth) return b;
  return b.worth === a.worth && b.effects.length > a.effects.length ? b : a;
}

interface Outcome {
  readonly best: Attempt | null;
  readonly problem: string | null;
}

async function learn(steps: readonly HistoryStep[], means: LearnMeans): Promise<Outcome> {
  let best: Attempt | null = null;
  const reasons: string[] = [];
  for (const way of means.ways) {
    const tried = await attempt(way, steps, means);
    if (typeof tried === 'string') {
      reasons.push(tried);
      continue;
    }
    best = better(best, tried);
    if (tried.worth === 2) break;
    if (tried.problem !== null) reasons.push(`${way.name}: ${tried.problem}`);
  }
  const problem =
    best !== null && best.worth > 0 ? null : reasons.join('; ') || 'there is no scratch database';
  return { best, problem };
}

/** Writes down what was learned as the target itself would have said it. */
async function writeCache(
  effects: readonly StepEffects[],
  keys: readonly string[],
  facts: { readonly steps: readonly HistoryStep[]; readonly means: LearnMeans },
): Promise<void> {
  for (const [i, step] of facts.steps.entries()) {
    const own = effects[i];
    if (own && isLearnedStep(step, facts.means.dialect)) await facts.means.cache.write(keys[i] ?? '', own);
  }
}

/** The revisions with their effects. An automatic downgrade with raw SQL in it is written out. */
function attach(
  steps: readonly HistoryStep[],
  effects: readonly StepEffects[],
  dialect: Dialect,
): ReadonlyMap<string, LoadedRevision> {
  const revisions = new Map<string, LoadedRevision>();
  const completed = new Map<string, readonly Operation[]>();
  const draft = emptyDraft(dialect);
  for (const [i, { revision, direction }] of steps.entries()) {
    const { id } = revision.header;
    const own = revisions.get(id) ?? revision;
    if (direction === 'upgrade') {
      completed.set(id, completeStep(revision.upgrade, effects[i], { draft, dialect }));
      const upgrade = revision.upgrade.map((operation, at) => withEffect(operation, effects[i]?.[at]));
      revisions.set(id, { ...own, upgrade });
      continue;
    }
    revisions.set(id, { ...own, downgrade: downgradeWith(revision, completed.get(id) ?? [], effects[i]) });
  }
  return revisions;
}

function downgradeWith(
  revision: LoadedRevision,
  completed: readonly Operation[],
  effects: StepEffects | undefined,
): Downgrade {
  const { downgrade } = revision;
  if (!effects?.some((effect) => effect !== null)) return downgrade;
  const operations = downgrade.kind === 'operations' ? downgrade.operations : inverseOf(revision, completed);
  if (downgrade.kind === 'irreversible' || operations === null) return downgrade;
  return { kind: 'operations', operations: operations.map((one, i) => withEffect(one, effects[i])) };
}

/** The history with the effects of its raw SQL. What cannot be learned stays as it is. */
export async function learnEffects(history: History, means: LearnMeans): Promise<Learned> {
  const steps = stepsOf(history);
  const unchanged = new Map(steps.map(({ revision }) => [revision.header.id, revision]));
  if (!hasOpaqueSql(history, means.dialect)) return { revisions: unchanged, problem: null };
  const keys = keysOf(steps, means.circumstances);
  const kept = await readCache(steps, keys, means);
  if (kept) return { revisions: attach(steps, kept, means.dialect), problem: null };
  const { best, problem } = await learn(steps, means);
  if (!best) return { revisions: unchanged, problem };
  if (best.worth === 2) await writeCache(best.effects, keys, { steps, means });
  return { revisions: attach(steps, best.effects, means.dialect), problem };
}
