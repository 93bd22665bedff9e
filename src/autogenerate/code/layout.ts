// Code as text that people like to read, laid out as the usual formatters do.
// In: Expression, a width. Out: text. Must not know what the code says.

import { stringLiteral } from '../../revisions/render.ts';
import type { Call, Expression } from './expression.ts';
import { memberName, sqlLiteral, template } from './literals.ts';

/** Room for code. */
export interface Frame {
  readonly width: number;
  /** Spaces before each line but the first. */
  readonly indent: number;
  /** Characters that stand on the line already, before the code. */
  readonly before: number;
  /** Characters that follow on the line of its end. */
  readonly behind: number;
}

/** Shorter texts read better on one line, with `\n` in them. */
const shortestTemplate = 40;

/** A text that is laid out as it reads, over several lines. */
const isTemplate = (one: Expression): boolean =>
  one.kind === 'literal' &&
  typeof one.value === 'string' &&
  one.value.length > shortestTemplate &&
  one.value.includes('\n');

/** Lists and objects of several things that hold several things each read as a table: a line for each. */
function isTable(items: readonly Expression[]): boolean {
  const size = (one: Expression): number => {
    if (one.kind === 'list') return one.items.length;
    return one.kind === 'record' ? one.members.length : 0;
  };
  return items.length > 1 && items.every((one) => one.kind === items[0]?.kind && size(one) > 1);
}

function flatAll(items: readonly Expression[]): string | null {
  const texts = items.map(flat);
  return texts.every((one) => one !== null) ? texts.join(', ') : null;
}

const wrapped = (open: string, inside: string | null, close: string): string | null =>
  inside === null ? null : `${open}${inside}${close}`;

function flatLiteral(literal: Expression & { readonly kind: 'literal' }): string | null {
  if (isTemplate(literal)) return null;
  if (typeof literal.value !== 'string') return String(literal.value);
  return literal.isSql ? sqlLiteral(literal.value) : stringLiteral(literal.value);
}

function flatRecord({ members, isOpen }: Expression & { readonly kind: 'record' }): string | null {
  if (members.length === 0) return '{}';
  const texts = members.map(([name, value]) => wrapped(`${memberName(name)}: `, flat(value), ''));
  return isOpen || texts.some((one) => one === null) ? null : `{ ${texts.join(', ')} }`;
}

function flatCall({ on, name, given }: Call): string | null {
  const start = on === null ? '' : wrapped('', flat(on), '.');
  return start === null ? null : wrapped(`${start}${name}(`, flatAll(given), ')');
}

/** The code on one line; `null`: it cannot be, or should not. */
function flat(expression: Expression): string | null {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'literal':
      return flatLiteral(expression);
    case 'list':
      return isTable(expression.items) ? null : wrapped('[', flatAll(expression.items), ']');
    case 'record':
      return flatRecord(expression);
    case 'steps':
      return null;
    case 'call':
      return flatCall(expression);
  }
}

const spaces = (indent: number): string => ' '.repeat(indent);

/** Things one a line, between brackets, each with a comma behind it. */
function lines(brackets: string, { indent }: Frame, items: readonly string[]): string {
  const inner = spaces(indent + 2);
  const body = items.map((item) => `${inner}${item},\n`).join('');
  return `${brackets.slice(0, 1)}\n${body}${spaces(indent)}${brackets.slice(1)}`;
}

const inside = (frame: Frame): Frame => ({
  width: frame.width,
  indent: frame.indent + 2,
  before: frame.indent + 2,
  behind: 1,
});

function memberText(name: string, value: Expression, frame: Frame): string {
  const label = `${memberName(name)}:`;
  const within = inside(frame);
  const text = layOut(value, { ...within, before: within.before + label.length + 1 });
  const isLong = within.before + label.length + 1 + text.length + 1 > frame.width;
  const isLiteral = value.kind === 'literal' && typeof value.value === 'string';
  if (isLiteral && isLong && !text.includes('\n')) return `${label}\n${spaces(within.indent + 2)}${text}`;
  return `${label} ${text}`;
}

