// Expressions as trees, by the precedence that PostgreSQL's manual gives.
// In: tokens. Out: a tree, or `null` for what this small grammar does not know (subqueries, EXTRACT, windows …).
// Must not know tables, nor which trees mean the same.

import type { Token } from './expression-tokens.ts';
import { isKeyword } from './expression-tokens.ts';

/** An expression. Parentheses are gone: the shape of the tree says where they belong. */
export type Tree =
  | { readonly kind: 'string' | 'number' | 'keyword'; readonly text: string }
  | { readonly kind: 'column'; readonly path: readonly string[] }
  | { readonly kind: 'call'; readonly path: readonly string[]; readonly items: readonly Tree[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Tree; readonly right: Tree }
  | { readonly kind: 'prefix' | 'suffix'; readonly operator: string; readonly item: Tree }
  | { readonly kind: 'cast'; readonly item: Tree; readonly type: string }
  | { readonly kind: 'array' | 'row'; readonly items: readonly Tree[] }
  | { readonly kind: 'element'; readonly item: Tree; readonly index: Tree }
  | { readonly kind: 'in'; readonly item: Tree; readonly items: readonly Tree[]; readonly not: boolean }
  | {
      readonly kind: 'quantified';
      readonly item: Tree;
      readonly operator: string;
      readonly quantifier: 'any' | 'all';
      readonly array: Tree;
    }
  | {
      readonly kind: 'case';
      readonly subject: Tree | null;
      readonly branches: readonly { readonly when: Tree; readonly result: Tree }[];
      readonly otherwise: Tree | null;
    };

/** How tightly each operator binds. What is not here is "any other operator". */
export const binding: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  '<': 5,
  '>': 5,
  '=': 5,
  '<=': 5,
  '>=': 5,
  '<>': 5,
  in: 6,
  between: 6,
  like: 6,
  ilike: 6,
  'not like': 6,
  'not ilike': 6,
  '+': 8,
  '-': 8,
  '*': 9,
  '/': 9,
  '%': 9,
  '^': 10,
  'at time zone': 11,
  collate: 12,
};
export const otherBinding = 7;
export const signBinding = 13;
export const castBinding = 15;

export function bindingOf(operator: string): number {
  return Object.hasOwn(binding, operator) ? (binding[operator] ?? otherBinding) : otherBinding;
}

/** Thrown and caught in this file alone: the text is beyond the grammar. */
class Beyond extends Error {}

interface Reader {
  readonly token: Token | undefined;
  after(steps: number): Token | undefined;
  next(): Token;
  /** The next token is one of these words, operators or signs. */
  sees(...texts: readonly string[]): boolean;
  takes(text: string): boolean;
  needs(text: string): void;
}

function readerOf(tokens: readonly Token[]): Reader {
  let at = 0;
  const reader: Reader = {
    get token() {
      return tokens[at];
    },
    after: (steps) => tokens[at + steps],
    next() {
      const token = tokens[at];
      if (token === undefined) throw new Beyond();
      at += 1;
      return token;
    },
    sees(...texts) {
      const token = tokens[at];
      return (
        token !== undefined && token.kind !== 'name' && token.kind !== 'string' && texts.includes(token.text)
      );
    },
    takes(text) {
      const seen = reader.sees(text);
      if (seen) at += 1;
      return seen;
    },
    needs(text) {
      if (!reader.takes(text)) throw new Beyond();
    },
  };
  return reader;
}

function list(reader: Reader, end: string): readonly Tree[] {
  const items: Tree[] = [];
  if (reader.takes(end)) return items;
  do items.push(expression(reader, 0));
  while (reader.takes(','));
  reader.needs(end);
  return items;
}

const typeWords = new Set([
  'varying',
  'precision',
  'with',
  'without',
  'time',
  'zone',
  'to',
  'day',
  'hour',
  'minute',
  'second',
  'month',
  'year',
]);

/** The text of a type after `::`. */
function typeName(reader: Reader): string {
  const first = reader.next();
  if (first.kind !== 'word' && first.kind !== 'name') throw new Beyond();
  let text = first.kind === 'name' ? `"${first.text.replaceAll('"', '""')}"` : first.text;
  while (reader.takes('.')) {
    const part = reader.next();
    text += part.kind === 'name' ? `."${part.text.replaceAll('"', '""')}"` : `.${part.text}`;
  }
  const words = () => {
    while (reader.token?.kind === 'word' && typeWords.has(reader.token.text))
      text += ` ${reader.next().text}`;
  };
  words();
  if (reader.takes('(')) text += `(${list(reader, ')').map(numberText).join(',')})`;
  words();
  while (reader.takes('[')) {
    if (reader.token?.kind === 'number') reader.next();
    reader.needs(']');
    text += '[]';
  }
  return text;
}

