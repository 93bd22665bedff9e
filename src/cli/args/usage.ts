import { SurefootError } from '../../kernel/errors.ts';

const usualHint = 'See `surefoot --help`, or --help behind the verb.';

/** The refusal of a command that was written wrongly. */
export function usageError(
  problem: string,
  argument: string,
  hint: string = usualHint,
): SurefootError<'usage/invalid'> {
  return new SurefootError('usage/invalid', problem, { details: { argument }, hint });
}
