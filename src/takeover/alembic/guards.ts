// Tests of what is there. In: what they guard. Out: whether it can do without. Must not know Python.

import { canonicalJson } from '../../kernel/hash.ts';
import { roleOf } from '../../operations/apply.ts';
import type { Operation } from '../../operations/operation.ts';
import type { SchemaDraft } from '../../schema/draft.ts';
import { refKey } from '../../schema/schema.ts';

type Form = { readonly name: string | null };

const sameIn = <T extends Form>(list: readonly T[], wanted: T): boolean | null => {
  const found = list.find((one) => one.name === wanted.name);
  return found === undefined ? null : canonicalJson(found) === canonicalJson(wanted);
};

/** True: it is there in this very form; false: there is another one of that name; `null`: it is not there. */
function isThere(operation: Operation, draft: SchemaDraft): boolean | null {
  switch (operation.kind) {
    case 'createTable': {
      const found = draft.tables.get(refKey(operation.table));
      return found === undefined
        ? null
        : canonicalJson(found.columns) === canonicalJson(operation.table.columns);
    }
    case 'addColumn':
      return sameIn(draft.tables.get(refKey(operation.table))?.columns ?? [], operation.column);
    case 'createIndex':
      return sameIn(draft.tables.get(refKey(operation.table))?.indexes ?? [], operation.index);
    case 'addUnique':
      return sameIn(draft.tables.get(refKey(operation.table))?.uniques ?? [], operation.unique);
    case 'addForeignKey':
      return sameIn(draft.tables.get(refKey(operation.table))?.foreignKeys ?? [], operation.foreignKey);
    case 'addCheck':
      return sameIn(draft.tables.get(refKey(operation.table))?.checks ?? [], operation.check);
    case 'createEnum':
      return draft.enums.has(refKey(operation.enum)) ? true : null;
    default:
      return false;
  }
}

/**
 * `plain`: what is guarded are operations that make what is not there, or exactly what history has already.
 * `other`: the test decides.
 */
export function isGuardedWell(
  operations: readonly Operation[],
  {
    items,
    before,
    isKnown,
  }: { readonly items: number; readonly before: SchemaDraft; readonly isKnown: boolean },
): 'plain' | 'other' {
  if (operations.length === 0 || operations.length !== items) return 'other';
  const isPlain = (operation: Operation) =>
    isThere(operation, before) !== false || (!isKnown && roleOf(operation) === 'drop');
  return operations.every(isPlain) ? 'plain' : 'other';
}
