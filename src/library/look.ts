import { compareModels } from '../autogenerate/compare-models.ts';
import type { Difference } from '../diff/compare.ts';
import type { StoredEntry } from '../journal/entry.ts';
import type { Past } from '../journal/recover.ts';
import { recover } from '../journal/recover.ts';
import { readEntries, readVersionTable } from '../journal/store.ts';
import { namedParts, partsOf, settledDifferences } from '../plan/drift.ts';
import type { Replay } from '../plan/replay.ts';
import { replay } from '../plan/replay.ts';
import type { Spelling } from '../plan/spelling.ts';
import { createSpelling } from '../plan/spelling.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { unknownRows } from '../revisions/graph.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import { upgradePath } from '../revisions/paths.ts';
import { draftSchema } from '../schema/draft.ts';
import { ignoring } from '../schema/ignore.ts';
import type { Schema } from '../schema/schema.ts';
import { sameRef } from '../schema/schema.ts';
import { comparable, spellerOf } from './comparison.ts';
import { loadKnown } from './known-revisions.ts';
import { learnHistory, spellingElsewhere, taughtBy } from './learn.ts';
import { declaredModels, readDeclaration } from './models.ts';
import { namespacesIn } from './namespaces.ts';
import type { Opened } from './open.ts';
import { readSchema, scopeOf } from './open.ts';
import { withOriginals } from './originals.ts';
import type { Project } from './project.ts';

/** Server, history and models side by side: read once, for check and repair alike. */
export interface Look {
  readonly graph: RevisionGraph;
  /** The version rows as they are; unknown ones included. */
  readonly heads: readonly string[];
  readonly unknown: readonly string[];
  readonly past: Past;
  readonly pending: readonly string[];
  readonly entries: readonly StoredEntry[];
  /** Every revision of the graph, parents first. */
  readonly revisions: readonly LoadedRevision[];
  readonly applied: readonly LoadedRevision[];
  /** The same as their files say, without what was learned of raw SQL. */
  readonly written: readonly LoadedRevision[];
  readonly namespaces: readonly string[];
  readonly live: Schema;
  /** History at the recorded revisions, replayed and as the server would give it back. */
  readonly history: Replay;
  readonly expected: Schema;
  readonly drift: readonly Difference[];
  /** Who made or took away a part, by its key: of the objects of which something differs. */
  readonly named: ReadonlyMap<string, string>;
  /** The same with what the pending revisions name. */
  readonly namedPending: ReadonlyMap<string, string>;
  /** The models, as the server would give them back; `null`: there are none. */
  readonly models: Schema | null;
  /** The models against history at its heads. */
  readonly modelDifferences: readonly Difference[];
  readonly spelling: Spelling;
}

/** What version rows and journal say. */
type Recorded = Pick<Look, 'graph' | 'heads' | 'unknown' | 'entries' | 'past'>;

async function readRecord({ store }: Opened, project: Project): Promise<Recorded> {
  const graph = await project.graph();
  const heads = (await readVersionTable(store))?.rows ?? [];
  const unknown = unknownRows(graph, heads);
  const entries = await readEntries(store, { events: null, data: true, operations: false });
  const known = heads.filter((id) => !unknown.includes(id));
  return { graph, heads, unknown, entries, past: recover(known, entries, graph) };
}

/** What the files say, with what was learned of them. */
type Files = Pick<Look, 'revisions' | 'applied' | 'written' | 'namespaces'>;

async function readFiles(opened: Opened, project: Project, { graph, past }: Recorded): Promise<Files> {
  const all = await loadKnown(project, graph.order, opened);
  const written = all.filter(({ header }) => past.applied.has(header.id));
  const later = all.filter(({ header }) => !past.applied.has(header.id));
  const learned = await learnHistory(opened, project, { upgrades: [...written, ...later], downgrades: [] });
  const revisions = all.map(taughtBy(learned));
  // With nothing pending the two are one, and so is all that is made of them.
  const applied = later.length === 0 ? revisions : written.map(taughtBy(learned));
  return { revisions, applied, written, namespaces: namespacesIn(revisions) };
}

