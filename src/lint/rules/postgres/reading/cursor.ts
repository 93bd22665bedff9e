// Reads the words of a statement one after the other. In: SQL text. Out: a cursor. Must not know statements.

import type { SqlSyntax, SqlToken } from '../../../../kernel/sql-text.ts';
import { tokenize } from '../../../../kernel/sql-text.ts';
import type { Ref } from '../../../../schema/schema.ts';

/** A place in a statement. What does not fit is left alone. */
export interface Cursor {
  /** Passes these words, if they are next. */
  take(words: string): boolean;
  /** True if these words are next. */
  sees(words: string): boolean;
  /** Passes a name, as the server keeps it; `null`: there is none. */
  name(): string | null;
  /** Passes `name` or `namespace.name`. */
  ref(): Ref | null;
  /** The tokens that are left. */
  rest(): readonly SqlToken[];
  /** What is left up to one of the words outside of parentheses, or up to the end. */
  until(stop: (token: SqlToken) => boolean): Cursor;
  /** What stands between parentheses, if they are next, cut at its commas. */
  list(): readonly Cursor[] | null;
  /** What is left, cut at commas outside of parentheses. */
  split(): readonly Cursor[];
  /** True if the words stand somewhere in what is left, outside of parentheses. */
  mentions(words: string): boolean;
  /** What is left, as it was written. */
  text(): string;
}

const isGap = ({ kind, text }: SqlToken): boolean =>
  kind === 'space' || kind === 'comment' || (kind === 'operator' && text === ';');

const lower = (token: SqlToken | undefined): string =>
  token === undefined || token.kind === 'string' || token.kind === 'identifier'
    ? ''
    : token.text.toLowerCase();

function nameOf(token: SqlToken | undefined): string | null {
  if (token?.kind === 'word') return token.text.toLowerCase();
  return token?.kind === 'identifier' ? token.text.slice(1, -1).replaceAll('""', '"') : null;
}

/** By token, how many parentheses are open before it. */
function depths(tokens: readonly SqlToken[]): readonly number[] {
  let depth = 0;
  return tokens.map((token) => {
    if (lower(token) === ')') depth -= 1;
    const here = depth;
    if (lower(token) === '(') depth += 1;
    return here;
  });
}

function cutAtCommas(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const depth = depths(tokens);
  const pieces: SqlToken[][] = [[]];
  tokens.forEach((token, i) => {
    if (depth[i] === 0 && token.text === ',') pieces.push([]);
    else pieces.at(-1)?.push(token);
  });
  return pieces;
}

function textOf(tokens: readonly SqlToken[], sql: string): string {
  const [first, last] = [tokens[0], tokens.at(-1)];
  return first && last ? sql.slice(first.start, last.end) : '';
}

function openAt(tokens: readonly SqlToken[], sql: string): Cursor {
  let at = 0;
  const fits = (words: string, from: number) =>
    words.split(' ').every((word, i) => lower(tokens[from + i]) === word);
  const open = (some: readonly SqlToken[]) => openAt(some, sql);
  const take = (words: string) => {
    if (!fits(words, at)) return false;
    at += words.split(' ').length;
    return true;
  };
  const name = () => {
    const found = nameOf(tokens[at]);
    if (found !== null) at += 1;
    return found;
  };
  const rest = () => tokens.slice(at);
  return {
    take,
    sees: (words) => fits(words, at),
    name,
    ref: () => {
      const first = name();
      if (first === null) return null;
      const second = take('.') ? name() : null;
      return second === null ? { namespace: null, name: first } : { namespace: first, name: second };
    },
    rest,
    until: (stop) => {
      const left = rest();
      const depth = depths(left);
      const end = left.findIndex((token, i) => depth[i] === 0 && stop(token));
      const own = end < 0 ? left : left.slice(0, end);
      at += own.length;
      return open(own);
    },
    list: () => {
      if (!fits('(', at)) return null;
      const left = rest();
      const depth = depths(left);
      const end = left.findIndex((token, i) => i > 0 && depth[i] === 0 && lower(token) === ')');
      if (end < 0) return null;
      at += end + 1;
      return cutAtCommas(left.slice(1, end)).map(open);
    },
    split: () => cutAtCommas(rest()).map(open),
    mentions: (words) => {
      const depth = depths(tokens);
      return tokens.some((_, i) => i >= at && depth[i] === 0 && fits(words, i));
    },
    text: () => textOf(rest(), sql),
  };
}

/** A cursor at the start of a statement. */
export function openCursor(sql: string, syntax: SqlSyntax): Cursor {
  return openAt(
    tokenize(sql, syntax).filter((token) => !isGap(token)),
    sql,
  );
}

/** The first word of what a token says, in lower case; empty for strings and quoted names. */
export const wordOf = lower;
