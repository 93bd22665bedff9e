import { basename } from 'node:path';
import { SurefootError } from '../kernel/errors.ts';
import { invertAll } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import { buildPlan } from '../plan/build-plan.ts';
import type { History } from '../plan/learn-effects.ts';
import type { Direction, PlanChoices } from '../plan/plan.ts';
import type { BuiltPlan } from '../plan/request.ts';
import { optionsOf } from '../plan/request.ts';
import { meetsStrangers } from '../plan/trial.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { inOrder } from '../revisions/graph.ts';
import { resolve, resolveDowngrade } from '../revisions/identifiers.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import { downgradePath, upgradePath } from '../revisions/paths.ts';
import type { Phase } from '../revisions/phases.ts';
import { inPhase } from '../revisions/phases.ts';
import type { StepRecord } from '../runner/outcome.ts';
import type { Schema } from '../schema/schema.ts';
import { keeps, withKeeping } from './kept.ts';
import { learnHistory, spellingElsewhere, taughtBy, tryElsewhere } from './learn.ts';
import { namespacesIn } from './namespaces.ts';
import type { Opened } from './open.ts';
import { readSchema, scopeOf } from './open.ts';
import type { KnownPast } from './past.ts';
import type { Project } from './project.ts';

/** What is to be reached. */
export interface Goal {
  readonly direction: Direction;
  readonly target: string;
  /** Only what belongs to it; absent: all. */
  readonly phase?: Phase | undefined;
  /** Of these, in this order, what is still to be done; instead of what the target says. */
  readonly ids?: readonly string[];
}

/** What a plan is asked to do: these revisions, in this order. */
export interface Task {
  readonly direction: Direction;
  readonly ids: readonly string[];
  readonly choices: PlanChoices;
  readonly past: KnownPast;
  /** True: lint is to be told the lines of operations. */
  readonly wantsLines?: boolean;
}

/** A plan with all that running and verifying it needs. */
export interface Prepared extends BuiltPlan {
  readonly live: Schema;
  readonly namespaces: readonly string[];
  readonly path: readonly LoadedRevision[];
  /** Applied revisions, and those of the path. */
  readonly known: readonly LoadedRevision[];
  readonly records: ReadonlyMap<string, StepRecord>;
}

/** The revisions to run for a goal, in order. */
export function pathTo(
  { direction, target, ids, phase }: Goal,
  graph: RevisionGraph,
  past: KnownPast,
): readonly string[] {
  if (ids !== undefined) return ids.filter((id) => past.applied.has(id) === (direction === 'downgrade'));
  if (direction === 'downgrade')
    return downgradePath(graph, past.applied, resolveDowngrade(target, graph, past.heads));
  const targets = resolve(target, graph, { current: past.heads, purpose: 'upgrade' });
  return inPhase(graph, upgradePath(graph, past.applied, targets), { phase, applied: past.applied });
}

/** The version rows after each revision of the path. */
function headsAlong(
  path: readonly string[],
  direction: Direction,
  start: { readonly graph: RevisionGraph; readonly past: KnownPast },
): readonly (readonly string[])[] {
  const { nodes } = start.graph;
  const applied = new Set(start.past.applied);
  let heads = [...start.past.heads];
  const isCovered = (id: string) => nodes.get(id)?.neededBy.some((other) => applied.has(other)) ?? false;
  return path.map((id) => {
    const needs = nodes.get(id)?.needs ?? [];
    if (direction === 'upgrade') {
      applied.add(id);
      if (!isCovered(id)) heads = [...heads.filter((head) => !needs.includes(head)), id];
    } else {
      applied.delete(id);
      heads = [
        ...heads.filter((head) => head !== id),
        ...needs.filter((one) => !heads.includes(one) && !isCovered(one)),
      ];
    }
    return [...heads].sort();
  });
}

/** Refuses ids that the version table cannot hold, before anything is written. */
export function refuseLongIds(path: readonly string[], width: number | null): void {
  const long = width === null ? undefined : path.find((id) => id.length > width);
  if (long === undefined || width === null) return;
  throw new SurefootError(
    'version/id-too-long',
    `revision id ${long} has ${long.length} characters; the version table holds ${width}`,
    {
      details: { revision: long, width },
      hint: 'Widen the column of the version table, or give the revision a shorter id.',
    },
  );
}

