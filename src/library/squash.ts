// One revision in place of a range. In: a project, a range. Out: the revision, proved and written, or a refusal.
// Must not know how a stage is made, or how operations become text.

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Combination, Member } from '../autogenerate/squash-operations.ts';
import { combinations } from '../autogenerate/squash-operations.ts';
import type { OperationsRevision } from '../autogenerate/write-operations.ts';
import { writeOperationsRevision } from '../autogenerate/write-operations.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import { invariant } from '../kernel/invariant.ts';
import type { Operation } from '../operations/operation.ts';
import { replay } from '../plan/replay.ts';
import { relativeImports } from '../revisions/checksum.ts';
import { shownFile } from '../revisions/header.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import { readHeader, squashedFolder } from '../revisions/scan.ts';
import type { WrittenRevision } from '../revisions/write.ts';
import { draftSchema } from '../schema/draft.ts';
import type { Schema } from '../schema/schema.ts';
import type { SquashChoices, SquashResult } from './api.ts';
import type { Ground } from './ground.ts';
import { onGround } from './ground.ts';
import { learnHistory, taughtBy } from './learn.ts';
import { namespacesIn } from './namespaces.ts';
import type { Project } from './project.ts';
import { createProject } from './project.ts';
import { copyProblems } from './squash-copyable.ts';
import type { Comparison } from './squash-proof.ts';
import { compareChains } from './squash-proof.ts';
import type { SquashRange } from './squash-range.ts';
import { refuseNested, squashHeader, squashRange } from './squash-range.ts';

interface Work {
  readonly ground: Ground;
  readonly range: SquashRange;
  readonly choices: SquashChoices;
  /** All of the range and below it, with what was learned of raw SQL. */
  readonly taught: readonly LoadedRevision[];
  readonly members: readonly Member[];
  readonly before: Schema;
  readonly after: Schema;
}

/** Raw SQL stays as its author wrote it: what was learned of it here holds for this server. */
function asWritten(completed: readonly Operation[], written: LoadedRevision): readonly Operation[] {
  return completed.map((operation, i) => {
    const own = written.upgrade[i];
    return operation.kind === 'execute' && own?.kind === 'execute' ? own : operation;
  });
}

async function prepareWork(ground: Ground, range: SquashRange, choices: SquashChoices): Promise<Work> {
  const { opened, project } = ground;
  const { dialect } = opened;
  const all = [...range.below, ...range.ids];
  const written = await project.load(all, dialect);
  const problems = await copyProblems(
    written.filter(({ header }) => range.ids.includes(header.id)),
    dialect,
  );
  if (problems.length > 0) throw notCopyable(problems);
  const taught = written.map(
    taughtBy(await learnHistory(opened, project, { upgrades: written, downgrades: [] })),
  );
  const { revisions, draft } = replay(taught, { dialect, snapshotsOf: new Set() });
  const below = taught.filter(({ header }) => range.below.includes(header.id));
  const members = revisions.flatMap(({ revision, upgrade }, i): readonly Member[] => {
    const own = written[i];
    if (!own || !range.ids.includes(revision.header.id)) return [];
    return [{ id: own.header.id, upgrade: asWritten(upgrade, own), downgrade: own.downgrade }];
  });
  return {
    ...{ ground, range, choices, taught, members },
    before: draftSchema(replay(below, { dialect, snapshotsOf: new Set() }).draft),
    after: draftSchema(draft),
  };
}

function notCopyable(problems: readonly { readonly revision: string; readonly problem: string }[]) {
  const lines = problems.map(({ revision, problem }) => `${revision} ${problem}`);
  return new SurefootError('squash/not-copyable', `not everything can be carried over: ${lines.join('; ')}`, {
    details: { problems },
    hint: 'Choose a range without it: several squashes can stand side by side.',
  });
}

/** A revision that may take the place of the range: written beside it, where nobody looks. */
interface Candidate {
  readonly combination: Combination;
  readonly written: WrittenRevision;
  readonly comparison: Comparison;
}

function revisionOf(work: Work, combination: Combination, folder: string): OperationsRevision {
  const { range, choices, before, ground } = work;
  const { opened, project } = ground;
  const { dialect } = opened;
  const sql = choices.sql ? { dialect, naming: project.naming(dialect) } : undefined;
  const { upgrade, downgrade } = combination;
  const header = squashHeader(range, choices.message);
  return { folder, header, before, upgrade, downgrade, ...(sql ? { sql } : {}) };
}

async function tryOne(work: Work, combination: Combination, folder: string): Promise<Candidate> {
  const { ground, range, taught } = work;
  const { project, opened } = ground;
  const written = await writeOperationsRevision(revisionOf(work, combination, folder));
  const header = readHeader(written.text, written.file);
  invariant(header, 'the squashed revision reads back');
  const headers = await project.headers();
  const own = new Set(range.ids);
  const squashed = createProject(project.options, async () => [
    ...headers.filter(({ id }) => !own.has(id)),
    header,
  ]);
  const [loaded] = await squashed.load([header.id], opened.dialect);
  const comparison = await compareChains(
    opened,
    [
      { project: createProject(project.options, async () => headers), below: range.below, ids: range.ids },
      { project: squashed, below: range.below, ids: [header.id] },
    ],
    { goesBack: loaded?.downgrade.kind !== 'irreversible', namespaces: namespacesIn(taught) },
  );
  return { combination, written, comparison };
}

