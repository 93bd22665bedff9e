import { matcher } from './ignore.ts';
import type { Column, Ref, Schema } from './schema.ts';
import { displayRef, sameRef } from './schema.ts';

/** An object as a filter sees it. */
export interface FilteredObject extends Ref {
  readonly kind: 'table' | 'view' | 'routine' | 'sequence' | 'enum' | 'other';
}

/** What to look at: names with `*` as a wildcard, or a function that says yes. */
export type ObjectFilter = string | readonly string[] | ((object: FilteredObject) => boolean);

type Accepts = (object: FilteredObject) => boolean;

function accepting(filter: ObjectFilter): Accepts {
  if (typeof filter === 'function') return filter;
  const matchers = (typeof filter === 'string' ? [filter] : filter).map(matcher);
  return (object) => matchers.some((matches) => matches(displayRef(object)) || matches(object.name));
}

const usesEnum = ({ type }: Column, one: Ref): boolean =>
  type.kind === 'enum' && type.name === one.name && type.namespace === one.namespace;

const takesFrom = ({ default: value }: Column, one: Ref): boolean =>
  value?.kind === 'expression' && value.sql.includes(one.name);

/** Keeps what is accepted, and the enums and sequences that the tables among it need. */
function keeping(accepts: Accepts): (schema: Schema) => Schema {
  const kept =
    (kind: FilteredObject['kind']) =>
    ({ namespace, name }: Ref): boolean =>
      accepts({ kind, namespace, name });
  return (schema) => {
    const tables = schema.tables.filter(kept('table'));
    const views = schema.views.filter(kept('view'));
    const columns = tables.flatMap((table) => table.columns);
    const needed = (kind: 'enum' | 'sequence', uses: (column: Column, one: Ref) => boolean) => (one: Ref) =>
      kept(kind)(one) || columns.some((column) => uses(column, one));
    const triggers = schema.triggers.filter(({ table }) =>
      [...tables, ...views].some((one) => sameRef(one, table)),
    );
    return {
      ...schema,
      tables,
      views,
      triggers,
      enums: schema.enums.filter(needed('enum', usesEnum)),
      sequences: schema.sequences.filter(needed('sequence', takesFrom)),
      routines: schema.routines.filter(kept('routine')),
      unsupported: schema.unsupported.filter(kept('other')),
    };
  };
}

/** Keeps of a schema what `include` says yes to, all without it, but for what `exclude` says yes to. */
export function selecting(filters: {
  readonly include?: ObjectFilter | undefined;
  readonly exclude?: ObjectFilter | undefined;
}): (schema: Schema) => Schema {
  const { include, exclude } = filters;
  if (include === undefined && exclude === undefined) return (schema) => schema;
  const wanted: Accepts = include === undefined ? () => true : accepting(include);
  const unwanted: Accepts = exclude === undefined ? () => false : accepting(exclude);
  return keeping((object) => wanted(object) && !unwanted(object));
}
