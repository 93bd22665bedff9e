import { type SqlToken, tokenize } from '../../kernel/sql-text.ts';
import { columnWords } from '../../schema/rename-in-programs.ts';
import type { TableRef, View } from '../../schema/schema.ts';
import { refKey } from '../../schema/schema.ts';
import type { Context } from './pieces.ts';
import { postgresSyntax } from './traits.ts';

/** The items of the outermost SELECT list, as lists of words and signs. */
function selectItems(sql: string): readonly (readonly SqlToken[])[] {
  const items: SqlToken[][] = [[]];
  let depth = 0;
  const tokens = tokenize(sql, postgresSyntax).filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  for (const token of tokens.slice(1)) {
    const { text } = token;
    if (depth === 0 && text.toLowerCase() === 'from') break;
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    if (depth === 0 && text === ',') items.push([]);
    else items.at(-1)?.push(token);
  }
  return items;
}

/** True if the item is a bare column, with or without its table before it: the view then gives it under its own name. */
const isBare = (item: readonly SqlToken[]): boolean =>
  item.length === 1 || (item.length === 3 && item[1]?.text === '.');

/** The views that give a table's column under its name. The server keeps their output names when the column is renamed. */
export function viewsGiving(table: TableRef, column: string, { draft }: Context): readonly View[] {
  const columnsOf = (name: string) =>
    draft.tables.get(refKey({ namespace: table.namespace, name }))?.columns.map((one) => one.name) ?? null;
  return [...draft.views.values()].filter(({ sql }) => {
    const said = new Set(
      columnWords(sql, { table: table.name, column }, columnsOf).map(({ start }) => start),
    );
    return (
      said.size > 0 && selectItems(sql).some((item) => isBare(item) && said.has(item.at(-1)?.start ?? -1))
    );
  });
}
