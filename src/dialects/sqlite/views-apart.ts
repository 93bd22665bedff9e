// Views in whose way SQLite does not follow a renamed column: it writes the new name where the table's column is said, and
// refuses where another query gives it on.
// In: the renaming, the schema before it. Out: what is dropped before, and made again behind. Must not know tables.

import { applyTo } from '../../operations/apply.ts';
import type { OperationOf } from '../../operations/operation.ts';
import { copyDraft } from '../../schema/draft.ts';
import { columnsIn, usesOfColumn } from '../../schema/rename-in-programs.ts';
import type { View } from '../../schema/schema.ts';
import { refKey } from '../../schema/schema.ts';
import { mentions } from './expressions.ts';
import type { Context, Piece } from './pieces.ts';
import { ddl } from './pieces.ts';
import { quoteRef } from './quote.ts';
import { triggersOf } from './simulate.ts';
import { trimStatement } from './tokens.ts';

/** True for a view that SQLite itself writes anew. */
function isFollowed({ sql }: View, { table, from }: OperationOf<'renameColumn'>, context: Context): boolean {
  const uses = usesOfColumn(sql, { table: table.name, column: from }, columnsIn(context.draft, table));
  return uses.length > 0 && uses.every(({ givenTo }) => givenTo !== 'query');
}

/** These, and all that read them: a view over what is not there would be refused, too. */
function withReaders(views: readonly View[], all: readonly View[]): readonly View[] {
  const more = all.filter((one) => !views.includes(one) && views.some(({ name }) => mentions(one.sql, name)));
  return more.length === 0 ? views : withReaders([...views, ...more], all);
}

/** The views that are taken out of the way, and put back in their new words with their triggers. */
export function viewsApart(
  operation: OperationOf<'renameColumn'>,
  context: Context,
): { readonly drops: readonly Piece[]; readonly creations: readonly Piece[] } {
  const after = copyDraft(context.draft);
  applyTo(after, operation);
  const all = [...context.draft.views.values()];
  const changed = all.filter((view) => after.views.get(refKey(view))?.sql !== view.sql);
  const apart = withReaders(
    changed.filter((view) => !isFollowed(view, operation, context)),
    all,
  );
  const anew = apart.flatMap((view) => after.views.get(refKey(view)) ?? []);
  return {
    drops: apart.map((view) => ddl(`DROP VIEW ${quoteRef(view)}`)),
    creations: [
      ...anew.map((view) => ddl(`CREATE VIEW ${quoteRef(view)} AS ${trimStatement(view.sql)}`)),
      ...anew.flatMap((view) => triggersOf(after, view).map(({ sql }) => ddl(sql))),
    ],
  };
}
