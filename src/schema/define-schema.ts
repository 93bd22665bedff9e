import type { ColumnBuilder } from './column-builder.ts';
import { t } from './column-builder.ts';
import { closeDraft, openDraft, routineKey, triggerKey } from './draft.ts';
import type { Enum, Routine, Schema, Sequence, Table, Trigger, View } from './schema.ts';
import { emptySchema, refKey, toRef } from './schema.ts';
import type { TableExtras } from './table-builder.ts';
import { toTable } from './table-builder.ts';

const brand = Symbol.for('surefoot.schema');

/** A table of a model, before it has its name. */
export interface TableDefinition {
  readonly columns: Readonly<Record<string, ColumnBuilder>>;
  readonly extras: TableExtras;
}

type Columns = Readonly<Record<string, ColumnBuilder>>;

/** A table of a model: columns, and what it has besides. */
export function table(
  columns: Columns | ((types: typeof t) => Columns),
  extras: TableExtras = {},
): TableDefinition {
  return { columns: typeof columns === 'function' ? columns(t) : columns, extras };
}

/** What `defineSchema` takes: tables by name (`'user'` or `'namespace.user'`), and the other objects as they are. */
export interface SchemaDefinition {
  readonly tables: Readonly<Record<string, TableDefinition>>;
  readonly enums?: Readonly<Record<string, readonly string[]>>;
  readonly views?: Readonly<Record<string, string>>;
  readonly triggers?: readonly Trigger[];
  readonly routines?: readonly Routine[];
  readonly sequences?: readonly Sequence[];
}

function namespacesOf(parts: readonly { readonly namespace: string | null }[]): readonly string[] {
  return parts.flatMap((part) => (part.namespace === null ? [] : [part.namespace]));
}

/**
 * Surefoot's own form of a model. The result is a Schema: readonly JSON.
 *
 * ```ts
 * export default defineSchema({
 *   tables: { user: table((t) => ({ id: t.integer().identity().primaryKey(), email: t.varchar(120).unique() })) },
 * });
 * ```
 */
export function defineSchema(definition: SchemaDefinition): Schema {
  const tables: readonly Table[] = Object.entries(definition.tables).map(([name, { columns, extras }]) =>
    toTable(name, columns, extras),
  );
  const enums: readonly Enum[] = Object.entries(definition.enums ?? {}).map(([name, values]) => ({
    ...toRef(name),
    values,
  }));
  const views: readonly View[] = Object.entries(definition.views ?? {}).map(([name, sql]) => ({
    ...toRef(name),
    sql,
    materialized: false,
  }));
  const draft = openDraft(emptySchema);
  for (const one of namespacesOf([...tables, ...enums, ...views])) draft.namespaces.add(one);
  for (const one of tables) draft.tables.set(refKey(one), one);
  for (const one of enums) draft.enums.set(refKey(one), one);
  for (const one of views) draft.views.set(refKey(one), one);
  for (const one of definition.triggers ?? []) draft.triggers.set(triggerKey(one), one);
  for (const one of definition.routines ?? []) draft.routines.set(routineKey(one), one);
  for (const one of definition.sequences ?? []) draft.sequences.set(refKey(one), one);
  return Object.defineProperty(closeDraft(draft), brand, { value: true });
}

/** True for what `defineSchema` gave, also where another instance of this package made it. */
export function isDefinedSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && brand in value;
}
