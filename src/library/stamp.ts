import { randomUUID } from 'node:crypto';
import { changeRows, createTables, readVersionTable } from '../journal/store.ts';
import { drifted } from '../plan/find-drift.ts';
import { replay } from '../plan/replay.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { appliedFrom, inOrder, unknownRows } from '../revisions/graph.ts';
import { resolve } from '../revisions/identifiers.ts';
import { stampedRows, upgradePath } from '../revisions/paths.ts';
import type { LockedSession } from '../runner/session.ts';
import { lockedSession } from '../runner/session.ts';
import { draftSchema } from '../schema/draft.ts';
import type { Current, StampChoices } from './api.ts';
import { learnHistory, spellingElsewhere, taughtBy } from './learn.ts';
import { namespacesIn } from './namespaces.ts';
import type { Opened } from './open.ts';
import { openSession, refuseReadOnly } from './open.ts';
import { withOriginals } from './originals.ts';
import { refuseUnknown } from './past.ts';
import type { Project } from './project.ts';
import { takeLock, whoOf } from './take-lock.ts';
import { verify } from './verify.ts';
import { toolName } from './version.ts';

/** Sets the recorded revisions and runs nothing. Verifies that the schema is the one they describe, unless forced. */
export async function stamp(
  files: Project,
  targets: readonly string[],
  choices: StampChoices,
): Promise<Current> {
  const opened = await openSession(files.options, files.folder);
  try {
    refuseReadOnly(opened);
    const lock = await takeLock(opened, files, choices);
    try {
      await createTables(opened.store);
      const project = await withOriginals(files, opened, targets);
      const graph = await project.graph();
      const before = (await readVersionTable(opened.store))?.rows ?? [];
      const heads = stampTargets(opened, graph, { before, targets, choices });
      if (!choices.force) await refuseOther(opened, project, heads);
      const session = lockedSession(opened.store, lock, randomUUID());
      return await writeStamp({ opened, project, session }, before, heads);
    } finally {
      await lock.release();
    }
  } finally {
    await opened.close();
  }
}

/** Writes version rows and `stamped`, in one transaction. */
export async function writeStamp(
  {
    opened,
    project,
    session,
  }: { readonly opened: Opened; readonly project: Project; readonly session: LockedSession },
  before: readonly string[],
  heads: readonly string[],
): Promise<Current> {
  const graph = await project.graph();
  const applied = inOrder(graph, appliedFrom(graph, heads));
  const data = { heads, applied, who: await whoOf(project, opened), tool: toolName };
  await session.begin();
  for (const command of changeRows(opened.store, before, heads)) await session.command(command);
  await session.write([{ event: 'stamped', revision: null, direction: null, statement: null, data }]);
  await session.commit();
  return { heads, pending: upgradePath(graph, new Set(applied), graph.realHeads) };
}

interface Stamping {
  readonly before: readonly string[];
  readonly targets: readonly string[];
  readonly choices: StampChoices;
}

function stampTargets(
  opened: Opened,
  graph: RevisionGraph,
  { before, targets, choices }: Stamping,
): readonly string[] {
  const unknown = unknownRows(graph, before);
  if (!choices.purge) refuseUnknown(opened, unknown);
  const current = choices.purge ? [] : before;
  const known = before.filter((id) => !unknown.includes(id));
  const ids = targets.flatMap((target) => resolve(target, graph, { current: known, purpose: 'stamp' }));
  return [...stampedRows(graph, current, [...new Set(ids)])].sort();
}

/** Compares the live schema with the one that these revisions describe. */
async function refuseOther(opened: Opened, project: Project, heads: readonly string[]): Promise<void> {
  const graph = await project.graph();
  const { dialect } = opened;
  const written = await project.load(inOrder(graph, appliedFrom(graph, heads)), dialect);
  const known = written.map(
    taughtBy(await learnHistory(opened, project, { upgrades: written, downgrades: [] })),
  );
  const { draft, opaque } = replay(known, { dialect, snapshotsOf: new Set() });
  if (opaque.length > 0) return;
  const ids = new Set(known.map(({ header }) => header.id));
  const others = (await project.load(graph.order, dialect)).filter(({ header }) => !ids.has(header.id));
  const { drift } = await verify(opened, {
    target: dialect.normalize(draftSchema(draft)),
    namespaces: namespacesIn(known),
    known: [...known, ...others],
    spellElsewhere: spellingElsewhere(opened, project),
    ignore: project.options.ignore,
  });
  if (drift.length > 0)
    throw drifted(drift, 'It was not stamped. Stamp the revision that the schema has, or say --force.');
}
