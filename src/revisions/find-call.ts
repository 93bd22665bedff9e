// The call of a module that recorded an operation.
// In: the module's text, a place. Out: where the call stands, and whether it speaks for itself. Must not know operations.

import type { Place } from '../kernel/load-module.ts';
import type { JsToken } from './js-lexer.ts';
import { openLexer } from './js-lexer.ts';

/** A call `op.method(…)` of a module. */
export interface FoundCall {
  /** Offsets; `end` is behind the semicolon where the call is a statement of its own. */
  readonly start: number;
  readonly end: number;
  /** What the module calls the builder. */
  readonly receiver: string;
  readonly isStatement: boolean;
  /** The first name in it that it does not define: its values come from elsewhere. `null`: it says all of them. */
  readonly foreignName: string | null;
  /** The comments in it, in order. */
  readonly comments: readonly string[];
}

const ownWords = new Set('true false null undefined t sql as const satisfies'.split(' '));
const heads = new Set(['if', 'for', 'while', 'with', 'await']);

/** The tokens of a module. */
export function tokensOf(text: string): readonly JsToken[] {
  const lexer = openLexer(text);
  const tokens: JsToken[] = [];
  for (let token = lexer.next(); token; token = lexer.next()) tokens.push(token);
  return tokens;
}

function offsetOf(text: string, { line, column }: Place): number {
  let start = 0;
  for (let n = 1; n < line && start >= 0; n++) start = text.indexOf('\n', start) + 1 || -1;
  return start < 0 || column === null ? -1 : start + column - 1;
}

const endOf = ({ start, text }: JsToken): number => start + text.length;

/** The index of the bracket that ends, or with `step` -1 begins, what the one at `from` belongs to; -1: there is none. */
function matching(tokens: readonly JsToken[], from: number, step: 1 | -1): number {
  let depth = 0;
  for (let i = from; i >= 0 && i < tokens.length; i += step) {
    if (tokens[i]?.kind === 'open') depth += step;
    if (tokens[i]?.kind === 'close') depth -= step;
    if (depth === 0) return i;
  }
  return -1;
}

/** True where a statement may begin behind this token. */
function mayBegin(tokens: readonly JsToken[], at: number, hasBreak: boolean): boolean {
  const token = tokens[at];
  if (token === undefined || [';', '{', '}'].includes(token.text)) return true;
  if (!hasBreak || token.kind === 'other' || token.kind === 'open') return false;
  if (token.text === 'else' || token.text === 'do' || token.text === 'return') return false;
  if (token.text !== ')') return true;
  return !heads.has(tokens[matching(tokens, at, -1) - 1]?.text ?? '');
}

/** True where the statement ends before this token, with no semicolon. */
function mayEnd(token: JsToken | undefined, hasBreak: boolean): boolean {
  if (token === undefined || token.text === '}') return true;
  return hasBreak && token.kind === 'word';
}

/** The parameters of the arrow functions among these tokens. */
function parametersOf(tokens: readonly JsToken[]): ReadonlySet<string> {
  const names = new Set<string>();
  tokens.forEach((token, i) => {
    if (token.text !== '=' || tokens[i + 1]?.text !== '>') return;
    const before = tokens[i - 1];
    if (before?.kind === 'word') names.add(before.text);
    if (before?.text !== ')') return;
    const inside = tokens.slice(Math.max(0, matching(tokens, i - 1, -1)), i);
    for (const { kind, text } of inside) if (kind === 'word') names.add(text);
  });
  return names;
}

function foreignNameIn(tokens: readonly JsToken[]): string | null {
  const own = parametersOf(tokens);
  const found = tokens.find(({ kind, text }, i) => {
    const before = tokens[i - 1]?.text ?? '';
    if (kind !== 'word' || ownWords.has(text) || own.has(text)) return false;
    if (before === '.') return tokens[i - 2]?.text === '.';
    const isKey = tokens[i + 1]?.text === ':' && (before === '{' || before === ',');
    return !isKey;
  });
  return found?.text ?? null;
}

const comment = /\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g;

/** The comments between tokens. */
function commentsIn(text: string, tokens: readonly JsToken[]): readonly string[] {
  return tokens.slice(1).flatMap((token, i) => {
    const before = tokens[i];
    return before ? (text.slice(endOf(before), token.start).match(comment) ?? []) : [];
  });
}

const breaksBetween = (text: string, a: JsToken | undefined, b: JsToken | undefined): boolean =>
  a === undefined || b === undefined || text.slice(endOf(a), b.start).includes('\n');

/** The call whose method's name stands at the place; `null`: no `op.method(…)` does. */
export function findCall(text: string, place: Place): FoundCall | null {
  const tokens = tokensOf(text);
  const offset = offsetOf(text, place);
  const at = tokens.findIndex(({ start }) => start === offset);
  const [receiver, dot, method, bracket] = tokens.slice(Math.max(0, at - 2), at + 2);
  if (at < 2 || receiver?.kind !== 'word' || dot?.text !== '.' || method?.kind !== 'word') return null;
  if (tokens[at - 3]?.text === '.' || bracket?.text !== '(') return null;
  const last = matching(tokens, at + 1, 1);
  const [closing, behind] = [tokens[last], tokens[last + 1]];
  if (last < 0 || closing === undefined) return null;
  const hasSemicolon = behind?.text === ';';
  const isStatement =
    mayBegin(tokens, at - 3, breaksBetween(text, tokens[at - 3], receiver)) &&
    (hasSemicolon || mayEnd(behind, breaksBetween(text, closing, behind)));
  const end = isStatement && hasSemicolon ? last + 1 : last;
  return {
    start: receiver.start,
    end: endOf(tokens[end] ?? closing),
    receiver: receiver.text,
    isStatement,
    foreignName: foreignNameIn(tokens.slice(at + 1, last + 1)),
    comments: commentsIn(text, tokens.slice(at - 2, end + 1)),
  };
}
