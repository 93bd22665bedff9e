import { check } from '../check/check.ts';
import type { Point } from '../check/identify.ts';
import { pointsOfHistory } from '../check/identify.ts';
import { compareParts } from '../diff/compare.ts';
import { SurefootError } from '../kernel/errors.ts';
import { isDataStep } from '../plan/data-steps.ts';
import { namedParts, partsOf, settledDifferences } from '../plan/drift.ts';
import { completeIn, replay } from '../plan/replay.ts';
import { appliedFrom, inOrder } from '../revisions/graph.ts';
import { draftSchema, openDraft } from '../schema/draft.ts';
import { emptySchema } from '../schema/schema.ts';
import type { RepairChoices, RepairResult } from './api.ts';
import { checkInput } from './check.ts';
import type { Look } from './look.ts';
import { look } from './look.ts';
import type { Opened } from './open.ts';
import type { Project } from './project.ts';
import { inWorkshop, unchanged } from './repair.ts';
import { writeStamp } from './stamp.ts';

/** True if the server has exactly what history describes there, and besides only what history never named. */
async function isExactly(point: Point, seen: Look, opened: Opened): Promise<boolean> {
  const { dialect } = opened;
  const ids = new Set(inOrder(seen.graph, appliedFrom(seen.graph, point.heads)));
  const revisions = seen.revisions.filter(({ header }) => ids.has(header.id));
  const { draft } = replay(revisions, { dialect, snapshotsOf: new Set() });
  const differences = await settledDifferences(
    dialect.normalize(draftSchema(draft)),
    seen.live,
    seen.spelling,
  );
  const named = namedParts(seen.revisions, dialect, partsOf(differences));
  return differences.every(
    ({ kind, actual }) => kind === 'extra' && actual !== null && !named.has(actual.key),
  );
}

async function exactPoints(
  seen: Look,
  opened: Opened,
): Promise<{ readonly all: readonly Point[]; readonly exact: readonly Point[] }> {
  const all = pointsOfHistory({
    graph: seen.graph,
    revisions: seen.revisions,
    dialect: opened.dialect,
    live: seen.live,
    equal: (wanted, found) => compareParts(wanted, found) !== 'different',
  });
  const exact: Point[] = [];
  for (const point of all)
    if (point.distance === 0 && (await isExactly(point, seen, opened))) exact.push(point);
  return { all, exact };
}

/** True if a data step lies between the first and the last of them: then the schema cannot tell which it is. */
function dataBetween(points: readonly Point[], seen: Look, opened: Opened): boolean {
  const reached = (point: Point | undefined) => appliedFrom(seen.graph, point?.heads ?? []);
  const [first, last] = [reached(points[0]), reached(points.at(-1))];
  const draft = openDraft(emptySchema);
  return seen.revisions
    .filter(({ header }) => last.has(header.id) && !first.has(header.id))
    .some(({ upgrade }) =>
      upgrade.some((operation) => isDataStep(completeIn(operation, draft, opened.dialect))),
    );
}

function choose(
  points: { readonly all: readonly Point[]; readonly exact: readonly Point[] },
  seen: Look,
  means: { readonly opened: Opened; readonly at: string | undefined },
): Point {
  const { exact, all } = points;
  const names = exact.map(({ heads }) => heads.join(' + ') || 'base');
  if (means.at !== undefined) {
    const chosen = exact.find(
      ({ heads }) => heads.join(' + ') === means.at || (heads.length === 0 && means.at === 'base'),
    );
    if (chosen) return chosen;
  }
  const last = exact.at(-1);
  if (!last || means.at !== undefined) throw notIdentified(all, means.at);
  if (exact.length > 1 && dataBetween(exact, seen, means.opened)) {
    throw new SurefootError(
      'repair/several-identified',
      `several revisions have this schema, and data steps lie between them: ${names.join(', ')}`,
      {
        details: { revisions: names },
        hint: 'Say which it is: `surefoot repair --restamp --at <revision>`.',
      },
    );
  }
  return last;
}

function notIdentified(points: readonly Point[], at: string | undefined): SurefootError {
  const distance = Math.min(...points.map((point) => point.distance));
  const nearest = points
    .filter((point) => point.distance === distance)
    .map(({ heads }) => heads.join(' + ') || 'base');
  const message =
    at === undefined
      ? 'no revision has the schema that the server has'
      : `the server does not have the schema of ${at}`;
  return new SurefootError(
    'repair/not-identified',
    `${message}; nearest is ${nearest.join(', ')}, with ${distance} differences`,
    {
      details: { nearest, distance },
      hint: '`surefoot check` shows the differences; `surefoot repair` brings the server to the recorded revision.',
    },
  );
}

/** The recorded revision is wrong: sets it to the one whose schema the server has. */
export async function restamp(files: Project, choices: RepairChoices): Promise<RepairResult> {
  return await inWorkshop(files, choices, async ({ opened, project, session, seen }) => {
    const point = choose(await exactPoints(seen, opened), seen, { opened, at: choices.at });
    await writeStamp({ opened, project, session }, seen.heads, [...point.heads].sort());
    const after = await look(opened, project);
    return { ...unchanged, report: check(await checkInput(after, opened)) };
  });
}