/** The calls of a chain, the first one first, and what they begin with. */
function chainOf(expression: Call): { readonly root: Expression | null; readonly calls: readonly Call[] } {
  const calls: Call[] = [];
  let on: Expression | null = expression;
  while (on?.kind === 'call') {
    calls.unshift(on);
    on = on.on;
  }
  return { root: on, calls };
}

/** The last thing given to a call may open on the line of the call: an object or a list that is unlike the one before it. */
function mayHug(given: readonly Expression[]): boolean {
  const last = given.at(-1);
  if (given.length === 1 && last && isTemplate(last)) return true;
  if (last?.kind !== 'record' && last?.kind !== 'list' && last?.kind !== 'steps') return false;
  const size = last.kind === 'record' ? last.members.length : 1;
  return size > 0 && given.at(-2)?.kind !== last.kind;
}

function hugged(given: readonly Expression[], frame: Frame): string | null {
  const last = given.at(-1);
  const first = flatAll(given.slice(0, -1));
  if (!last || first === null || !mayHug(given)) return null;
  const start = first === '' ? '' : `${first}, `;
  const before = frame.before + start.length + 1;
  if (before + 1 > frame.width) return null;
  return `(${start}${broken(last, { ...frame, before, behind: frame.behind + 1 })})`;
}

function given(expressions: readonly Expression[], frame: Frame): string {
  const one = flatAll(expressions);
  if (one !== null && frame.before + one.length + 2 + frame.behind <= frame.width) return `(${one})`;
  if (expressions.length === 0) return '()';
  return (
    hugged(expressions, frame) ??
    lines(
      '()',
      frame,
      expressions.map((each) => layOut(each, inside(frame))),
    )
  );
}

/** All calls on the line where the chain begins; what the last one is given opens there. `null`: it does not fit. */
function inLine(start: string, calls: readonly Call[], frame: Frame): string | null {
  const last = calls.at(-1);
  const heads = calls.slice(0, -1).map(({ name, given }) => wrapped(`.${name}(`, flatAll(given), ')'));
  if (!last || heads.some((one) => one === null)) return null;
  const head = `${start}${heads.join('')}.${last.name}`;
  const tail = hugged(last.given, { ...frame, before: frame.before + head.length });
  return tail === null ? null : `${head}${tail}`;
}

function chainText(expression: Call, frame: Frame): string {
  const { root, calls } = chainOf(expression);
  const start = root === null ? '' : (flat(root) ?? '');
  const [only] = calls;
  if (calls.length === 1 && only) {
    const head = `${start}${only.on === null ? '' : '.'}${only.name}`;
    return `${head}${given(only.given, { ...frame, before: frame.before + head.length })}`;
  }
  const { indent } = inside(frame);
  const parts = calls.map(({ name, given: values }, i) => {
    const behind = i === calls.length - 1 ? frame.behind : 0;
    return `.${name}${given(values, { ...frame, indent, before: indent + name.length + 1, behind })}`;
  });
  const firstBroken = parts.findIndex((part) => part.includes('\n'));
  const short = firstBroken === parts.length - 1 ? inLine(start, calls, frame) : null;
  return short ?? `${start}${parts.map((part) => `\n${spaces(indent)}${part}`).join('')}`;
}

function stepsText(calls: readonly Expression[], frame: Frame): string {
  const within = inside(frame);
  const body = calls.map((one) => `${spaces(within.indent)}${layOut(one, within)};\n`);
  return `(op) => {\n${body.join('')}${spaces(frame.indent)}}`;
}

/** The code on several lines, as far as it has parts. */
function broken(expression: Expression, frame: Frame): string {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'literal':
      return isTemplate(expression) ? template(String(expression.value)) : (flat(expression) ?? '');
    case 'list':
      return lines(
        '[]',
        frame,
        expression.items.map((item) => layOut(item, inside(frame))),
      );
    case 'record':
      return lines(
        '{}',
        frame,
        expression.members.map(([name, value]) => memberText(name, value, frame)),
      );
    case 'steps':
      return stepsText(expression.calls, frame);
    case 'call':
      return chainText(expression, frame);
  }
}

/** The code as text: on one line where it fits, else on several. */
export function layOut(expression: Expression, frame: Frame): string {
  const one = flat(expression);
  const fits = one !== null && frame.before + one.length + frame.behind <= frame.width;
  return fits ? one : broken(expression, frame);
}
