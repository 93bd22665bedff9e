import { usualQueryHint } from '../kernel/errors.ts';

/** Why a server refused a statement, as far as that tells what to do. */
export type QueryProblem =
  | 'not-allowed'
  | 'not-there'
  | 'there-already'
  | 'rows'
  | 'busy'
  | 'syntax'
  | 'damaged';

const hints: Readonly<Record<QueryProblem, string>> = {
  'not-allowed': 'Grant this user the right to do that, or take a user who has it.',
  'not-there': 'Check its spelling, and that what makes it comes before.',
  'there-already':
    'Something of that name is there already: `surefoot check` shows what differs from history.',
  rows: 'Rows stand in its way: correct them first, if need be in a data step before it.',
  busy: 'Another session was in its way: wait until that one is through.',
  syntax: 'Correct the SQL at the place that the server names.',
  damaged: 'The data is damaged: restore a backup, or let the tools of the server repair it.',
};

/** What to do about it. */
export function queryHint(problem: QueryProblem | null): string {
  return problem === null ? usualQueryHint : hints[problem];
}
