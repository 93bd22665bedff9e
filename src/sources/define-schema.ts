// Models → Schema. One foreign library a file; this one is Surefoot's own `defineSchema`.
// In: the files that declare models. Out: Schema. Must not know history or servers.

import { isDefinedSchema } from '../schema/define-schema.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { closeDraft, openDraft } from '../schema/draft.ts';
import type { PartMap } from '../schema/part-map.ts';
import type { Schema } from '../schema/schema.ts';
import { displayRef, emptySchema, refKey } from '../schema/schema.ts';
import { loadModels, unreadable } from './load-models.ts';
import type { Source } from './source.ts';

const name = 'defineSchema';

async function readModels(file: string): Promise<readonly Schema[]> {
  const found = Object.values(await loadModels(name, file)).filter(isDefinedSchema);
  if (found.length === 0)
    throw unreadable({ source: name, file }, 'nothing that it exports is made by defineSchema()');
  return [...new Set(found)];
}

function addTo(draft: SchemaDraft, schema: Schema): void {
  const own = openDraft(schema);
  for (const kind of ['enums', 'sequences', 'tables', 'views', 'routines', 'triggers'] as const) {
    const target = draft[kind] as PartMap<unknown>;
    for (const [key, object] of own[kind]) target.set(key, object);
  }
  for (const namespace of own.namespaces) draft.namespaces.add(namespace);
}

/** The schema that these files declare together; two tables of one name are refused. */
async function readDefinedSchema(files: readonly string[]): Promise<Schema> {
  const draft = openDraft(emptySchema);
  for (const file of files) {
    for (const schema of await readModels(file)) {
      const twice = schema.tables.find((table) => draft.tables.has(refKey(table)));
      if (twice) throw unreadable({ source: name, file }, `table ${displayRef(twice)} is declared twice`);
      addTo(draft, schema);
    }
  }
  return closeDraft(draft);
}

/** Surefoot's own models. */
export const defineSchemaSource: Source = {
  name,
  recognises: async (file) => Object.values(await file.exports()).some(isDefinedSchema),
  read: async ({ files }) => ({ kind: 'schema', schema: await readDefinedSchema(files) }),
};
