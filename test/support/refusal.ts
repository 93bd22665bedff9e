import { expect } from 'vitest';
import type { ErrorCode, SurefootError } from '../../src/kernel/errors.ts';
import { isSurefootError } from '../../src/kernel/errors.ts';

/** Expects a refusal of that code, with a hint, and gives it. */
export async function refusal<C extends ErrorCode>(
  promise: Promise<unknown>,
  code: C,
): Promise<SurefootError<C>> {
  const error = await promise.then(
    (value) => ({ code: 'nothing was refused', value }),
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code });
  if (!isSurefootError(error, code)) throw error;
  expect(error.hint).toBeTruthy();
  return error;
}
