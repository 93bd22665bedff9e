// Revisions practised on a fresh database. In: an engine, revisions. Out: the results.

import type { RehearsalChoices } from '../../src/library/rehearsal-choices.ts';
import type { RehearsalResult } from '../../src/rehearsal/rehearsal.ts';
import { type Engine, freshDatabase } from '../servers/index.ts';
import { type RevisionText, testProject } from '../support/revisions.ts';

export async function rehearsed(
  engine: Engine,
  revisions: readonly RevisionText[],
  choices: RehearsalChoices = {},
): Promise<readonly RehearsalResult[]> {
  using project = testProject(...revisions);
  const database = await freshDatabase(engine);
  try {
    return (await project.surefoot({ url: database.url }).rehearse(choices)).results;
  } finally {
    await database.drop();
  }
}
