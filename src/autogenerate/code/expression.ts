// The few forms of TypeScript that a revision is written in, as data.
// In: names and values. Out: Expression. Must not know operations, width or files.

import { invariant } from '../../kernel/invariant.ts';

/** Code that can be laid out as text, and carried out to see what it says. */
export type Expression =
  | { readonly kind: 'name'; readonly name: 'op' | 't' }
  | {
      readonly kind: 'literal';
      readonly value: string | number | boolean | null;
      /** True: a statement, that its reader may change. */
      readonly isSql?: boolean;
    }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | {
      readonly kind: 'record';
      readonly members: readonly (readonly [name: string, value: Expression])[];
      /** True: one member a line, also where all of them would fit on one. */
      readonly isOpen: boolean;
    }
  | Call
  /** `(op) => { … }` */
  | { readonly kind: 'steps'; readonly calls: readonly Expression[] };

export interface Call {
  readonly kind: 'call';
  /** The object whose method is called; `null`: a function. */
  readonly on: Expression | null;
  readonly name: string;
  readonly given: readonly Expression[];
}

/** A JSON value as code; `undefined` members are left out. */
export function json(value: unknown): Expression {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(json) };
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return {
      kind: 'record',
      members: members.map(([name, member]) => [name, json(member)] as const),
      isOpen: false,
    };
  }
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  invariant(isPlain || value === null, 'only JSON can be written as code');
  return { kind: 'literal', value };
}

type Given = Readonly<Record<string, Expression | undefined>>;

/** An object; its `undefined` members are left out. */
export function record(members: Given): Expression {
  const given = Object.entries(members).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { kind: 'record', members: given, isOpen: false };
}

const isEmpty = (expression: Expression): boolean =>
  expression.kind === 'record' && expression.members.length === 0;

/** A call. Options at its end that say nothing are left out. */
export function call(on: Expression | null, name: string, ...given: readonly Expression[]): Call {
  const last = given.findLastIndex((one) => !isEmpty(one));
  return { kind: 'call', on, name, given: given.slice(0, last + 1) };
}

/** The value, unless it is what goes without saying. */
export function unless<T>(usual: T, value: T): T | undefined {
  return value === usual ? undefined : value;
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'list':
      return expression.items;
    case 'record':
      return expression.members.map(([, value]) => value);
    case 'steps':
      return expression.calls;
    case 'call':
      return expression.on === null ? expression.given : [expression.on, ...expression.given];
    default:
      return [];
  }
}

/** The names that the code needs from the package. */
export function importsOf(expression: Expression): readonly string[] {
  const within = partsOf(expression).flatMap(importsOf);
  if (expression.kind === 'call' && expression.on === null) return [expression.name, ...within];
  return expression.kind === 'name' && expression.name !== 'op' ? [expression.name] : within;
}
