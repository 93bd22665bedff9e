// Revisions as lint reads them. In: loaded revisions. Out: what they compile to, and the schema before. Must not know rules.

import type { Dialect } from '../dialect/dialect.ts';
import type { LintedRevision } from '../lint/lint.ts';
import { arrange } from '../plan/arrange.ts';
import { outline } from '../plan/outline.ts';
import type { PlannedOperation } from '../plan/plan.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import type { Opened } from './open.ts';
import type { Project } from './project.ts';

/** What lint works with. */
export interface LintMeans {
  readonly project: Project;
  readonly graph: RevisionGraph;
  readonly dialect: Dialect;
  /** `null`: no server is asked. */
  readonly opened: Opened | null;
}

const planned = (operation: PlannedOperation['operation']): PlannedOperation => ({
  operation,
  standing: 'pending',
  description: '',
});

/** Each revision with its statements, and the schema before the first. */
export function compileAll(
  { project, dialect }: LintMeans,
  { below, path }: { readonly below: readonly LoadedRevision[]; readonly path: readonly LoadedRevision[] },
) {
  const outlined = outline({ direction: 'upgrade', path, applied: below, dialect, live: null });
  const standings = outlined.steps.map(({ operations }) =>
    operations.map(({ operation }) => planned(operation)),
  );
  const arranged = arrange(outlined, standings, {
    dialect,
    naming: project.naming(dialect),
    live: outlined.start,
  });
  const revisions = outlined.steps.map(
    ({ revision, operations }, i): LintedRevision => ({
      revision,
      operations: operations.map(({ operation }) => operation),
      segments: arranged.steps[i]?.segments ?? [],
    }),
  );
  return { revisions, start: outlined.start };
}