/** What history describes where the record stands, and what it may not be compared without: worked out while a server answers. */
function readHistory(files: Files, { dialect }: Opened, ignore: (schema: Schema) => Schema) {
  const history = replay(files.applied, { dialect, snapshotsOf: new Set() });
  const expected = ignore(dialect.normalize(draftSchema(history.draft)));
  const atHeads = files.applied === files.revisions ? { ...history, schema: expected } : null;
  return { history, expected, atHeads };
}

/** Reads everything. Changes nothing, and needs no more than the right to read. */
export async function look(opened: Opened, given: Project): Promise<Look> {
  const project = await withOriginals(given, opened);
  const { dialect, connection, names } = opened;
  const recorded = await readRecord(opened, project);
  const { graph, past } = recorded;
  const files = await readFiles(opened, project, recorded);
  const { revisions, applied, namespaces } = files;
  const ignore = ignoring(project.options.ignore ?? []);
  const answer = begin(readSchema(opened, scopeOf(names, namespaces)));
  const { history, expected, atHeads } = readHistory(files, opened, ignore);
  const declaration = await readDeclaration(opened, project);
  // What is made on a server may be made by this very session.
  if (declaration?.kind === 'made') await answer();
  const models = declaration && ignore(await declaredModels(declaration, { opened, project }));
  const live = ignore(await answer());
  const spelling = createSpelling(dialect, connection, spellingElsewhere(opened, project));
  const drift = history.opaque.length > 0 ? [] : await driftOf(expected, live, { spelling, opened });
  const missed = models ? await modelDifferences(models, { revisions, atHeads, opened, project }) : [];
  const differing = partsOf([...drift, ...missed]);
  const namedPending = namedParts(revisions, dialect, differing);
  return {
    ...recorded,
    ...files,
    pending: upgradePath(graph, past.applied, graph.realHeads),
    live,
    history,
    expected,
    drift,
    named: applied === revisions ? namedPending : namedParts(applied, dialect, differing),
    namedPending,
    models,
    modelDifferences: missed,
    spelling,
  };
}

/** Work that goes on while other work is done; its failure waits until somebody asks. */
function begin<T>(work: Promise<T>): () => Promise<T> {
  void Promise.allSettled([work]);
  return () => work;
}

/** What this account may not see is not missing: it cannot be proven either way. */
async function driftOf(
  expected: Schema,
  live: Schema,
  { spelling, opened }: { readonly spelling: Spelling; readonly opened: Opened },
): Promise<readonly Difference[]> {
  const { dialect, connection } = opened;
  const differences = await settledDifferences(expected, live, spelling);
  const isTrigger = ({ kind, wanted }: Difference) => kind === 'missing' && wanted?.kind === 'trigger';
  const noTriggers = differences.some(isTrigger) && (await dialect.hidesTriggers?.(connection)) === true;
  const isHidden = ({ kind, wanted }: Difference) =>
    kind === 'missing' &&
    (wanted?.kind === 'view' || wanted?.kind === 'routine') &&
    live.unsupported.some((one) => one.kind === wanted.kind && sameRef(one, wanted.owner));
  return differences.map((one) =>
    isHidden(one) || (noTriggers && isTrigger(one)) ? { ...one, kind: 'unproven' } : one,
  );
}

interface ModelMeans {
  readonly revisions: readonly LoadedRevision[];
  /** What they make, where that is known already. */
  readonly atHeads: { readonly schema: Schema; readonly opaque: readonly string[] } | null;
  readonly opened: Opened;
  readonly project: Project;
}

/** What autogenerate would find. */
async function modelDifferences(
  models: Schema,
  { revisions, atHeads, opened, project }: ModelMeans,
): Promise<readonly Difference[]> {
  const { schema, opaque } = atHeads ?? historyAtHeads(revisions, opened);
  if (opaque.length > 0) return [];
  const select = comparable(project);
  return await compareModels(select(models), select(schema), spellerOf(opened, project));
}

/** The schema that history describes at its heads, as the server would give it back. */
export function historyAtHeads(
  revisions: readonly LoadedRevision[],
  { dialect }: Pick<Opened, 'dialect'>,
): { readonly schema: Schema; readonly opaque: readonly string[] } {
  const { draft, opaque } = replay(revisions, { dialect, snapshotsOf: new Set() });
  return { schema: dialect.normalize(draftSchema(draft)), opaque };
}
