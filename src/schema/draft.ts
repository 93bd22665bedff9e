import { invariant } from '../kernel/invariant.ts';
import { PartMap } from './part-map.ts';
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
  readonly enums: PartMap<Enum>;
  readonly sequences: PartMap<Sequence>;
  readonly tables: PartMap<Table>;
  readonly views: PartMap<View>;
  readonly routines: PartMap<Routine>;
  readonly triggers: PartMap<Trigger>;
  unsupported: readonly UnsupportedObject[];
  /** What a renaming puts around a name that needs quotes, in a text that had none. */
  readonly quote: QuoteMark;
}

export type QuoteMark = '"' | '`';

export function routineKey(routine: Ref & { readonly kind: string; readonly signature: string }): string {
  return `${routine.kind}\u0000${refKey(routine)}\u0000${routine.signature}`;
}

export function triggerKey(trigger: { readonly table: TableRef; readonly name: string }): string {
  return `${refKey(trigger.table)}\u0001${trigger.name}`;
}

function mapBy<T>(values: readonly T[], key: (value: T) => string): PartMap<T> {
  return new PartMap(values.map((value) => [key(value), value] as const));
}

/** Schemas that were drafts, with what they were. */
const drafts = new WeakMap<Schema, SchemaDraft>();
/** Those whose texts are quoted otherwise than with `"`. */
const quotes = new WeakMap<Schema, QuoteMark>();

/** Opens a schema for changes. The schema itself stays as it is. */
export function openDraft(schema: Schema, quote?: QuoteMark): SchemaDraft {
  const known = drafts.get(schema);
  if (known) return quote === undefined ? copyDraft(known) : { ...copyDraft(known), quote };
  return {
    quote: quote ?? quotes.get(schema) ?? '"',
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

/** A draft of its own with the same content. */
export function copyDraft(draft: SchemaDraft): SchemaDraft {
  return {
    quote: draft.quote,
    namespaces: new Set(draft.namespaces),
    enums: draft.enums.copy(),
    sequences: draft.sequences.copy(),
    tables: draft.tables.copy(),
    views: draft.views.copy(),
    routines: draft.routines.copy(),
    triggers: draft.triggers.copy(),
    unsupported: draft.unsupported,
  };
}

/** A list that is made when somebody reads it. */
function list<T>(map: PartMap<T>): () => readonly T[] {
  let made: readonly T[] | null = null;
  return () => {
    made ??= [...map.values()];
    return made;
  };
}

/**
 * The draft as a schema in the draft's own order: for readers that look things up and do not compare JSON. Whoever opens it
 * again, or reads one list of it, pays for that only.
 */
export function draftSchema(draft: SchemaDraft): Schema {
  const own = copyDraft(draft);
  const lists = {
    enums: list(own.enums),
    sequences: list(own.sequences),
    tables: list(own.tables),
    views: list(own.views),
    routines: list(own.routines),
    triggers: list(own.triggers),
  };
  const schema: Schema = {
    namespaces: [...own.namespaces],
    get enums() {
      return lists.enums();
    },
    get sequences() {
      return lists.sequences();
    },
    get tables() {
      return lists.tables();
    },
    get views() {
      return lists.views();
    },
    get routines() {
      return lists.routines();
    },
    get triggers() {
      return lists.triggers();
    },
    unsupported: own.unsupported,
  };
  drafts.set(schema, own);
  return schema;
}

function sorted<T>(map: PartMap<T>): readonly T[] {
  return [...map.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

/** The draft as a schema, every list sorted by key, so that equal schemas give equal JSON. */
export function closeDraft(draft: SchemaDraft): Schema {
  const schema: Schema = {
    namespaces: [...draft.namespaces].sort(),
    enums: sorted(draft.enums),
    sequences: sorted(draft.sequences),
    tables: sorted(draft.tables),
    views: sorted(draft.views),
    routines: sorted(draft.routines),
    triggers: sorted(draft.triggers),
    unsupported: draft.unsupported,
  };
  if (draft.quote !== '"') quotes.set(schema, draft.quote);
  return schema;
}

/** The table of that reference; an invariant, for callers who made sure that it is there. */
export function draftTable(draft: SchemaDraft, ref: TableRef): Table {
  const table = draft.tables.get(refKey(ref));
  invariant(table, `table ${refKey(ref)} is not in the draft`);
  return table;
}
