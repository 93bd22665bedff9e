// The names that statements set. In: Python. Out: names. Must not know their values.

import type { Expression, Statement } from '../python/tree.ts';

function namesOfTarget(target: Expression): readonly string[] {
  if (target.kind === 'name') return [target.name];
  return target.kind === 'sequence' ? target.items.flatMap(({ value }) => namesOfTarget(value)) : [];
}

/** The names that a statement may set. */
export function assignedBy(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case 'assign':
      return statement.targets.flatMap(namesOfTarget);
    case 'update':
      return namesOfTarget(statement.target);
    case 'if':
      return [...statement.yes, ...statement.no].flatMap(assignedBy);
    case 'for':
      return [...namesOfTarget(statement.target), ...statement.body.flatMap(assignedBy)];
    case 'class':
      return [statement.name];
    case 'with':
    case 'try':
      return statement.body.flatMap(assignedBy);
    default:
      return [];
  }
}
