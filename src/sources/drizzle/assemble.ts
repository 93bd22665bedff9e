// Objects of Drizzle → Schema.
// In: entities, the core that made them. Out: Schema. Must not know where its files stand.

import type { SurefootError } from '../../kernel/errors.ts';
import { isSurefootError, messageOf } from '../../kernel/errors.ts';
import type { Enum, Ref, Schema, Sequence, UnsupportedObject, View } from '../../schema/schema.ts';
import { displayRef, emptySchema, refKey } from '../../schema/schema.ts';
import { unreadable } from '../load-models.ts';
import type { Entity } from './entities.ts';
import { nameOfTable } from './entities.ts';
import { sourceName } from './gather.ts';
import type { Core, ModelView, ReadTable } from './model.ts';
import { readTable, refOfTable } from './table.ts';

const refusal = ({ file }: Entity, problem: string, cause?: unknown): SurefootError =>
  unreadable({ source: sourceName, file }, problem, cause);

/** What the library or the models throw is told with the object that it is about. */
function reading<T>(entity: Entity, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (isSurefootError(cause)) throw cause;
    throw refusal(entity, `${entity.whole} ${nameOfTable(entity.value)}: ${messageOf(cause)}`, cause);
  }
}

interface Declared<T> {
  readonly entity: Entity;
  readonly object: T;
}

/** Each object once. A module that was loaded in two ways declares its objects twice, and alike: that is one. */
function once<T extends Ref>(declared: readonly Declared<T>[]): readonly T[] {
  const found = new Map<string, T>();
  for (const { entity, object } of declared) {
    const other = found.get(refKey(object));
    if (other !== undefined && JSON.stringify(other) !== JSON.stringify(object))
      throw refusal(entity, `${entity.whole} ${displayRef(object)} is declared twice`);
    found.set(refKey(object), object);
  }
  return [...found.values()];
}

function tablesOf(entities: readonly Entity[], core: Core): readonly ReadTable[] {
  const read = entities
    .filter(({ whole }) => whole === 'table')
    .map((entity) =>
      reading(entity, () => {
        const model = core.tableConfig(entity.value);
        return { entity, model, object: readTable(model, core) };
      }),
    );
  const kept = new Set(once(read));
  return read.filter(({ object }) => kept.has(object)).map(({ object, model }) => ({ table: object, model }));
}

interface ReadViews {
  readonly views: readonly View[];
  readonly unsupported: readonly UnsupportedObject[];
}

function beyondView(model: ModelView, core: Core): readonly UnsupportedObject[] {
  const options = core.viewOptions(model);
  if (options.length === 0) return [];
  return [{ kind: 'view', ...refOfTable(model), reason: `its options: ${options.join(', ')}` }];
}

/** Views that are said to exist are somebody else's. */
function viewsOf(entities: readonly Entity[], core: Core): ReadViews {
  const unsupported: UnsupportedObject[] = [];
  const views = entities
    .filter(({ whole }) => whole === 'view' || whole === 'materializedView')
    .flatMap((entity) =>
      reading(entity, (): readonly Declared<View>[] => {
        const materialized = entity.whole === 'materializedView';
        const model = core.viewConfig(entity.value, materialized);
        if (model.query === undefined) return [];
        unsupported.push(...beyondView(model, core));
        return [{ entity, object: { ...refOfTable(model), sql: core.pen.query(model.query), materialized } }];
      }),
    );
  return { views: once(views), unsupported };
}

/** The export of that name, the last one; types of columns need not be exported. */
function exportOf({ name }: Ref, entities: readonly Entity[]): Entity | undefined {
  const isNamed = ({ value }: Entity) =>
    Reflect.get(value, 'enumName') === name || Reflect.get(value, 'seqName') === name;
  return entities.findLast((one) => (one.whole === 'enum' || one.whole === 'sequence') && isNamed(one));
}

function onceNamed<T extends Enum | Sequence>(
  objects: readonly T[],
  entities: readonly Entity[],
): readonly T[] {
  return once(
    objects.flatMap((object) => {
      const entity = exportOf(object, entities) ?? entities[0];
      return entity === undefined ? [] : [{ entity, object }];
    }),
  );
}

const namespacesOf = (objects: readonly Ref[]): readonly string[] =>
  objects.flatMap(({ namespace }) => (namespace === null ? [] : [namespace]));

/** Tables and views of another database; its own are all the others. */
function elsewhere(schema: Schema, { hasNamespaces }: Core): Schema {
  if (hasNamespaces) return schema;
  const isHere = ({ namespace }: Ref) => namespace === null;
  const told = (kind: string, objects: readonly Ref[]): readonly UnsupportedObject[] =>
    objects
      .filter((one) => !isHere(one))
      .map(({ namespace, name }) => ({ kind, namespace, name, reason: 'it stands in another database' }));
  return {
    ...schema,
    namespaces: [],
    tables: schema.tables.filter(isHere),
    views: schema.views.filter(isHere),
    unsupported: [...schema.unsupported, ...told('table', schema.tables), ...told('view', schema.views)],
  };
}

/** The schema that these objects declare together. */
export function assemble(entities: readonly Entity[], core: Core): Schema {
  return elsewhere(together(entities, core), core);
}

function together(entities: readonly Entity[], core: Core): Schema {
  const read = tablesOf(entities, core);
  const tables = read.map(({ table }) => table);
  const { views, unsupported } = viewsOf(entities, core);
  const rest = core.restOf(entities, read);
  const [enums, sequences] = [onceNamed(rest.enums, entities), onceNamed(rest.sequences, entities)];
  const used = namespacesOf([...tables, ...views, ...enums, ...sequences]);
  return {
    ...emptySchema,
    namespaces: [...new Set([...rest.namespaces, ...used])],
    enums,
    sequences,
    tables,
    views,
    unsupported: [...unsupported, ...rest.unsupported],
  };
}
