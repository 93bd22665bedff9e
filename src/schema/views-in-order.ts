// Views in an order in which a server can make them.
// In: views. Out: each behind those that it reads. Must not know a dialect.

import { mentions } from './identifiers-in-sql.ts';
import type { View } from './schema.ts';

/** Each view behind those whose names it says. */
export function viewsInOrder<V extends Pick<View, 'name' | 'sql'>>(views: readonly V[]): readonly V[] {
  const ordered = new Set<V>();
  const add = (view: V, around: readonly V[]): void => {
    if (ordered.has(view)) return;
    for (const other of views)
      if (!around.includes(other) && mentions(view.sql, other.name)) add(other, [...around, other]);
    ordered.add(view);
  };
  for (const view of views) add(view, [view]);
  return [...ordered];
}
