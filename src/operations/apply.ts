// What operations do to a schema, and what undoes them: pure folds over the handlers of all kinds.
// In: Schema, Operation. Out: Schema, Operation[]. Must not know a dialect or a database.

import type { SchemaDraft } from '../schema/draft.ts';
import { closeDraft, openDraft } from '../schema/draft.ts';
import type { Schema } from '../schema/schema.ts';
import type { ObjectRef, OperationHandler, Role } from './handler.ts';
import { handlers } from './handlers.ts';
import type { Operation, OperationKind } from './operation.ts';

function handlerOf(operation: Operation): OperationHandler<OperationKind> {
  return handlers[operation.kind] as unknown as OperationHandler<OperationKind>;
}

/** Changes the draft as the operation changes a schema. */
export function applyTo(draft: SchemaDraft, operation: Operation): void {
  handlerOf(operation).apply(draft, operation);
  if (operation.kind === 'execute' || operation.kind === 'run') applyAll(draft, operation.effect ?? []);
}

/** Changes the draft by each operation in turn. */
export function applyAll(draft: SchemaDraft, operations: readonly Operation[]): void {
  for (const operation of operations) applyTo(draft, operation);
}

/** The schema after one operation. */
export function apply(schema: Schema, operation: Operation): Schema {
  const draft = openDraft(schema);
  applyTo(draft, operation);
  return closeDraft(draft);
}

/** What undoes an operation, in order; `null`: nothing can. */
export function invert(operation: Operation): readonly Operation[] | null {
  const inverse = handlerOf(operation).invert(operation);
  if (operation.kind !== 'execute' || operation.effect === null || inverse === null) return inverse;
  // What undoes the statement undoes its effect, with its last statement.
  const effect = invertAll(operation.effect);
  return inverse.map((one, i) =>
    one.kind === 'execute' ? { ...one, effect: i === inverse.length - 1 ? effect : [] } : one,
  );
}

/** What undoes all of them: each undone, the last first; `null`: one of them cannot be. */
export function invertAll(operations: readonly Operation[]): readonly Operation[] | null {
  const inverses = operations.toReversed().map(invert);
  return inverses.every((inverse) => inverse !== null) ? inverses.flat() : null;
}

/** The operation in words. */
export function describe(operation: Operation): string {
  return handlerOf(operation).describe(operation);
}

/** What the operation does to the objects it touches. */
export function roleOf(operation: Operation): Role {
  return handlerOf(operation).role;
}

/** The objects that the operation may change. */
export function touches(operation: Operation): readonly ObjectRef[] {
  return handlerOf(operation).touches(operation);
}

/** The operation with the sides that its author left out, taken from the schema before it. */
export function complete(operation: Operation, before: SchemaDraft): Operation {
  if (operation.kind === 'execute' && operation.effect !== null) {
    return { ...operation, effect: completeEffect(operation.effect, before) };
  }
  return handlerOf(operation).complete?.(operation, before) ?? operation;
}

function completeEffect(effect: readonly Operation[], before: SchemaDraft): readonly Operation[] {
  const draft = openDraft(closeDraft(before));
  return completeAndApply(effect, draft);
}

/** Completes each operation against the draft and applies it there. */
export function completeAndApply(operations: readonly Operation[], draft: SchemaDraft): readonly Operation[] {
  return operations.map((operation) => {
    const completed = complete(operation, draft);
    applyTo(draft, completed);
    return completed;
  });
}
