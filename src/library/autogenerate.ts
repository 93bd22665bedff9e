// Models → a revision file. In: a project, choices. Out: what was written, or nothing where nothing changed.
// Must not know the terminal.

import { draftRevision } from '../autogenerate/draft-revision.ts';
import { inHalves } from '../autogenerate/online.ts';
import { writeOperationsRevision } from '../autogenerate/write-operations.ts';
import type { AutogenerateConfig } from '../config/define-config.ts';
import { SurefootError } from '../kernel/errors.ts';
import { completeAndApply, touches } from '../operations/apply.ts';
import { isOperation } from '../operations/is-operation.ts';
import type { Operation } from '../operations/operation.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { ancestors, inOrder } from '../revisions/graph.ts';
import { openDraft } from '../schema/draft.ts';
import type { Schema } from '../schema/schema.ts';
import { displayRef, findTable } from '../schema/schema.ts';
import type { AutogenerateChoices, AutogenerateResult } from './autogenerate-choices.ts';
import type { Compared } from './comparison.ts';
import { compareWith, historyAt, hookFailed, wantedModels } from './comparison.ts';
import { formatFile } from './format-file.ts';
import type { Ground } from './ground.ts';
import { onGround } from './ground.ts';
import { loadKnown } from './known-revisions.ts';
import { namespacesIn } from './namespaces.ts';
import type { Home, Placed } from './new-revision.ts';
import { dependenciesOf, existing, onlyHead, parentsOf, placeRevision } from './new-revision.ts';
import { readSchema, scopeOf } from './open.ts';
import { readPast } from './past.ts';
import type { Project } from './project.ts';
import { createProject, migrationFolders } from './project.ts';

/** A place in the graph, and the schema there. */
interface Place {
  readonly graph: RevisionGraph;
  readonly placed: Placed;
  /** What the upgrade meets. */
  readonly before: Schema;
  /** What the models are compared with. */
  readonly from: Schema;
}

function placeFor(home: Home, graph: RevisionGraph, choices: AutogenerateChoices): Placed {
  const { message, sql = false, head = [], splice = false, dependsOn = [], branchLabels = [] } = choices;
  return placeRevision(graph, home, {
    message,
    revises: head.length > 0 ? parentsOf(graph, head, { splice }) : onlyHead(graph),
    branchLabels: [...new Set(branchLabels)],
    dependsOn: dependenciesOf(graph, dependsOn),
    id: choices.id,
    format: sql ? 'sql' : 'ts',
    folder: choices.folder,
  });
}

/** The live schema; refused where the database is not at the heads. */
async function liveSchema({ opened, project }: Ground, graph: RevisionGraph): Promise<Schema> {
  const { heads } = await readPast(opened, graph);
  const { realHeads } = graph;
  if (heads.length !== realHeads.length || heads.some((id) => !realHeads.includes(id))) {
    const at = heads.join(', ') || 'base';
    throw new SurefootError(
      'autogenerate/not-at-heads',
      `the database is at ${at}, and the revisions go on to ${realHeads.join(', ') || 'base'}`,
      {
        details: { recorded: heads, heads: realHeads },
        hint: 'Run `surefoot upgrade` first, or compare with history: leave --against database out.',
      },
    );
  }
  const revisions = await loadKnown(project, graph.order, opened);
  return await readSchema(opened, scopeOf(opened.names, namespacesIn(revisions)));
}

async function findPlace(ground: Ground, placed: Placed, choices: AutogenerateChoices): Promise<Place> {
  const { opened, project } = ground;
  const graph = await project.graph();
  if (choices.against === 'database') {
    const live = await liveSchema(ground, graph);
    return { graph, placed, before: live, from: live };
  }
  const all = await historyAt(ground, graph.order);
  const { revises, dependsOn } = placed.header;
  const labelled = dependsOn.flatMap((one) => graph.labels.get(one) ?? one);
  const below = inOrder(graph, ancestors(graph, [...revises, ...labelled]));
  const before = below.length === graph.order.length ? all : await historyAt(ground, below);
  return { graph, placed, before, from: opened.dialect.normalize(all) };
}

