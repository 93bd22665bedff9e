// Revisions, practised one after the other.
// In: subjects in order, the stage before the first. Out: results. Must not know how a stage is made.

import type { RehearsalResult, Stage } from './rehearsal.ts';
import { cameThrough, rehearseRevision } from './rehearse-revision.ts';
import { deadQueries } from './selects.ts';
import type { Subject } from './subject.ts';

/** Called after each revision, with what came out. */
export type OnRehearsed = (revision: string, results: readonly RehearsalResult[]) => void;

const notReached = (revision: string, obstacle: string): RehearsalResult => ({
  test: 'both-ways',
  revision,
  status: 'skipped',
  detail: `not reached: the upgrade of ${obstacle} stops`,
  facts: [],
  ms: 0,
});

/** Of the user's queries those that a revision can kill: that run right before it. */
async function livingQueries({ oldQueries }: Subject, stage: Stage): Promise<readonly string[] | null> {
  if (oldQueries === null) return null;
  const dead = new Set((await deadQueries(oldQueries, stage)).map(({ sql }) => sql));
  return oldQueries.filter((sql) => !dead.has(sql));
}

/** Queries that ran nowhere say nothing of any revision: something is wrong with them. */
async function neverAlive(
  queries: readonly string[],
  lived: ReadonlySet<string>,
  stage: Stage,
): Promise<readonly RehearsalResult[]> {
  const dead = await deadQueries(
    queries.filter((sql) => !lived.has(sql)),
    stage,
  );
  if (dead.length === 0) return [];
  const detail = `${dead.length} of ${queries.length} queries of the running release run before no revision, nor at the end`;
  const facts = dead.map(({ sql, message }) => `${sql}: ${message}`);
  return [{ test: 'old-queries', revision: null, status: 'failed', detail, facts, ms: 0 }];
}

/** Practises revisions, parents first. Where an upgrade stops, nothing after it can be tried. */
export async function rehearseAll(
  subjects: readonly Subject[],
  stage: Stage,
  onRehearsed: OnRehearsed,
): Promise<readonly RehearsalResult[]> {
  const all: RehearsalResult[] = [];
  const lived = new Set<string>();
  let obstacle: string | null = null;
  for (const subject of subjects) {
    const living = obstacle === null ? await livingQueries(subject, stage) : null;
    for (const sql of living ?? []) lived.add(sql);
    const results: readonly RehearsalResult[] =
      obstacle === null
        ? await rehearseRevision({ ...subject, oldQueries: living }, stage)
        : [notReached(subject.id, obstacle)];
    if (obstacle === null && !cameThrough(results)) obstacle = subject.id;
    all.push(...results);
    onRehearsed(subject.id, results);
  }
  const given = subjects.at(-1)?.oldQueries ?? [];
  if (obstacle === null) all.push(...(await neverAlive(given, lived, stage)));
  return all;
}
