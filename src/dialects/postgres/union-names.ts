// What a UNION gives is called as its first query says; the server writes those names behind the columns of the others, too.
// In: a view's query. Out: the query without names that name nothing. Must not know what is read.

import { isCode, type SqlToken, tokenize } from '../../kernel/sql-text.ts';
import { postgresSyntax } from './traits.ts';

/** A query, or something else between parentheses. */
interface Frame {
  /** True behind UNION, EXCEPT or INTERSECT. */
  readonly isLater: boolean;
  /** True in the list of what such a query selects. */
  readonly inList: boolean;
}

const first: Frame = { isLater: false, inList: false };

function next(frame: Frame, word: string): Frame {
  if (word === 'union' || word === 'except' || word === 'intersect') return { isLater: true, inList: false };
  if (word === 'select') return { ...frame, inList: frame.isLater };
  return word === 'from' ? { ...frame, inList: false } : frame;
}

const isEnd = (token: SqlToken | undefined): boolean =>
  token === undefined || [',', 'from', ')', ';'].includes(token.text.toLowerCase());

/** Leaves out the names that later queries of a UNION give. */
export function withoutLaterNames(sql: string): string {
  if (!/\b(?:union|except|intersect)\b/i.test(sql)) return sql;
  const tokens = tokenize(sql, postgresSyntax).filter(isCode);
  const frames: Frame[] = [first];
  let text = '';
  let from = 0;
  for (const [i, { text: written }] of tokens.entries()) {
    const [word, frame] = [written.toLowerCase(), frames.at(-1) ?? first];
    if (word === '(') frames.push(first);
    else if (word === ')') frames.pop();
    else if (word === 'as' && frame.inList && isEnd(tokens[i + 2])) {
      text += sql.slice(from, tokens[i - 1]?.end);
      from = tokens[i + 1]?.end ?? sql.length;
    } else if (frames.length > 0) frames[frames.length - 1] = next(frame, word);
  }
  return text + sql.slice(from);
}