/** Refuses what lies on objects that are not there where only this branch was run. */
function refuseOtherBranch(operations: readonly Operation[], { placed, before, from, graph }: Place): void {
  const objects = operations.flatMap(touches).flatMap((object) => {
    if (object.kind !== 'table') return [];
    const { ref } = object;
    const isElsewhere = findTable(from, ref) !== undefined && findTable(before, ref) === undefined;
    return isElsewhere ? [`table ${displayRef(ref)}`] : [];
  });
  if (objects.length === 0) return;
  const list = [...new Set(objects)];
  const { revises } = placed.header;
  throw new SurefootError(
    'autogenerate/other-branch',
    `this belongs to another branch than ${revises.join(', ') || 'base'}: ${list.join(', ')}`,
    {
      details: { objects: list, heads: graph.heads },
      hint: `Put the revision on another head with --head, say --depends-on, or join the heads first with \`surefoot merge heads -m "…"\`.`,
    },
  );
}

/** The operations as the config's hook leaves them; they must still fit the schema. */
async function rewritten(
  compared: Compared,
  place: Place,
  { rewrite }: AutogenerateConfig,
): Promise<readonly Operation[]> {
  const { operations, declared } = compared;
  if (!rewrite) return operations;
  try {
    const { message } = place.placed.header;
    const given: unknown = await rewrite(operations, { before: place.from, models: declared, message });
    if (!Array.isArray(given) || !given.every(isOperation))
      throw new TypeError('it must give a list of operations');
    completeAndApply(given, openDraft(place.before));
    return given;
  } catch (error) {
    throw hookFailed('rewrite', error);
  }
}

async function write(
  compared: Compared,
  place: Place,
  ground: Ground & { readonly choices: AutogenerateChoices },
): Promise<AutogenerateResult> {
  const { opened, project, standIn, choices } = ground;
  const { dialect } = opened;
  const { renamed, leftOut } = compared;
  const changed = await rewritten(compared, place, project.options.autogenerate ?? {});
  if (changed.length === 0) return { revision: null, operations: [], renamed, leftOut, standIn };
  refuseOtherBranch(changed, place);
  const naming = project.naming(dialect);
  const draft = draftRevision(changed, { from: place.from, dialect, naming, leftOut });
  const { header, folder } = place.placed;
  const halves = choices.online ? inHalves(draft.upgrade, { before: place.before, dialect, naming }) : null;
  const { file } = await writeOperationsRevision({
    folder,
    header,
    before: place.before,
    upgrade: halves?.expand ?? draft.upgrade,
    ...(halves ? { contract: { upgrade: halves.contract, undo: halves.undo } } : {}),
    downgrade: halves?.back ?? 'auto',
    // Remarks stand at operations, which are others in halves.
    comments: halves ? halves.notOnline.map((text) => ({ operation: null, text })) : draft.comments,
    ...(choices.sql ? { sql: { dialect, naming } } : {}),
  });
  await formatFile(project, file);
  const { id, revises, message, branchLabels, dependsOn, createdAt } = header;
  const revision = { id, revises, message, createdAt: createdAt ?? '', branchLabels, dependsOn, file };
  return { revision, operations: draft.inWords, renamed, leftOut, standIn };
}

/** A file of SQL is one revision. */
function refuseSqlInHalves({ sql, online }: AutogenerateChoices): void {
  if (!sql || !online) return;
  throw new SurefootError('usage/invalid', 'a revision in two halves is written in TypeScript', {
    details: { argument: 'sql' },
    hint: 'Leave --sql or --online out.',
  });
}

/** Writes the revision that brings history to the models; nothing where they agree. */
export async function autogenerate(
  project: Project,
  choices: AutogenerateChoices,
): Promise<AutogenerateResult> {
  refuseSqlInHalves(choices);
  const { options, folder } = project;
  const migrations = migrationFolders(options, folder);
  const there = await existing(migrations);
  const readable = createProject({ ...options, projectFolder: folder, migrations: there });
  const placed = placeFor({ projectFolder: folder, migrations }, await readable.graph(), choices);
  const ownOnly = choices.against === 'database';
  return await onGround(readable, { ownOnly }, async (ground) => {
    const place = await findPlace(ground, placed, choices);
    const declared = await wantedModels(ground);
    const compared = await compareWith({ ...place, declared }, ground, choices);
    return await write(compared, place, { ...ground, choices });
  });
}
