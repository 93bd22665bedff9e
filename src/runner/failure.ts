import { messageOf } from '../kernel/errors.ts';

/** A statement that failed, with its place. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly statement: number | null;
  readonly sql: string | null;

  constructor(place: { readonly statement: number | null; readonly sql: string | null }, cause: unknown) {
    super(messageOf(cause), { cause });
    this.statement = place.statement;
    this.sql = place.sql;
  }
}

/** Why it failed, wherever. */
export function causeOf(error: unknown): unknown {
  return error instanceof StepFailure ? error.cause : error;
}
