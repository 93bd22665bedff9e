// What lint finds in a plan. In: a plan as prepared, a session. Out: findings by operation. Must not know the rules.

import type { LintedRevision } from '../lint/lint.ts';
import { lintForFixes } from '../lint/lint.ts';
import { rules } from '../lint/rules/index.ts';
import { defaultLimits, rowsOf } from '../lint/sizes.ts';
import { openDraft } from '../schema/draft.ts';
import type { LintedPlan, PlanFinding } from './lint-choices.ts';
import type { Opened } from './open.ts';
import type { Prepared } from './prepare.ts';
import type { Project } from './project.ts';
import { readStatistics } from './stats.ts';

/** The steps as lint reads them: only what is pending is carried out. */
function lintedSteps({ plan, path }: Prepared): readonly LintedRevision[] {
  return plan.steps.flatMap(({ revision: id, operations, segments }) => {
    const revision = path.find(({ header }) => header.id === id);
    const skipped = new Set(operations.flatMap(({ standing }, i) => (standing === 'pending' ? [] : [i])));
    return revision
      ? [{ revision, operations: operations.map(({ operation }) => operation), segments, skipped }]
      : [];
  });
}

/** The plan with its findings: comments and config silence rules as they do in lint, sizes are the server's. */
export async function lintedPlan(prepared: Prepared, opened: Opened, project: Project): Promise<LintedPlan> {
  const { plan, live } = prepared;
  if (plan.direction === 'downgrade') return plan;
  const steps = lintedSteps(prepared);
  if (steps.every(({ operations, skipped }) => operations.length === skipped?.size))
    return { ...plan, findings: [] };
  const { dialect } = opened;
  const { rules: settings = {}, tableSizes = {} } = project.options.lint ?? {};
  const found = lintForFixes(steps, openDraft(live), {
    rules,
    settings,
    traits: dialect.traits,
    syntax: dialect.syntax,
    usesOf: () => [],
    rowsOf: rowsOf(await readStatistics(opened)),
    limits: { ...defaultLimits, ...tableSizes },
    plan: 'all',
  });
  // A comment that silences nothing here may silence something elsewhere: that is for lint to say.
  const own = found.filter(({ position }) => position >= 0);
  return { ...plan, findings: own.map(({ finding, position }): PlanFinding => ({ ...finding, position })) };
}
