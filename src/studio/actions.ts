// What can be done by button. In: a desk. Out: what came of it, as text. Must not know requests.

import { hasErrors } from '../check/check.ts';
import type { CheckReport } from '../check/finding.ts';
import type { RunResult } from '../library/api.ts';
import type { LintedPlan } from '../library/lint-choices.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { hasFailed } from '../rehearsal/rehearsal.ts';
import type { Desk } from './desk.ts';

export interface Action {
  /** True: the token has to be given. */
  readonly changes: boolean;
  run(desk: Desk): Promise<string>;
}

export type ActionName = 'plan' | 'check' | 'rehearse' | 'upgrade';

function planText({ steps, heads, findings = [], losses }: LintedPlan): string {
  if (steps.length === 0)
    return `Nothing to do: the database stands at ${heads.before.join(', ') || 'base'}.`;
  const told = steps.map(({ revision, direction, message, operations, segments }) => {
    const lines = operations.map(({ standing, description }) => `  ${standing.padEnd(9)} ${description}`);
    const sql = segments.flatMap(({ statements }) =>
      statements.map((one) => `    ${one.sql.replaceAll('\n', '\n    ')};`),
    );
    const own = findings.filter((one) => one.revision === revision);
    const hazards = own.map(({ severity, rule, message: words }) => `  ${severity} ${rule}: ${words}`);
    return [`${direction} ${revision} ${message}`, ...lines, ...hazards, ...sql].join('\n');
  });
  const lost = losses.map(({ subject, count }) => `Would be lost: ${subject} (${count})`);
  return [...told, ...lost].join('\n\n');
}

function checkText({ findings, heads }: CheckReport): string {
  const lines = findings.map(
    ({ severity, code, message, cure }) => `${severity} ${code}\n  ${message}\n  cure: ${cure}`,
  );
  const end = hasErrors(findings) ? 'There are errors.' : 'Nothing to mend.';
  return [...lines, `At ${heads.join(', ') || 'base'}. ${end}`].join('\n\n');
}

function rehearsalText(rehearsal: Rehearsal): string {
  const { results, server, place } = rehearsal;
  const lines = results.map(
    ({ status, test, revision, detail }) =>
      `${status.padEnd(12)} ${test}${revision === null ? '' : ` ${revision}`}: ${detail}`,
  );
  return [
    ...lines,
    `${hasFailed(rehearsal) ? 'Something failed' : 'Nothing failed'}: ${server}, ${place}.`,
  ].join('\n');
}

function runText({ finished, failed, heads, remaining }: RunResult): string {
  const lines = finished.map(
    ({ revision, direction, statements, satisfied, ms }) =>
      `${direction} ${revision}: ${statements} statements, ${satisfied} there already, ${Math.round(ms)} ms`,
  );
  const stopped = failed === null ? [] : [`Stopped at ${failed.revision}: ${failed.message}`, failed.hint];
  const left = remaining.length === 0 ? [] : [`Not done: ${remaining.join(', ')}`];
  return [...lines, ...stopped, ...left, `The database stands at ${heads.join(', ') || 'base'}.`].join('\n');
}

/** Each by its name. */
export const actions: Readonly<Record<ActionName, Action>> = {
  plan: {
    changes: false,
    run: async ({ open }) => planText(await (await open({ writes: false })).plan('heads', { lint: true })),
  },
  check: {
    changes: false,
    run: async ({ open }) => checkText(await (await open({ writes: false })).check()),
  },
  rehearse: {
    changes: false,
    run: async ({ open, keepRehearsal, news }) => {
      const rehearsal = await (await open({ writes: false })).rehearse();
      keepRehearsal(rehearsal);
      news.renew();
      return rehearsalText(rehearsal);
    },
  },
  upgrade: {
    changes: true,
    // What would destroy values is for a terminal, where somebody can be asked.
    run: async ({ open }) => {
      const confirm = ({ losses }: LintedPlan) => losses.length === 0;
      const result = await (await open({ writes: true })).upgrade('heads', { confirm });
      if (!result.confirmed)
        return 'Nothing was changed: the plan would destroy values. Run `surefoot upgrade` in a terminal.';
      return runText(result);
    },
  },
};
