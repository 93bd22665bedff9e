import { invariant } from '../kernel/invariant.ts';
import type {
  Enum,
  Ref,
  Routine,
  Schema,
  Sequence,
  Table,
  TableRef,
  Trigger,
  UnsupportedObject,
  View,
} from './schema.ts';
import { refKey } from './schema.ts';

/**
 * A schema opened for a fold of operations: the same readonly parts, held in maps by their key.
 * Parts are replaced, never changed, so that a table taken from a draft stays what it was.
 */
export interface SchemaDraft {
  readonly namespaces: Set<string>;
  readonly enums: Map<string, Enum>;
  readonly sequences: Map<string, Sequence>;
  readonly tables: Map<string, Table>;
  readonly views: Map<string, View>;
  readonly routines: Map<string, Routine>;
  readonly triggers: Map<string, Trigger>;
  unsupported: readonly UnsupportedObject[];
}

export function routineKey(routine: Ref & { readonly kind: string; readonly signature: string }): string {
  return `${routine.kind}\u0000${refKey(routine)}\u0000${routine.signature}`;
}

export function triggerKey(trigger: { readonly table: TableRef; readonly name: string }): string {
  return `${refKey(trigger.table)}\u0001${trigger.name}`;
}

function mapBy<T>(values: readonly T[], key: (value: T) => string): Map<string, T> {
  return new Map(values.map((value) => [key(value), value]));
}

/** Opens a schema for changes. The schema itself stays as it is. */
export function openDraft(schema: Schema): SchemaDraft {
  return {
    namespaces: new Set(schema.namespaces),
    enums: mapBy(schema.enums, refKey),
    sequences: mapBy(schema.sequences, refKey),
    tables: mapBy(schema.tables, refKey),
    views: mapBy(schema.views, refKey),
    routines: mapBy(schema.routines, routineKey),
    triggers: mapBy(schema.triggers, triggerKey),
    unsupported: schema.unsupported,
  };
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly T[] {
  return [...map.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

/** The draft as a schema, every list sorted by key, so that equal schemas give equal JSON. */
export function closeDraft(draft: SchemaDraft): Schema {
  return {
    namespaces: [...draft.namespaces].sort(),
    enums: sorted(draft.enums),
    sequences: sorted(draft.sequences),
    tables: sorted(draft.tables),
    views: sorted(draft.views),
    routines: sorted(draft.routines),
    triggers: sorted(draft.triggers),
    unsupported: draft.unsupported,
  };
}

/** The table of that reference; an invariant, for callers who made sure that it is there. */
export function draftTable(draft: SchemaDraft, ref: TableRef): Table {
  const table = draft.tables.get(refKey(ref));
  invariant(table, `table ${refKey(ref)} is not in the draft`);
  return table;
}