function numberText(tree: Tree): string {
  if (tree.kind !== 'number') throw new Beyond();
  return tree.text;
}

function caseTree(reader: Reader): Tree {
  const subject = reader.sees('when') ? null : expression(reader, 0);
  const branches: { when: Tree; result: Tree }[] = [];
  while (reader.takes('when')) {
    const when = expression(reader, 0);
    reader.needs('then');
    branches.push({ when, result: expression(reader, 0) });
  }
  const otherwise = reader.takes('else') ? expression(reader, 0) : null;
  reader.needs('end');
  return { kind: 'case', subject, branches, otherwise };
}

function castCall(reader: Reader): Tree {
  reader.needs('(');
  const item = expression(reader, 0);
  reader.needs('as');
  const type = typeName(reader);
  reader.needs(')');
  return { kind: 'cast', item, type };
}

/** Function names that are keywords, with plain arguments. */
const callable = new Set(['coalesce', 'greatest', 'least', 'nullif', 'left', 'right', 'row']);
const standalone = /^(null|true|false|current_\w+|session_user|user|localtime|localtimestamp)$/;

function keyword(reader: Reader, word: string): Tree {
  if (word === 'case') return caseTree(reader);
  if (word === 'cast') return castCall(reader);
  if (word === 'array' && reader.takes('[')) return { kind: 'array', items: list(reader, ']') };
  if (reader.token?.kind === 'string') return { kind: 'cast', item: primary(reader), type: word };
  if (standalone.test(word) && !reader.sees('(')) return { kind: 'keyword', text: word };
  if (callable.has(word) && reader.takes('('))
    return { kind: 'call', path: [word], items: list(reader, ')') };
  throw new Beyond();
}

/** A column or a function, qualified or not. */
function path(reader: Reader, first: Token): Tree {
  const names = [first.text];
  while (reader.takes('.')) {
    const part = reader.next();
    if (part.kind !== 'word' && part.kind !== 'name') throw new Beyond();
    names.push(part.text);
  }
  if (!reader.takes('(')) {
    const literal = names.length === 1 && first.kind === 'word' && reader.token?.kind === 'string';
    return literal
      ? { kind: 'cast', item: primary(reader), type: first.text }
      : { kind: 'column', path: names };
  }
  const call: Tree = { kind: 'call', path: names, items: list(reader, ')') };
  if (reader.sees('over', 'filter', 'within')) throw new Beyond();
  return call;
}

function parenthesised(reader: Reader): Tree {
  const items = list(reader, ')');
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: 'row', items };
}

function primary(reader: Reader): Tree {
  const token = reader.next();
  switch (token.kind) {
    case 'string':
    case 'number':
      return { kind: token.kind, text: token.text };
    case 'name':
      return path(reader, token);
    case 'word':
      return isKeyword(token.text) ? keyword(reader, token.text) : path(reader, token);
    default:
      if (token.text === '(') return parenthesised(reader);
      throw new Beyond();
  }
}

function withSuffixes(reader: Reader): Tree {
  let tree = primary(reader);
  for (;;) {
    if (reader.takes('::')) tree = { kind: 'cast', item: tree, type: typeName(reader) };
    else if (reader.takes('[')) {
      tree = { kind: 'element', item: tree, index: expression(reader, 0) };
      reader.needs(']');
    } else return tree;
  }
}

function prefixed(reader: Reader): Tree {
  if (reader.takes('not'))
    return { kind: 'prefix', operator: 'not', item: expression(reader, bindingOf('not')) };
  for (const sign of ['-', '+']) {
    if (reader.takes(sign)) return { kind: 'prefix', operator: sign, item: expression(reader, signBinding) };
  }
  if (reader.token?.kind === 'operator') {
    return { kind: 'prefix', operator: reader.next().text, item: expression(reader, otherBinding) };
  }
  return withSuffixes(reader);
}

