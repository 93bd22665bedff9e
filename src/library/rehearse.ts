import { readFile } from 'node:fs/promises';
import { resolve as resolvePath } from 'node:path';
import { scratchWays } from '../config/choose-scratch.ts';
import type { Seed } from '../config/define-config.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { now } from '../kernel/clock.ts';
import { splitStatements } from '../kernel/sql-text.ts';
import type { Rehearsal, RehearsalResult } from '../rehearsal/rehearsal.ts';
import { rehearseAll } from '../rehearsal/rehearse.ts';
import type { Subject } from '../rehearsal/subject.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { ancestors, effectiveHeads, inOrder } from '../revisions/graph.ts';
import { resolveRange } from '../revisions/identifiers.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import { revisionsBetween } from '../revisions/paths.ts';
import type { ScratchWay } from '../scratch/scratch.ts';
import { runCheck } from './check.ts';
import { saveForCopies } from './copies.ts';
import { onGround } from './ground.ts';
import { learnHistory, scratchChoice, taughtBy } from './learn.ts';
import { openAny } from './models.ts';
import { namespacesIn } from './namespaces.ts';
import type { Opened } from './open.ts';
import { readPast } from './past.ts';
import type { Project } from './project.ts';
import type { RehearsalChoices } from './rehearsal-choices.ts';
import { seedsFor } from './seeds.ts';
import type { Filling, OpenStage, Places } from './stage.ts';
import { openStage } from './stage.ts';

/** What is rehearsed: the range, and what it rests on. */
interface Range {
  readonly graph: RevisionGraph;
  readonly below: readonly string[];
  readonly ids: readonly string[];
}

function rangeOf(graph: RevisionGraph, range: string | undefined): Range {
  const ids =
    range === undefined
      ? graph.order
      : inOrder(
          graph,
          revisionsBetween(graph, resolveRange(range, graph, { current: null, purpose: 'show' })),
        );
  const chosen = new Set(ids);
  const below = inOrder(graph, ancestors(graph, ids)).filter((id) => !chosen.has(id));
  return { graph, below, ids };
}

type Verdict = Pick<RehearsalResult, 'status' | 'detail'> & { readonly facts?: readonly string[] };

async function timed(test: RehearsalResult['test'], run: () => Promise<Verdict>): Promise<RehearsalResult> {
  const started = now();
  const { status, detail, facts = [] } = await run();
  return { test, revision: null, status, detail, facts, ms: now() - started };
}

/** Ids and parents are sound where there is a graph; what is left is that it has one end, and that every file loads. */
async function graphVerdict(project: Project, { graph }: Range, opened: Opened): Promise<Verdict> {
  const unlabelled = graph.realHeads.filter((id) => (graph.nodes.get(id)?.labels.length ?? 0) === 0);
  if (graph.realHeads.length > 1 && unlabelled.length > 0)
    return {
      status: 'failed',
      detail: `the history has ${graph.realHeads.length} ends: ${graph.realHeads.join(', ')}`,
      facts: ['Join them with `surefoot merge`, or label the branches.'],
    };
  const loaded = await project.load(graph.order, opened.dialect);
  for (const { header } of loaded) await project.textChecksum(header);
  if (loaded.length === 0) return { status: 'skipped', detail: 'there are no revisions' };
  const ends = graph.realHeads.length === 1 ? 'one end' : `${graph.realHeads.length} labelled ends`;
  return {
    status: 'passed',
    detail: `${loaded.length === 1 ? '1 revision loads' : `${loaded.length} revisions load`}; ${ends}`,
  };
}

async function fromEmpty(stage: OpenStage, { graph, below, ids }: Range): Promise<Verdict> {
  const run = await stage.upTo([...below, ...ids]);
  if (run.failure)
    return {
      status: 'failed',
      detail: `the upgrade of an empty database stops: ${run.failure.message}`,
      facts: [run.failure.hint],
    };
  if (run.differences.length > 0)
    return {
      status: 'failed',
      detail: 'it ends at another schema than the revisions describe',
      facts: run.differences,
    };
  const heads = effectiveHeads(graph, new Set([...below, ...ids])).join(', ') || 'base';
  return { status: 'passed', detail: `an empty database comes to ${heads}` };
}

/** The models beside the schema at the end of all revisions. */
async function modelsVerdict(stage: OpenStage): Promise<Verdict> {
  const { models } = stage.project.options;
  if (models === undefined || models.length === 0)
    return { status: 'skipped', detail: 'the config names no models' };
  const { findings } = await runCheck(stage.project, {});
  const own = findings.filter(({ code }) => code.startsWith('model/'));
  if (own.length === 0) return { status: 'passed', detail: 'the models are what the revisions lead to' };
  return {
    status: own.some(({ severity }) => severity === 'error') ? 'failed' : 'warning',
    detail: 'the models are not what the revisions lead to',
    facts: own.map(({ message }) => message),
  };
}

interface Place {
  readonly project: Project;
  readonly opened: Opened;
  readonly ways: readonly ScratchWay[];
  readonly range: Range;
  readonly loaded: ReadonlyMap<string, LoadedRevision>;
  readonly choices: RehearsalChoices;
  /** The user's rows, by revision. */
  readonly seeds: ReadonlyMap<string, Seed>;
  /** What the running release sends; `null`: nobody says. */
  readonly queries: readonly string[] | null;
}

