// Names that a query gives and that name nothing: that of the column itself, and those of later queries of a UNION, whose
// columns are called as its first query says. The server writes them, or not, by rules of its own.
// In: a view's query. Out: the query without them. Must not know what is read.

import { isCode, type SqlToken, tokenize } from '../../kernel/sql-text.ts';
import { postgresSyntax } from './traits.ts';

/** A query, or something else between parentheses. */
interface Frame {
  /** True behind UNION, EXCEPT or INTERSECT. */
  readonly isLater: boolean;
  /** True in the list of what it selects. */
  readonly inList: boolean;
}

const first: Frame = { isLater: false, inList: false };

function next(frame: Frame, word: string): Frame {
  if (word === 'union' || word === 'except' || word === 'intersect') return { isLater: true, inList: false };
  if (word === 'select') return { ...frame, inList: true };
  return word === 'from' ? { ...frame, inList: false } : frame;
}

const isEnd = (token: SqlToken | undefined): boolean =>
  token === undefined || [',', 'from', ')', ';'].includes(token.text.toLowerCase());

const isName = (token: SqlToken | undefined): token is SqlToken =>
  token?.kind === 'word' || token?.kind === 'identifier';

/** True for an item of the list that is a column, and is called so anyway. */
function isOwnName(tokens: readonly SqlToken[], at: number): boolean {
  const [column, alias] = [tokens[at - 1], tokens[at + 1]];
  if (!isName(column) || !isName(alias) || column.text !== alias.text) return false;
  const before = tokens[at - 2]?.text === '.' ? tokens[at - 4] : tokens[at - 2];
  return ['select', 'distinct', 'all', ','].includes(before?.text.toLowerCase() ?? '');
}

/** True for AS with such a name behind it. */
const isIdle = (tokens: readonly SqlToken[], at: number, { isLater, inList }: Frame): boolean =>
  inList && isEnd(tokens[at + 2]) && (isLater || isOwnName(tokens, at));

/** Leaves those names out. */
export function withoutIdleNames(sql: string): string {
  if (!/\bas\b/i.test(sql)) return sql;
  const tokens = tokenize(sql, postgresSyntax).filter(isCode);
  const frames: Frame[] = [first];
  let text = '';
  let from = 0;
  for (const [i, { text: written }] of tokens.entries()) {
    const [word, frame] = [written.toLowerCase(), frames.at(-1) ?? first];
    if (word === '(') frames.push(first);
    else if (word === ')') frames.pop();
    else if (word === 'as' && isIdle(tokens, i, frame)) {
      text += sql.slice(from, tokens[i - 1]?.end);
      from = tokens[i + 1]?.end ?? sql.length;
    } else if (frames.length > 0) frames[frames.length - 1] = next(frame, word);
  }
  return text + sql.slice(from);
}
