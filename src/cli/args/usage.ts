import { SurefootError } from '../../kernel/errors.ts';

/** The refusal of a command that was written wrongly. */
export function usageError(problem: string, argument: string, hint?: string): SurefootError<'usage/invalid'> {
  const facts = { details: { argument } };
  return new SurefootError('usage/invalid', problem, hint === undefined ? facts : { ...facts, hint });
}