/** The first way that comes to the same; a way that cannot be written is none. */
async function findCandidate(work: Work, folder: string): Promise<Candidate> {
  let differences: readonly string[] = [];
  for (const combination of combinations(work)) {
    await rm(folder, { recursive: true, force: true });
    const candidate = await tryOne(work, combination, join(folder, combination.way)).catch(
      (error: unknown) => {
        if (combination.way === 'in-order' || !isSurefootError(error)) throw error;
        return null;
      },
    );
    if (candidate === null) continue;
    if (candidate.comparison.differences.length === 0) return candidate;
    differences = candidate.comparison.differences;
  }
  throw new SurefootError(
    'squash/not-proven',
    `the range and the one revision do not come to the same: ${differences.join('; ')}`,
    {
      details: { differences },
      hint: 'Nothing was written. `surefoot rehearse` shows where a revision of the range stops; a smaller range may do.',
    },
  );
}

/** A file to be moved, with its text as it has to be there. */
interface Move {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** Relative imports lead from one folder further down. */
export function fromBelow(text: string): string {
  return relativeImports(text).reduce((changed, specifier) => {
    const other = specifier.startsWith('./') ? `../${specifier.slice(2)}` : `../${specifier}`;
    return changed.replaceAll(`'${specifier}'`, `'${other}'`).replaceAll(`"${specifier}"`, `"${other}"`);
  }, text);
}

async function movesOf({ range }: Work): Promise<readonly Move[]> {
  return await Promise.all(
    range.ids.map(async (id): Promise<Move> => {
      const from = range.graph.nodes.get(id)?.header.file;
      invariant(from, 'a revision of the range has its file');
      const to = join(dirname(from), squashedFolder, basename(from));
      if (existsSync(to))
        throw new SurefootError('revision/exists', `${shownFile(to)} is there already`, {
          details: { file: to },
          hint: 'Give the revision of the range another file name.',
        });
      const text = await readFile(from, 'utf8');
      return { from, to, text: from.endsWith('.sql') ? text : fromBelow(text) };
    }),
  );
}

/** All or nothing: what was moved goes back where the rest cannot follow. */
async function put(moves: readonly Move[], from: string, to: string): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const move of moves) {
      await mkdir(dirname(move.to), { recursive: true });
      const original = await readFile(move.from);
      await rename(move.from, move.to);
      undo.unshift(async () => {
        await writeFile(move.to, original);
        await rename(move.to, move.from);
      });
      if (original.toString('utf8') !== move.text) await writeFile(move.to, move.text);
    }
    await rename(from, to);
  } catch (error) {
    for (const step of undo) await step();
    throw error;
  }
}

function notesOf({ range }: Work): readonly string[] {
  return range.ids.flatMap((id) => {
    const header = range.graph.nodes.get(id)?.header;
    if (!header) return [];
    const { tableLockTimeoutMs, tableLockRetries, importedAs } = header;
    const waits = tableLockTimeoutMs !== undefined || tableLockRetries !== undefined;
    return [
      ...(waits ? [`how long ${id} waits for locks`] : []),
      ...(importedAs !== undefined && id !== range.last.id ? [`the name ${importedAs} of ${id}`] : []),
    ];
  });
}

function resultOf(work: Work, { combination, written, comparison }: Candidate, moves: readonly Move[]) {
  const { range, members, ground, choices } = work;
  const { id, revises, message, replaces = [] } = squashHeader(range, choices.message);
  const { differences: _, ...proof } = comparison;
  return {
    ...{ id, revises, message, replaces },
    file: join(dirname(range.last.file), basename(written.file)),
    text: written.text,
    way: combination.way,
    operations: {
      before: members.reduce((sum, { upgrade }) => sum + upgrade.length, 0),
      after: combination.upgrade.length,
    },
    moved: moves.map(({ from, to }) => ({ from, to })),
    proof: { ...proof, server: ground.opened.facts.product },
    notes: notesOf(work),
    written: choices.dryRun !== true,
  };
}

/** Proves that one revision does what a range does, and puts it in its place. */
export async function squash(files: Project, choices: SquashChoices): Promise<SquashResult> {
  const range = squashRange(await files.graph(), choices.range);
  refuseNested(range, await files.originals());
  return await onGround(files, { ownOnly: false }, async (ground) => {
    const work = await prepareWork(ground, range, choices);
    const moves = await movesOf(work);
    // Beside the others, so that what it imports is found; a folder in there is no revision.
    const folder = join(dirname(range.last.file), `.squash-${randomUUID()}`);
    try {
      const candidate = await findCandidate(work, folder);
      const result = resultOf(work, candidate, moves);
      if (!result.written) return result;
      await put(moves, candidate.written.file, result.file);
      files.renew();
      return result;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
