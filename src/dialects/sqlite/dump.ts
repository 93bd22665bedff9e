import type { Naming } from '../../dialect/dialect.ts';
import type { Schema } from '../../schema/schema.ts';
import { normalize } from './normalize.ts';
import { nameTable } from './part-names.ts';
import { quoteRef } from './quote.ts';
import { spellIndex, spellTable } from './spelling.ts';

/** `Dialect.dump` of SQLite. Tables may refer to later ones, and views need nothing to be there when they are made. */
export function dump(schema: Schema, naming: Naming): readonly string[] {
  const { tables, views, triggers } = normalize(schema);
  return [
    ...tables.flatMap((table) => {
      const named = nameTable(table, null, naming);
      return [spellTable(named), ...named.indexes.map((index) => spellIndex(index, named))];
    }),
    ...views.map((view) => `CREATE VIEW ${quoteRef(view)} AS ${view.sql}`),
    ...triggers.map((trigger) => trigger.sql),
  ];
}
