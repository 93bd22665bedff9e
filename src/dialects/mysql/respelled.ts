import { isPlainName } from '../../schema/identifiers-in-sql.ts';
import { viewsInOrder } from '../../schema/views-in-order.ts';
import type { Moment, Piece } from './pieces.ts';
import { ddl } from './pieces.ts';
import { quote, quoteRef } from './quote.ts';
import { tokenize, unquoteName } from './tokens.ts';

// A renaming leaves the texts of views and triggers as they were, so that they speak of what is no longer there. Other
// families write the new name into them; here they are made again.

/** The text with the new name in this family's quotes: it comes in double ones, which here would be those of a string. */
function inOwnQuotes(sql: string, name: string): string {
  if (isPlainName(name)) return sql;
  const written = `"${name.replaceAll('"', '""')}"`;
  return tokenize(sql)
    .filter(({ text }) => text === written)
    .reduceRight(
      (text, { start }) => text.slice(0, start) + quote(name) + text.slice(start + written.length),
      sql,
    );
}

/** Makes them again, in their new words. */
export function respelled({ respelled: changed }: Moment): readonly Piece[] {
  const { name } = changed;
  const views = changed.views.map((view) => ({ ...view, sql: inOwnQuotes(view.sql, name) }));
  const triggers = changed.triggers.map((one) => ({ ...one, sql: inOwnQuotes(one.sql, name) }));
  return [
    ...triggers.flatMap((trigger) => [
      ddl(`DROP TRIGGER ${quoteRef({ namespace: trigger.table.namespace, name: trigger.name })}`),
      ddl(trigger.sql),
    ]),
    ...viewsInOrder(views).map((view) => ddl(`CREATE OR REPLACE VIEW ${quoteRef(view)} AS ${view.sql}`)),
  ];
}

/** True if two texts of a trigger differ only in blanks, comments and the quotes of names, double ones included. */
export function sameProgram(a: string, b: string): boolean {
  const words = (sql: string) =>
    tokenize(sql).map(({ kind, text }) => {
      if (kind === 'name') return `name ${unquoteName(text)}`;
      if (kind === 'string' && text.startsWith('"')) return `name ${text.slice(1, -1).replaceAll('""', '"')}`;
      return kind === 'word' ? `name ${text}` : `${kind} ${text}`;
    });
  return words(a).join('\n') === words(b).join('\n');
}
