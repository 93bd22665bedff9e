import type { SchemaDraft } from '../schema/draft.ts';
import type { Ref, Routine, Table, TableRef } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';
import type { Operation, OperationKind, OperationOf } from './operation.ts';

/** An object of a schema, by kind and name. */
export type ObjectRef =
  | { readonly kind: 'table' | 'enum' | 'view' | 'sequence'; readonly ref: Ref }
  | { readonly kind: 'trigger'; readonly table: TableRef; readonly name: string }
  | {
      readonly kind: 'routine';
      readonly routine: Ref & { readonly kind: Routine['kind']; readonly signature: string };
    }
  | { readonly kind: 'namespace'; readonly name: string };

/**
 * What an operation does to the objects it touches: it makes something (whether or not it is there already), takes
 * something away, changes something that stays, or leaves the schema alone.
 */
export type Role = 'create' | 'drop' | 'alter' | 'data';

/** All that one kind of operation knows of itself. Each kind is one file. */
export interface OperationHandler<K extends OperationKind> {
  readonly role: Role;
  /** The schema afterwards. What is missing is passed over: the plan has compared both sides by then. */
  apply(draft: SchemaDraft, operation: OperationOf<K>): void;
  /** What undoes it, in order; `null`: nothing can. */
  invert(operation: OperationOf<K>): readonly Operation[] | null;
  /** In words, for people: starts with a verb in the imperative. */
  describe(operation: OperationOf<K>): string;
  /** The objects that it may change. */
  touches(operation: OperationOf<K>): readonly ObjectRef[];
  /** Fills the sides that its author did not write, from the schema before. */
  complete?(operation: OperationOf<K>, before: SchemaDraft): OperationOf<K>;
}

/** The object reference of a table. */
export function tableObject(ref: TableRef): ObjectRef {
  return { kind: 'table', ref: { namespace: ref.namespace, name: ref.name } };
}

/** Replaces a table of the draft by what the function makes of it; nothing where it is missing. */
export function changeTable(draft: SchemaDraft, ref: TableRef, change: (table: Table) => Table): void {
  const table = draft.tables.get(refKey(ref));
  if (table) draft.tables.set(refKey(ref), change(table));
}

/** The list without what matches, and with the given part at the end (at the place of the first match, if any). */
export function replacePart<T>(list: readonly T[], matches: (part: T) => boolean, part: T): readonly T[] {
  const place = list.findIndex(matches);
  const rest = list.filter((one) => !matches(one));
  return place < 0 ? [...rest, part] : [...rest.slice(0, place), part, ...rest.slice(place)];
}