/** The operator that comes next, with the words it takes; `null` if none does. */
function operatorAhead(reader: Reader): { readonly name: string; readonly words: number } | null {
  const { token } = reader;
  if (token === undefined || token.kind === 'name') return null;
  if (token.kind === 'operator') return { name: token.text, words: 1 };
  if (token.kind !== 'word') return null;
  if (token.text === 'not') {
    const second = reader.after(1)?.text ?? '';
    return ['like', 'ilike', 'in', 'between'].includes(second) ? { name: `not ${second}`, words: 2 } : null;
  }
  if (token.text === 'at') return { name: 'at time zone', words: 3 };
  const known = ['or', 'and', 'is', 'isnull', 'notnull', 'in', 'between', 'like', 'ilike', 'collate'];
  return known.includes(token.text) ? { name: token.text, words: 1 } : null;
}

const strength: Readonly<Record<string, number>> = {
  'not in': 6,
  'not between': 6,
  isnull: 4,
  notnull: 4,
  '!=': 5,
};

function strengthOf(operator: string): number {
  return strength[operator] ?? bindingOf(operator);
}

function isTree(reader: Reader, left: Tree): Tree {
  const words: string[] = [];
  if (reader.takes('not')) words.push('not');
  const what = reader.next();
  if (what.kind !== 'word' || !['null', 'true', 'false', 'unknown', 'distinct'].includes(what.text))
    throw new Beyond();
  words.push(what.text);
  if (what.text !== 'distinct') return { kind: 'suffix', operator: `is ${words.join(' ')}`, item: left };
  reader.needs('from');
  return { kind: 'binary', operator: `is ${words.join(' ')} from`, left, right: expression(reader, 5) };
}

function betweenTree(reader: Reader, left: Tree, not: boolean): Tree {
  const low = expression(reader, 7);
  reader.needs('and');
  const high = expression(reader, 7);
  const compare = (operator: string, right: Tree): Tree => ({ kind: 'binary', operator, left, right });
  if (not) return { kind: 'binary', operator: 'or', left: compare('<', low), right: compare('>', high) };
  return { kind: 'binary', operator: 'and', left: compare('>=', low), right: compare('<=', high) };
}

function inTree(reader: Reader, item: Tree, not: boolean): Tree {
  reader.needs('(');
  if (reader.sees('select', 'with', 'values')) throw new Beyond();
  return { kind: 'in', item, items: list(reader, ')'), not };
}

const sameOperator: Readonly<Record<string, string>> = {
  '!=': '<>',
  '~~': 'like',
  '!~~': 'not like',
  '~~*': 'ilike',
  '!~~*': 'not ilike',
};

/** `x = ANY (array)`, or a plain operator. */
function binaryTree(reader: Reader, left: Tree, written: string): Tree {
  const operator = sameOperator[written] ?? written;
  if (reader.sees('any', 'all', 'some')) {
    const quantifier = reader.next().text === 'all' ? 'all' : 'any';
    reader.needs('(');
    if (reader.sees('select', 'with', 'values')) throw new Beyond();
    const array = expression(reader, 0);
    reader.needs(')');
    return { kind: 'quantified', item: left, operator, quantifier, array };
  }
  if (operator === 'collate') {
    const name = reader.next();
    if (name.kind !== 'name' && name.kind !== 'word') throw new Beyond();
    return { kind: 'binary', operator, left, right: { kind: 'column', path: [name.text] } };
  }
  const right = expression(reader, strengthOf(operator));
  if (reader.sees('escape')) throw new Beyond();
  return { kind: 'binary', operator, left, right };
}

function extended(reader: Reader, left: Tree, operator: string): Tree {
  switch (operator) {
    case 'is':
      return isTree(reader, left);
    case 'isnull':
    case 'notnull':
      return { kind: 'suffix', operator: operator === 'isnull' ? 'is null' : 'is not null', item: left };
    case 'between':
    case 'not between':
      return betweenTree(reader, left, operator !== 'between');
    case 'in':
    case 'not in':
      return inTree(reader, left, operator !== 'in');
    default:
      return binaryTree(reader, left, operator);
  }
}

/** Everything that binds more tightly than `floor`. */
function expression(reader: Reader, floor: number): Tree {
  let left = prefixed(reader);
  for (;;) {
    const operator = operatorAhead(reader);
    if (operator === null || strengthOf(operator.name) <= floor) return left;
    for (let i = 0; i < operator.words; i += 1) reader.next();
    left = extended(reader, left, operator.name);
  }
}

/** The tree of a whole expression; `null` where the grammar ends. */
export function parseExpression(tokens: readonly Token[]): Tree | null {
  const reader = readerOf(tokens);
  try {
    const tree = expression(reader, 0);
    return reader.token === undefined ? tree : null;
  } catch (error) {
    if (error instanceof Beyond || error instanceof RangeError) return null;
    throw error;
  }
}