/** Everything at once, on a database of its own. */
async function wholeRange(place: Place): Promise<readonly RehearsalResult[]> {
  const { project, ways, range, loaded, opened } = place;
  const graph = await timed('graph', () => graphVerdict(project, range, opened));
  const places: Places = { open: () => openAny(ways), areCopies: false };
  const stage = await openStage(project, places, namespacesIn([...loaded.values()]));
  try {
    const empty = await timed('from-empty', () => fromEmpty(stage, range));
    const isWhole = range.graph.realHeads.every((id) => range.ids.includes(id));
    if (empty.status !== 'passed' || !isWhole) return [graph, empty];
    return [graph, empty, await timed('models', () => modelsVerdict(stage))];
  } finally {
    await stage.close();
  }
}

const insertion = /\b(?:insert|replace|merge|copy|load|call|do)\b/i;

/** True if its upgrade may put rows into a table. */
const fills = ({ upgrade }: LoadedRevision): boolean =>
  upgrade.some(
    (one) =>
      one.kind === 'insertRows' || one.kind === 'run' || (one.kind === 'execute' && insertion.test(one.sql)),
  );

/** What puts rows into a database on its way, but for what `has` it already. */
function fillingOf({ loaded, seeds }: Place, has: ReadonlySet<string>): Filling {
  const revisions = [...loaded].flatMap(([id, revision]) => (fills(revision) ? [id] : []));
  return { revisions: new Set(revisions), seeds: new Map([...seeds].filter(([id]) => !has.has(id))) };
}

function subjectsOf(place: Place, stage: OpenStage): readonly Subject[] {
  const { range, loaded, queries, seeds } = place;
  const applied = new Set(range.below);
  return range.ids.flatMap((id): readonly Subject[] => {
    const revision = loaded.get(id);
    if (!revision) return [];
    const headsBefore = effectiveHeads(range.graph, applied);
    applied.add(id);
    const seed = seeds.get(id);
    return [
      {
        id,
        claims: { operations: revision.upgrade, text: revision.text },
        isReversible: revision.downgrade.kind !== 'irreversible',
        headsBefore,
        headsAfter: effectiveHeads(range.graph, applied),
        oldQueries: queries,
        seed: seed === undefined ? null : async () => await seed(stage.connection()),
      },
    ];
  });
}

/** One after the other. */
async function eachRevision(place: Place, places: Places): Promise<readonly RehearsalResult[]> {
  const { project, range, loaded, choices } = place;
  const stage = await openStage(project, places, namespacesIn([...loaded.values()]));
  try {
    if (range.below.length > 0) {
      const run = await stage.upTo(range.below);
      // What stops there is said by the test of the whole.
      if (run.failure) return [];
    }
    return await rehearseAll(subjectsOf(place, stage), stage, choices.onRehearsed ?? (() => {}));
  } finally {
    await stage.close();
  }
}

/** On databases that begin as the project's own is, with what it has not seen yet. */
async function onCopies(place: Place): Promise<readonly RehearsalResult[]> {
  const { range, opened, project } = place;
  const { applied } = await readPast(opened, range.graph);
  const { graph } = range;
  const ids = range.ids.filter((id) => !applied.has(id));
  const below = inOrder(graph, new Set([...applied, ...range.below.filter((id) => !applied.has(id))]));
  const copies = await saveForCopies(opened, project);
  try {
    return await eachRevision(
      { ...place, range: { graph, ids, below } },
      { open: copies.open, areCopies: true, filling: fillingOf(place, applied) },
    );
  } finally {
    await copies.close();
  }
}

/** Where the config names a file, its statements. */
async function queriesOf(
  { options, folder }: Project,
  { syntax }: Dialect,
  { queries }: RehearsalChoices,
): Promise<readonly string[] | null> {
  const file = options.rehearsal?.queries;
  if (queries === undefined && file === undefined) return null;
  const text = queries ?? (await readFile(resolvePath(folder, file ?? ''), 'utf8'));
  return splitStatements(text, syntax).map(({ sql }) => sql);
}

async function learnAll(
  opened: Opened,
  project: Project,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LoadedRevision>> {
  const written = await project.load(ids, opened.dialect);
  const teach = taughtBy(await learnHistory(opened, project, { upgrades: written, downgrades: [] }));
  return new Map(written.map((one) => [one.header.id, teach(one)]));
}

/** Practises revisions on throw-away databases. The project's own database is asked what it is, and nothing else. */
export async function rehearse(files: Project, choices: RehearsalChoices): Promise<Rehearsal> {
  const startedAt = now();
  const range = rangeOf(await files.graph(), choices.range);
  const seeds = seedsFor(range.graph, choices.seeds ?? files.options.rehearsal?.seeds ?? {});
  return await onGround(files, { ownOnly: choices.onCopy === true }, async ({ opened, project }) => {
    const loaded = await learnAll(opened, project, [...range.below, ...range.ids]);
    const { ways } = await scratchWays(scratchChoice(opened, project));
    const queries = await queriesOf(project, opened.dialect, choices);
    const place: Place = { project, opened, ways, range, loaded, choices, seeds, queries };
    const practised = choices.onCopy
      ? await onCopies(place)
      : await eachRevision(place, {
          open: () => openAny(ways),
          areCopies: false,
          filling: fillingOf(place, new Set()),
        });
    const results = [...(await wholeRange(place)), ...practised];
    return {
      server: opened.facts.product,
      place: choices.onCopy ? `a copy of ${opened.database.description}` : (ways[0]?.name ?? ''),
      startedAt: new Date(startedAt).toISOString(),
      ms: now() - startedAt,
      revisions: range.ids,
      results,
    };
  });
}
