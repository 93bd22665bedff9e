import type { Token } from './tokens.ts';

/** A token on its way into the one spelling. */
export interface Lexeme {
  readonly kind: Token['kind'];
  readonly text: string;
}

/** How tightly an operator binds; what is not here is no operator, or one that is left alone. */
const levels: Readonly<Record<string, number>> = {
  or: 1,
  xor: 2,
  and: 3,
  '=': 5,
  '<=>': 5,
  '>=': 5,
  '>': 5,
  '<=': 5,
  '<': 5,
  '<>': 5,
  is: 5,
  like: 5,
  in: 5,
  regexp: 5,
  rlike: 5,
  '|': 6,
  '&': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
  div: 10,
  mod: 10,
  '^': 11,
};

/** A sign before a value binds tighter than any operator between two. */
const sign = 12;
const operand = 100;

/** Words and signs whose reach depends on more than their level. */
const unclear = new Set(
  'not between case when then else end interval binary collate escape select exists row array member over ! ~ := -> ->> ,'.split(
    ' ',
  ),
);

function levelOf(piece: Lexeme | undefined): number | null {
  if (!piece || piece.kind === 'name' || piece.kind === 'string' || piece.kind === 'number') return null;
  return Object.hasOwn(levels, piece.text) ? (levels[piece.text] ?? null) : null;
}

/** True for a sign that is no operator between two values: `-1`, `* -2`. */
function isUnary(pieces: readonly Lexeme[], i: number): boolean {
  const before = pieces[i - 1];
  return (
    ['-', '+'].includes(pieces[i]?.text ?? '') &&
    (!before || before.text === '(' || before.text === ',' || levelOf(before) !== null)
  );
}

const levelAt = (pieces: readonly Lexeme[], i: number): number =>
  isUnary(pieces, i) ? sign : (levelOf(pieces[i]) ?? operand);

/** NOT reaches as far as it can, but for that of IS NOT. */
const isUnclear = ({ kind, text }: Lexeme, before: Lexeme | undefined): boolean =>
  kind !== 'name' && kind !== 'string' && unclear.has(text) && !(text === 'not' && before?.text === 'is');

/** The level of the loosest operator outside of inner parentheses; `null`: not sure. */
function levelInside(pieces: readonly Lexeme[]): number | null {
  let depth = 0;
  let lowest = operand;
  for (const [i, piece] of pieces.entries()) {
    if (piece.text === '(' && piece.kind === 'symbol') depth += 1;
    else if (piece.text === ')' && piece.kind === 'symbol') depth -= 1;
    else if (depth === 0) {
      if (isUnclear(piece, pieces[i - 1])) return null;
      lowest = Math.min(lowest, levelAt(pieces, i));
    }
  }
  return lowest;
}

interface Neighbours {
  readonly before: Lexeme | undefined;
  readonly after: Lexeme | undefined;
}

/** The level that a neighbour demands; an end or an outer parenthesis demands nothing; `null`: leave it alone. */
function demand(piece: Lexeme | undefined, edge: '(' | ')'): number | null {
  if (!piece || (piece.kind === 'symbol' && piece.text === edge)) return 0;
  // What follows IN is a list, however short.
  return piece.text === 'in' ? null : levelOf(piece);
}

function isRedundant(inside: readonly Lexeme[], { before, after }: Neighbours): boolean {
  const level = levelInside(inside);
  const left = demand(before, '(');
  const right = after?.text === 'in' ? 5 : demand(after, ')');
  if (level === null || left === null || right === null) return false;
  // AND and OR may be grouped either way, arithmetic from the left only, comparisons not at all.
  if (level === 1 || level === 3) return level >= left && level >= right;
  return level === 5 ? level > left && level > right : level > left && level >= right;
}

function closingOf(pieces: readonly Lexeme[], open: number): number {
  let depth = 0;
  for (let i = open; i < pieces.length; i += 1) {
    const piece = pieces[i];
    if (piece?.kind !== 'symbol') continue;
    if (piece.text === '(') depth += 1;
    if (piece.text === ')') depth -= 1;
    if (depth === 0) return i;
  }
  return -1;
}

/** The place of the closing parenthesis, if the pair that opens here can go; -1 if it stays. */
function redundantUntil(pieces: readonly Lexeme[], open: number): number {
  if (pieces[open]?.kind !== 'symbol' || pieces[open]?.text !== '(') return -1;
  const close = closingOf(pieces, open);
  if (close < open + 2) return -1;
  const inside = pieces.slice(open + 1, close);
  if (isUnary(pieces, open - 1)) return (levelInside(inside) ?? 0) > sign ? close : -1;
  const sides = { before: pieces[open - 1], after: pieces[close + 1] };
  return isRedundant(inside, sides) ? close : -1;
}

/**
 * Takes away parentheses that the order of operations makes needless. The server puts them around everything, people
 * around little. Where BETWEEN lends its AND to something else, all stay. One pass from the left is enough: what goes
 * inside a pair that has stayed gives no reason to take that pair away.
 */
export function withoutNeedlessParentheses(pieces: readonly Lexeme[]): readonly Lexeme[] {
  if (pieces.some((piece) => piece.kind === 'word' && piece.text === 'between')) return pieces;
  const left = [...pieces];
  for (let open = 0; open < left.length; open += 1) {
    for (let close = redundantUntil(left, open); close >= 0; close = redundantUntil(left, open)) {
      left.splice(close, 1);
      left.splice(open, 1);
    }
  }
  return left;
}
