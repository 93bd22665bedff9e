import type { ObjectRef } from '../operations/handler.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { openDraft, routineKey, triggerKey } from '../schema/draft.ts';
import type { PartMap } from '../schema/part-map.ts';
import type { Table } from '../schema/schema.ts';
import { emptySchema, refKey } from '../schema/schema.ts';

function copyEntry<T>(from: PartMap<T>, to: PartMap<T>, key: string): T | undefined {
  const value = from.get(key);
  if (value !== undefined) to.set(key, value);
  return value;
}

function copyTable(from: SchemaDraft, to: SchemaDraft, key: string): void {
  const table: Table | undefined = copyEntry(from.tables, to.tables, key);
  for (const column of table?.columns ?? []) {
    if (column.type.kind !== 'enum' || column.type.name === null) continue;
    copyEntry(from.enums, to.enums, refKey({ namespace: column.type.namespace, name: column.type.name }));
  }
}

function copyObject(from: SchemaDraft, to: SchemaDraft, object: ObjectRef): void {
  switch (object.kind) {
    case 'table':
      copyTable(from, to, refKey(object.ref));
      return;
    case 'enum':
      copyEntry(from.enums, to.enums, refKey(object.ref));
      return;
    case 'view':
      copyEntry(from.views, to.views, refKey(object.ref));
      return;
    case 'sequence':
      copyEntry(from.sequences, to.sequences, refKey(object.ref));
      return;
    case 'trigger':
      copyEntry(from.triggers, to.triggers, triggerKey(object));
      return;
    case 'routine':
      copyEntry(from.routines, to.routines, routineKey(object.routine));
      return;
    case 'namespace':
      if (from.namespaces.has(object.name)) to.namespaces.add(object.name);
  }
}

/** A small draft with only these objects (and the enums that their columns use). */
export function pick(draft: SchemaDraft, objects: readonly ObjectRef[]): SchemaDraft {
  const picked = openDraft(emptySchema, draft.quote);
  for (const object of objects) copyObject(draft, picked, object);
  return picked;
}
