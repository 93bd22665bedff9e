// What views give of a table's column under its own name, which the server keeps when the column is renamed.
// In: views, a column. Out: views that give it, at their end or on the way. Must not know statements.

import { columnsIn, usesOfColumn } from '../../schema/rename-in-programs.ts';
import type { Ref, View } from '../../schema/schema.ts';
import { refKey, refOf } from '../../schema/schema.ts';
import type { Context } from './pieces.ts';

/** Views that give a column under its own name. */
export interface Giving {
  /** At their end: to whoever reads them, other views included. */
  readonly views: readonly View[];
  /** On the way: a query inside them does. */
  readonly inside: readonly View[];
}

/** The views that give a column on, and those that read it there, each behind those that it reads. */
export function viewsGiving(of: Ref, column: string, { draft }: Context): Giving {
  const views = new Map<string, View>();
  const inside = new Map<string, View>();
  const follow = (ref: Ref): void => {
    const columnsOf = columnsIn(draft, ref);
    for (const view of draft.views.values()) {
      const given = usesOfColumn(view.sql, { table: ref.name, column }, columnsOf).map(
        ({ givenTo }) => givenTo,
      );
      const key = refKey(view);
      if (given.includes('query')) inside.set(key, view);
      if (!given.includes('reader') || views.has(key)) continue;
      views.set(key, view);
      follow(refOf(view));
    }
  };
  follow(of);
  return { views: [...views.values()], inside: [...inside.values()] };
}
