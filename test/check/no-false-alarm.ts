// The law of no false alarm. A database whose schema somebody made; the revision that says the same, written to a file and read
// again; a check of one against the other: nothing. Then three changes by hand: exactly these.
// In: a loaded database, operations. Out: what was found. The expectation is replayed from the revision's text, never taken
// from what was introspected.

import { rmSync } from 'node:fs';
import { renderOperationsRevision } from '../../src/autogenerate/write-operations.ts';
import type { CheckReport, Finding } from '../../src/check/finding.ts';
import type { SurefootOptions } from '../../src/library/api.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import type { Operation } from '../../src/operations/operation.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { emptySchema } from '../../src/schema/schema.ts';
import type { TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import type { Change } from './three-changes.ts';
import { givenNames, unnamed } from './three-changes.ts';

export const first = 'aaaa';

/** A project with one revision: these operations, as the code that autogenerate writes. */
export function projectOf(operations: readonly Operation[]): TestProject {
  const project = testProject();
  const text = renderOperationsRevision({
    folder: project.folder,
    header: { id: first, revises: [], message: 'all', createdAt: null },
    before: emptySchema,
    upgrade: JSON.parse(JSON.stringify(operations)),
    downgrade: 'auto',
  });
  project.writeFile(`migrations/20240101000001_${first}_all.ts`, text);
  return project;
}

type Target = Pick<SurefootOptions, 'url' | 'connection' | 'scratchUrl'>;

/** What a check must never say of a schema that is what its history says. */
export const alarms = ({ findings }: CheckReport): readonly Finding[] =>
  findings.filter(
    ({ severity, code }) => severity === 'error' || (code.startsWith('drift/') && severity !== 'information'),
  );

/** Records the revision without running it, and checks. */
export async function checkAgainst(project: TestProject, target: Target): Promise<CheckReport> {
  const surefoot = createSurefoot({ ...target, projectFolder: project.folder });
  await surefoot.stamp(['heads'], { force: true });
  return await surefoot.check();
}

/** The changes that a check sees. */
export async function changesSeen(
  project: TestProject,
  target: Target,
  written: Schema,
): Promise<readonly Change[]> {
  const names = givenNames(written);
  const report = await createSurefoot({ ...target, projectFolder: project.folder }).check();
  return alarms(report)
    .map(({ code, object }) => {
      const side = code.replace(/^drift\/(\w+)-.*$/, '$1');
      const isNamed = (object?.kind !== 'constraint' && object?.kind !== 'index') || names.has(object.name);
      return JSON.stringify([
        side,
        object?.kind,
        object?.namespace ?? null,
        object?.table ?? null,
        side === 'missing' && !isNamed ? unnamed : object?.name,
      ]);
    })
    .sort();
}

export const removeProject = ({ folder }: TestProject): void =>
  rmSync(folder, { recursive: true, force: true });
