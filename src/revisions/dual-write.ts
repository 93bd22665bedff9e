// Two columns kept alike while two releases run.
// In: what an author says. Out: operations, in the words of a family. Must not know which family it is.

import type { DualWrite, MakeDualWrite } from '../dialect/dual-write.ts';
import { SurefootError } from '../kernel/errors.ts';
import { hashText } from '../kernel/hash.ts';
import type { Operation } from '../operations/operation.ts';
import { displayRef, toRef } from '../schema/schema.ts';
import type { DualWriteOptions } from './operation-builder.ts';

/** Room for what a family puts behind it, within the shortest limit of all. */
const longest = 48;

function usualName(table: string, to: string): string {
  const name = `dual_${table}_${to}`;
  return name.length <= longest ? name : `${name.slice(0, longest - 9)}_${hashText(name).slice(0, 8)}`;
}

function requestOf({ table, from, to, forward, back, name }: DualWriteOptions): DualWrite {
  const ref = toRef(table);
  return {
    table: ref,
    from,
    to,
    forward: forward ?? null,
    back: back ?? null,
    name: name ?? usualName(ref.name, to),
  };
}

/** What makes the triggers. */
export function dualWrite(options: DualWriteOptions, make: MakeDualWrite | undefined): readonly Operation[] {
  const request = requestOf(options);
  if (make) return make(request);
  throw new SurefootError(
    'operation/unsupported',
    `${displayRef(request.table)}.${request.to} cannot be kept like ${request.from} here: a trigger of this database cannot change the row that is written`,
    {
      details: { operation: 'dualWrite', dialect: '' },
      hint: 'Write both columns in the application while two releases run.',
    },
  );
}

/** What takes them away again, last first. */
export function dropDualWrite(
  options: DualWriteOptions,
  make: MakeDualWrite | undefined,
): readonly Operation[] {
  return dualWrite(options, make)
    .toReversed()
    .flatMap((operation): readonly Operation[] => {
      if (operation.kind === 'createTrigger') {
        const { table, name } = operation.trigger;
        return [{ kind: 'dropTrigger', table, trigger: name, was: null }];
      }
      if (operation.kind !== 'createRoutine') return [];
      const { namespace, name, kind, signature } = operation.routine;
      return [{ kind: 'dropRoutine', routine: { namespace, name, kind, signature }, was: null }];
    });
}
