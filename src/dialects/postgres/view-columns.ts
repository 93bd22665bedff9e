// What a view gives of a table's column, as its text says it.
// In: views, a column. Out: views that give it under its name, at their end or on the way. Must not know statements.

import { type SqlToken, tokenize } from '../../kernel/sql-text.ts';
import { type ColumnName, type ColumnsOf, columnWords } from '../../schema/rename-in-programs.ts';
import type { View } from '../../schema/schema.ts';
import type { Context } from './pieces.ts';
import { postgresSyntax } from './traits.ts';

const isCode = ({ kind }: SqlToken): boolean => kind !== 'space' && kind !== 'comment';

/** The items of the outermost SELECT list, as lists of words and signs. */
function selectItems(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const items: SqlToken[][] = [[]];
  let depth = 0;
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

const listed = new Set(['select', 'distinct', 'all', ',']);
const closed = new Set([',', 'from', ')']);

/** True for what may be an item of its own in the list of a query inside. */
function isItem(tokens: readonly SqlToken[], at: number): boolean {
  const from = tokens[at - 1]?.text === '.' ? at - 3 : at - 1;
  const [before, after] = [tokens[from], tokens[at + 1]].map((token) => token?.text.toLowerCase() ?? '');
  return listed.has(before ?? '') && closed.has(after ?? '');
}

/** Views that give a column under its own name. */
export interface Giving {
  /** At their end: to whoever reads them. */
  readonly views: readonly View[];
  /** On the way: a query inside them does. */
  readonly inside: readonly View[];
}

/** The views that give a table's column under its name, which the server keeps when the column is renamed. */
export function viewsGiving(meant: ColumnName, columnsOf: ColumnsOf, { draft }: Context): Giving {
  const [views, inside]: [View[], View[]] = [[], []];
  for (const view of draft.views.values()) {
    const said = new Set(columnWords(view.sql, meant, columnsOf).map(({ start }) => start));
    if (said.size === 0) continue;
    const tokens = tokenize(view.sql, postgresSyntax).filter(isCode);
    const given = selectItems(tokens).flatMap((item) => (isBare(item) ? (item.at(-1)?.start ?? []) : []));
    if (given.some((start) => said.has(start))) views.push(view);
    const others = tokens.filter(
      ({ start }, at) => said.has(start) && !given.includes(start) && isItem(tokens, at),
    );
    if (others.length > 0) inside.push(view);
  }
  return { views, inside };
}
