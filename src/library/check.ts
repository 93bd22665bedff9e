import { randomUUID } from 'node:crypto';
import { check } from '../check/check.ts';
import type { Identified } from '../check/finding.ts';
import { nearestPoints, pointsOfHistory } from '../check/identify.ts';
import type { CheckInput, DeadQuery, DuplicateChange, ScratchLeftover } from '../check/input.ts';
import { partOf } from '../check/objects.ts';
import { textOf } from '../dialect/rows.ts';
import { compareParts } from '../diff/compare.ts';
import { createTables } from '../journal/store.ts';
import { messageOf, SurefootError } from '../kernel/errors.ts';
import { lockHolder } from '../lock/lock.ts';
import { partsOf } from '../plan/drift.ts';
import type { Effect } from '../plan/effects.ts';
import { effectKey, effectsOf, namesTouched } from '../plan/effects.ts';
import type { Checksums } from '../plan/plan.ts';
import { walkHistory } from '../plan/replay.ts';
import type { Sides } from '../report/report.ts';
import { textChecksum } from '../revisions/checksum.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import { lockedSession } from '../runner/session.ts';
import { keepingOnly } from '../schema/ignore.ts';
import { displayPart } from '../schema/parts.ts';
import type { Ref } from '../schema/schema.ts';
import { findTable, refKey } from '../schema/schema.ts';
import { leftoverScratch } from '../scratch/scratch.ts';
import type { CheckChoices, CheckedSides } from './api.ts';
import { operationsChecksum } from './known-revisions.ts';
import type { Look } from './look.ts';
import { look } from './look.ts';
import type { Opened } from './open.ts';
import { refuseReadOnly } from './open.ts';
import { toRecord } from './prepare.ts';
import type { Project } from './project.ts';
import { withSession } from './reading.ts';
import { takeLock, whoOf } from './take-lock.ts';
import { toolName } from './version.ts';

/** The checksums of a revision as its file is now. */
export async function checksumsOf(revision: LoadedRevision): Promise<Checksums> {
  const text = await textChecksum(revision.header.file, revision.text);
  return { text, operations: operationsChecksum(revision) };
}

async function allChecksums({ written }: Look): Promise<ReadonlyMap<string, Checksums>> {
  return new Map(
    await Promise.all(written.map(async (one) => [one.header.id, await checksumsOf(one)] as const)),
  );
}

/** Revisions that make what an earlier one made already, and do not say that they are there to make sure. */
function duplicateChanges({ revisions }: Look, { dialect }: Opened): readonly DuplicateChange[] {
  const several = namesOfSeveral(revisions, dialect);
  if (several.size === 0) return [];
  const makers = new Map<string, string>();
  const repeated: DuplicateChange[] = [];
  walkHistory(revisions, dialect, (operation, before, { header }) => {
    if (!namesTouched(operation, before).some((name) => several.has(name))) return;
    for (const effect of effectsOf(operation, before, dialect)) {
      const changes = noteMaker(makers, effect, header.id);
      if (!header.safety) repeated.push(...changes);
    }
  });
  return repeated;
}

/** The names that more than one revision touches: of nothing else can two make the same. */
function namesOfSeveral(revisions: Look['revisions'], dialect: Opened['dialect']): ReadonlySet<string> {
  const first = new Map<string, string>();
  const several = new Set<string>();
  walkHistory(revisions, dialect, (operation, before, { header }) => {
    for (const name of namesTouched(operation, before)) {
      const earlier = first.get(name);
      if (earlier === undefined) first.set(name, header.id);
      else if (earlier !== header.id) several.add(name);
    }
  });
  return several;
}

/** Notes who made a part; gives the change if an earlier revision made it already. */
function noteMaker(
  makers: Map<string, string>,
  effect: Effect,
  revision: string,
): readonly DuplicateChange[] {
  const key = effectKey(effect);
  if (effect.after === null) {
    makers.delete(key);
    return [];
  }
  const earlier = makers.get(key);
  const repeats = effect.before === null && earlier !== undefined && earlier !== revision;
  if (!repeats) makers.set(key, revision);
  return repeats ? [{ revision, earlier, object: displayPart(effect.after) }] : [];
}

/** The application's own SELECT of each table that lacks something, asked of the server: what it answers is what users see. */
async function deadQueries(seen: Look, opened: Opened): Promise<ReadonlyMap<string, DeadQuery>> {
  const lacking = new Map<string, Ref>();
  for (const difference of seen.drift) {
    const part = partOf(difference);
    if (difference.kind === 'missing' && (part.kind === 'column' || part.kind === 'table'))
      lacking.set(refKey(part.owner), part.owner);
  }
  const queries = new Map<string, DeadQuery>();
  for (const [key, ref] of lacking) {
    const sql = selectOf(ref, seen, opened);
    const error = sql === null ? null : await errorOf(sql, opened);
    if (sql !== null && error !== null) queries.set(key, { sql, error });
  }
  return queries;
}

function selectOf(ref: Ref, { models, expected }: Look, { dialect }: Opened): string | null {
  const table = (models && findTable(models, ref)) ?? findTable(expected, ref);
  if (!table) return null;
  const name = [...(ref.namespace === null ? [] : [ref.namespace]), ref.name]
    .map((part) => dialect.quote(part))
    .join('.');
  const columns = table.columns.map(({ name: column }) => `${name}.${dialect.quote(column)}`).join(', ');
  return `SELECT ${columns} FROM ${name}`;
}

