import { handlers } from './handlers.ts';
import type { Operation } from './operation.ts';

/** True for what has the kind of an operation; its other members are taken on trust. */
export function isOperation(value: unknown): value is Operation {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  return typeof value.kind === 'string' && Object.hasOwn(handlers, value.kind);
}
