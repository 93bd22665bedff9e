import { tokenize } from '../../kernel/sql-text.ts';
import { mentions } from '../../schema/identifiers-in-sql.ts';
import type { TableRef, View } from '../../schema/schema.ts';
import type { Context } from './pieces.ts';
import { postgresSyntax } from './traits.ts';

/** The items of the outermost SELECT list, as lists of words and signs. */
function selectItems(sql: string): readonly (readonly string[])[] {
  const items: string[][] = [[]];
  let depth = 0;
  const tokens = tokenize(sql, postgresSyntax).filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  for (const { text } of tokens.slice(1)) {
    if (depth === 0 && text.toLowerCase() === 'from') break;
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    if (depth === 0 && text === ',') items.push([]);
    else items.at(-1)?.push(text);
  }
  return items;
}

const plain = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();

/** True if the item is the bare column, with or without its table before it: the view then gives it under its own name. */
function isBare(item: readonly string[], column: string): boolean {
  const last = item.at(-1);
  const isQualified = item.length === 3 && item[1] === '.';
  return last !== undefined && (item.length === 1 || isQualified) && plain(last) === column;
}

/** The views that give a table's column under its name. The server keeps their output names when the column is renamed. */
export function viewsGiving(table: TableRef, column: string, { draft }: Context): readonly View[] {
  return [...draft.views.values()].filter(
    ({ sql }) => mentions(sql, table.name) && selectItems(sql).some((item) => isBare(item, column)),
  );
}
