import type { Ref, Schema } from './schema.ts';
import { displayRef } from './schema.ts';

/** A pattern with `*` for any run of characters, as a test of a whole name. */
export function matcher(pattern: string): (name: string) => boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    .join('.*');
  const expression = new RegExp(`^${source}$`, 'su');
  return (name) => expression.test(name);
}

/**
 * Takes out of a schema what the patterns name: tables (with all that belongs to them), views, routines, sequences and enums,
 * by `name` or `namespace.name`, with `*` as a wildcard.
 */
export function ignoring(patterns: readonly string[]): (schema: Schema) => Schema {
  if (patterns.length === 0) return (schema) => schema;
  const matchers = patterns.map(matcher);
  return keepingOnly((ref) => !matchers.some((matches) => matches(displayRef(ref)) || matches(ref.name)));
}

/** Takes out of a schema what is not `kept`; tables with all that belongs to them. */
export function keepingOnly(kept: (ref: Ref) => boolean): (schema: Schema) => Schema {
  return (schema) => ({
    namespaces: schema.namespaces.filter((name) => kept({ namespace: null, name })),
    enums: schema.enums.filter(kept),
    sequences: schema.sequences.filter(kept),
    tables: schema.tables.filter(kept),
    views: schema.views.filter(kept),
    routines: schema.routines.filter(kept),
    triggers: schema.triggers.filter(({ table }) => kept(table)),
    unsupported: schema.unsupported.filter(kept),
  });
}