/** `upgrade`: its operations with what the plan learned of them, so that they can be undone without the file. */
export function toRecord(revision: LoadedRevision, upgrade: readonly Operation[]): StepRecord {
  const { downgrade } = revision;
  const back =
    downgrade.kind === 'operations'
      ? downgrade.operations
      : downgrade.kind === 'auto'
        ? invertAll(upgrade)
        : null;
  return { text: revision.text, file: basename(revision.header.file), upgrade, downgrade: back };
}

/** What happens in the order in which replay sees it: revisions that are to go come last, so that they can go first. */
function historyOf(
  direction: Direction,
  applied: readonly LoadedRevision[],
  path: readonly LoadedRevision[],
): History {
  if (direction === 'upgrade') return { upgrades: [...applied, ...path], downgrades: [] };
  const going = new Set(path.map(({ header }) => header.id));
  const remaining = applied.filter(({ header }) => !going.has(header.id));
  return { upgrades: [...remaining, ...path.toReversed()], downgrades: path };
}

/** The plan with what the journal had to lend to it, and with what it keeps of what it drops. */
async function finished(
  plan: BuiltPlan['plan'],
  live: Schema,
  { opened, project, task }: { readonly opened: Opened; readonly project: Project; readonly task: Task },
): Promise<BuiltPlan['plan']> {
  const remembered = task.ids.filter((id) => project.remembered().has(id));
  const seen = remembered.length === 0 ? plan : { ...plan, remembered };
  return keeps(project, task.choices.keep) ? await withKeeping(seen, live, { opened, project }) : seen;
}

/** Reads the database and makes the plan. Changes nothing. */
export async function prepare(opened: Opened, project: Project, task: Task): Promise<Prepared> {
  const { direction, ids, past } = task;
  const graph = await project.graph();
  const { dialect, connection } = opened;
  refuseLongIds(ids, past.table?.width ?? null);
  const written = await project.load(ids, dialect, { wantsLines: task.wantsLines ?? false });
  const recorded = await project.load(inOrder(graph, past.applied), dialect);
  const learned = await learnHistory(opened, project, historyOf(direction, recorded, written));
  const [path, applied] = [written.map(taughtBy(learned)), recorded.map(taughtBy(learned))];
  const known = [...applied, ...path.filter(({ header }) => !past.applied.has(header.id))];
  const namespaces = namespacesIn(known);
  const live = await readSchema(opened, scopeOf(opened.names, namespaces));
  const checksums = await Promise.all(path.map(({ header }) => project.textChecksum(header)));
  const built = await buildPlan(
    {
      direction,
      path: path.map((revision, i) => ({
        revision,
        textChecksum: checksums[i] ?? '',
        written: written[i] ?? revision,
      })),
      applied,
      headsBefore: past.heads,
      headsAfter: headsAlong(ids, direction, { graph, past }),
      inserted: past.inserted,
      attempts: new Map([...past.attempts].filter(([, attempt]) => attempt.direction === direction)),
      options: optionsOf(task.choices),
      unlearned: learned.problem,
    },
    {
      dialect,
      connection,
      naming: project.naming(dialect),
      live,
      spellElsewhere: spellingElsewhere(opened, project),
    },
  );
  // Where the server has exactly what history says, it takes the plan as any other server does.
  if (meetsStrangers(built.plan, built.strangers, dialect))
    await tryElsewhere({ plan: built.plan, live }, opened, project);
  const records = new Map(
    path.map((revision, i) => {
      const { upgrade } = revision;
      const completed = built.plan.steps[i]?.operations.map(({ operation }) => operation);
      return [
        revision.header.id,
        toRecord(revision, direction === 'upgrade' ? (completed ?? upgrade) : upgrade),
      ];
    }),
  );
  const plan = await finished(built.plan, live, { opened, project, task });
  return { ...built, plan, live, namespaces, path, known, records };
}