async function errorOf(sql: string, { connection }: Opened): Promise<string | null> {
  try {
    await connection.query(`${sql} WHERE 1 = 0`);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** Where the schema really stands, asked only when it is not where it is recorded. */
function identify(seen: Look, { dialect }: Opened): Identified | null {
  const named = new Set(seen.namedPending.keys());
  const isOurs = (key: string, slot: string) => named.has(key) || named.has(`${slot}\u0001~`);
  const differs = seen.drift.some((one) => {
    const part = partOf(one);
    return one.kind !== 'extra' || isOurs(part.key, part.slot);
  });
  if (!differs || seen.revisions.length === 0) return null;
  const equal: Parameters<typeof pointsOfHistory>[0]['equal'] = (wanted, found) =>
    compareParts(wanted, found) === 'equal' || compareParts(wanted, found) === 'unsure';
  const points = pointsOfHistory({
    graph: seen.graph,
    revisions: seen.revisions,
    dialect,
    live: seen.live,
    equal,
  });
  const nearest = nearestPoints(points);
  const heads = nearest.map((point) => point.heads.join(' + ') || 'base');
  // Where the record is as near as any, it is no lie.
  if (heads.includes(seen.heads.join(' + ') || 'base')) return null;
  return { recorded: seen.heads, nearest: [...new Set(heads)], distance: nearest[0]?.distance ?? 0 };
}

/** Throw-away databases on the server that a killed run left there. */
async function leftScratch({ dialect, connection }: Opened): Promise<readonly ScratchLeftover[]> {
  const { database } = dialect.scratch;
  if (database === null) return [];
  const { rows } = await connection.query(database.own);
  const names = rows.map((row) => textOf(row, 'name') ?? '');
  return leftoverScratch(names).map((one) => ({ ...one, drop: database.drop(one.name) }));
}

/** All that the checks look at. */
export async function checkInput(seen: Look, opened: Opened): Promise<CheckInput> {
  return {
    graph: seen.graph,
    heads: seen.heads,
    unknown: seen.unknown,
    past: seen.past,
    pending: seen.pending,
    entries: seen.entries,
    revisions: new Map(seen.revisions.map((one) => [one.header.id, one])),
    checksums: await allChecksums(seen),
    duplicates: duplicateChanges(seen, opened),
    drift: { differences: seen.drift, named: seen.named },
    namedPending: seen.namedPending,
    model: seen.models && {
      differences: seen.modelDifferences,
      named: seen.namedPending,
      unsupported: seen.models.unsupported,
    },
    live: seen.live,
    lock: await lockHolder(opened),
    deadQueries: await deadQueries(seen, opened),
    identified: identify(seen, opened),
    scratchDatabases: await leftScratch(opened),
  };
}

/** Server, history and models compared. Reads only; with `acceptEdit` the journal gets the new checksums first. */
export async function runCheck(project: Project, choices: CheckChoices): Promise<CheckedSides> {
  return await withSession(project, async (opened) => {
    for (const id of choices.acceptEdit ?? []) await acceptEdit(opened, project, id);
    const seen = await look(opened, project);
    const report = check(await checkInput(seen, opened));
    return choices.sides ? { ...report, sides: await bothSides(seen) } : report;
  });
}

/** The objects of which something differs, each whole. */
async function bothSides(seen: Look): Promise<Sides> {
  const { sidesOf } = await import('../report/sides.ts');
  const { drift: differences, heads: at, namedPending: named } = seen;
  const owners = new Set(partsOf(differences).map(({ owner }) => refKey(owner)));
  const shown = keepingOnly((ref) => owners.has(refKey(ref)));
  const [actual, expected] = [shown(seen.live), shown(seen.expected)];
  // What raw SQL does to the schema is not known: nothing can be said to differ.
  const wanted = seen.history.opaque.length > 0 ? actual : expected;
  return sidesOf({ server: { wanted, actual, differences }, models: null, history: wanted, at, named });
}

/** Journals that an edited revision is right as it is now. */
async function acceptEdit(opened: Opened, project: Project, id: string): Promise<void> {
  refuseReadOnly(opened);
  const seen = await look(opened, project);
  const revision = seen.written.find(({ header }) => header.id === id);
  if (!revision) {
    throw new SurefootError('revision/not-found', `revision ${id} is not applied here`, {
      details: { identifier: id },
      hint: '--accept-edit takes the id of an applied revision that was edited.',
    });
  }
  const lock = await takeLock(opened, project, {});
  try {
    await createTables(opened.store);
    const session = lockedSession(opened.store, lock, randomUUID());
    const { text, upgrade, downgrade } = toRecord(revision, revision.upgrade);
    const data = {
      heads: seen.heads,
      checksums: await checksumsOf(revision),
      text,
      operations: { upgrade, downgrade },
      reason: 'edit accepted',
      who: await whoOf(project, opened),
      tool: toolName,
    };
    await session.write([{ event: 'adopted', revision: id, direction: null, statement: null, data }]);
  } finally {
    await lock.release();
  }
}
