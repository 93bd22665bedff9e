// Revisions, practised one after the other.
// In: subjects in order, the stage before the first. Out: results. Must not know how a stage is made.

import type { RehearsalResult, Stage } from './rehearsal.ts';
import { cameThrough, rehearseRevision } from './rehearse-revision.ts';
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

/** Practises revisions, parents first. Where an upgrade stops, nothing after it can be tried. */
export async function rehearseAll(
  subjects: readonly Subject[],
  stage: Stage,
  onRehearsed: OnRehearsed,
): Promise<readonly RehearsalResult[]> {
  const all: RehearsalResult[] = [];
  let obstacle: string | null = null;
  for (const subject of subjects) {
    const results: readonly RehearsalResult[] =
      obstacle === null ? await rehearseRevision(subject, stage) : [notReached(subject.id, obstacle)];
    if (obstacle === null && !cameThrough(results)) obstacle = subject.id;
    all.push(...results);
    onRehearsed(subject.id, results);
  }
  return all;
}
