import { SurefootError } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/hash.ts';
import type { Direction, Plan } from '../plan/plan.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import type { KnownPast } from './past.ts';

// A plan made before is not run as it stands in its file: it is made again, from the same revisions and choices, and must
// come out the same. So nothing runs that the database and the files do not bear out today.

function stale(problem: string): SurefootError {
  return new SurefootError('plan/stale', `the plan does not hold any more: ${problem}`, {
    details: { problem },
    hint: 'Make and review a new one with `surefoot plan --out FILE`.',
  });
}

/** Refuses a plan that leads the other way. */
export function refuseOtherDirection(given: Plan, direction: Direction): void {
  if (given.direction === direction) return;
  throw new SurefootError(
    'usage/invalid',
    `the plan is for ${nounOf(given.direction)}, not ${nounOf(direction)}`,
    {
      details: { argument: 'fromPlan' },
      hint: `Run it with \`surefoot ${given.direction} --from-plan FILE\`.`,
    },
  );
}

const nounOf = (direction: Direction): string => (direction === 'upgrade' ? 'an upgrade' : 'a downgrade');

/** The revisions of a plan made before, in its order; refuses where they cannot run any more. */
export function pathOfPlan(given: Plan, graph: RevisionGraph, past: KnownPast): readonly string[] {
  if (canonicalJson(given.heads.before) !== canonicalJson(past.heads))
    throw stale('the recorded revisions have changed since');
  const applied = new Set(past.applied);
  for (const { revision } of given.steps) {
    const node = graph.nodes.get(revision);
    if (node === undefined) throw stale(`revision ${revision} is gone`);
    const isNext =
      given.direction === 'upgrade'
        ? !applied.has(revision) && node.needs.every((id) => applied.has(id))
        : applied.has(revision) && !node.neededBy.some((id) => applied.has(id));
    if (!isNext) throw stale(`revision ${revision} has another place in history now`);
    if (given.direction === 'upgrade') applied.add(revision);
    else applied.delete(revision);
  }
  return given.steps.map(({ revision }) => revision);
}

function differenceOf(plan: Plan, given: Plan): string | null {
  if (given.flavor !== plan.flavor) return `it was made for ${given.flavor}, and this is ${plan.flavor}`;
  if (given.expects !== plan.expects) return 'the schema has changed since';
  if (canonicalJson(given.heads) !== canonicalJson(plan.heads))
    return 'the recorded revisions have changed since';
  const isSame = canonicalJson(given.steps) === canonicalJson(plan.steps);
  return isSame ? null : 'the revisions have changed since';
}

/** Refuses unless the plan made now is the one that was given. */
export function refuseOtherPlan(plan: Plan, given: Plan): void {
  const problem = differenceOf(plan, given);
  if (problem !== null) throw stale(problem);
}
