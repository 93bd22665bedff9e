/** Fails when Surefoot itself is wrong. Never used for what a user or a server can cause. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Ends an exhaustive switch: the compiler names the forgotten case. */
export function unreachable(value: never): never {
  throw new InvariantError(`unexpected value ${JSON.stringify(value)}`);
}

/** A bug of Surefoot. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}
