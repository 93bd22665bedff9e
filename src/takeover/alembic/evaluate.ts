// Expressions → values, for one kind of database. Calls that do something are handed on.
// In: Expression, names. Out: Value. Must not know what a directive does.

import type { Argument, Expression } from '../python/tree.ts';
import { callBuiltin, callMethod, isBuiltin, membersOf, percentFormat, show } from './builtins.ts';
import { attributeOfClass, attributeOfMember } from './classes.ts';
import type { Made, Scope, Value } from './value.ts';
import { constant, isAsked, keyOf, list, lookUp, pathOf, truthOf, unknown } from './value.ts';

/** What evaluation needs of the machine that runs statements. */
export interface Evaluator {
  /** As SQLAlchemy calls it. */
  readonly dialectName: string;
  /** The answer of the rules to an expression, by its text. */
  answer(text: string): boolean | undefined;
  readonly text: string;
  /** A call of something of this file. */
  callFunction(
    callee: Extract<Value, { kind: 'function' | 'lambda' }>,
    call: Pick<Made, 'given' | 'named'>,
  ): Value;
  /** A call of something foreign: may do something; else gives back what was made. */
  callForeign(made: Made): Value;
}

/** Names bound to the members of a value. */
export function bindTarget(target: Expression, value: Value, scope: Scope): void {
  if (target.kind === 'name') scope.names.set(target.name, value);
  if (target.kind === 'item' || target.kind !== 'sequence') return;
  const members = membersOf(value);
  target.items.forEach(({ value: one }, at) => {
    bindTarget(
      one,
      members?.[at] ?? unknown('a part of something that is not constant', isAsked(value)),
      scope,
    );
  });
}

type Reader<K extends Expression['kind']> = (
  expression: Extract<Expression, { kind: K }>,
  scope: Scope,
  machine: Evaluator,
) => Value;

const notConstant = (guard: boolean): Value => unknown('a value that only the database knows', guard);

function attributeOf(on: Value, name: string, machine: Evaluator): Value {
  if (on.kind === 'class') return attributeOfClass(on, name) ?? { kind: 'attribute', on, name };
  if (on.kind === 'member') return attributeOfMember(on, name);
  // `op.get_context().impl.__dialect__`
  if (name === '__dialect__') return constant(machine.dialectName);
  if (on.kind === 'symbol') return { kind: 'symbol', path: `${on.path}.${name}` };
  // `bind.dialect.name`, `op.get_context().dialect.name`, `bind.engine.name`
  const isDialect = on.kind === 'attribute' && (on.name === 'dialect' || on.name === 'engine');
  if (name === 'name' && isDialect) return constant(machine.dialectName);
  if (name === 'as_sql') return constant(false);
  if (on.kind === 'unknown') return on;
  return { kind: 'attribute', on, name };
}

function compare(operator: string, left: Value, right: Value): boolean | null {
  const [a, b] = [keyOf(left), keyOf(right)];
  if (a === null || b === null) return null;
  const [x, y] = [left, right].map((one) => (one.kind === 'constant' ? one.value : null));
  switch (operator) {
    case '==':
    case 'is':
      return a === b;
    case '!=':
    case 'is not':
      return a !== b;
    default:
      if (typeof x !== typeof y || x === null || y === null || x === undefined || y === undefined)
        return null;
      if (operator === '<') return x < y;
      if (operator === '>') return x > y;
      if (operator === '<=') return x <= y;
      return operator === '>=' ? x >= y : null;
  }
}

function contains(left: Value, right: Value): boolean | null {
  const key = keyOf(left);
  if (key === null) return null;
  if (right.kind === 'constant' && typeof right.value === 'string') {
    return left.kind === 'constant' && typeof left.value === 'string'
      ? right.value.includes(left.value)
      : null;
  }
  const members = membersOf(right);
  if (!members) return null;
  const keys = members.map(keyOf);
  return keys.includes(key) ? true : keys.includes(null) ? null : false;
}

type Sequence = Extract<Value, { kind: 'sequence' }>;

function joinedLists(operator: string, left: Sequence, right: Sequence): Value | null {
  const guard = isAsked(left) || isAsked(right);
  if (operator === '+' || operator === '|') return list([...left.items, ...right.items], left.type, guard);
  if (operator !== '-' && operator !== '&') return null;
  const keys = right.items.map(keyOf);
  const kept = left.items.filter((one) => keys.includes(keyOf(one)) === (operator === '&'));
  return list(kept, left.type, guard);
}

function textOperation(operator: string, text: string, right: Value): string | null {
  if (operator === '%') return percentFormat(text, right);
  const value = right.kind === 'constant' ? right.value : null;
  if (operator === '+' && typeof value === 'string') return text + value;
  const isCount = operator === '*' && typeof value === 'number' && value < 10_000;
  return isCount ? text.repeat(Math.max(0, value)) : null;
}

const calculations: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '%': (a, b) => a - b * Math.floor(a / b),
  '**': (a, b) => a ** b,
};

function arithmetic(operator: string, left: Value, right: Value): Value | null {
  if (left.kind === 'sequence' && right.kind === 'sequence') return joinedLists(operator, left, right);
  if (left.kind !== 'constant') return null;
  if (typeof left.value === 'string') {
    const text = textOperation(operator, left.value, right);
    return text === null ? null : constant(text);
  }
  if (right.kind !== 'constant' || typeof left.value !== 'number' || typeof right.value !== 'number')
    return null;
  const calculate = Object.hasOwn(calculations, operator) ? calculations[operator] : undefined;
  const result = calculate?.(left.value, right.value);
  return result === undefined || !Number.isFinite(result) ? null : constant(result);
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=', 'is', 'is not']);

function binaryOf(operator: string, left: Value, right: Value): Value {
  const guard = isAsked(left) || isAsked(right);
  const isNone = right.kind === 'constant' && right.value === null;
  if (
    isNone &&
    /^is/.test(operator) &&
    (left.kind === 'made' || left.kind === 'symbol' || left.kind === 'function')
  ) {
    return constant(operator === 'is not');
  }
  if (operator === 'in' || operator === 'not in') {
    const found = contains(left, right);
    if (found !== null) return constant(found === (operator === 'in'), guard);
  }
  if (comparisons.has(operator)) {
    const found = compare(operator, left, right);
    if (found !== null) return constant(found, guard);
  }
  const result = arithmetic(operator, left, right);
  if (result) return result;
  if (left.kind === 'unknown' || right.kind === 'unknown') return notConstant(guard);
  return { kind: 'binary', operator, left, right };
}

/** A test of the application's, by its name: `is_sqlite()`, `settings.pg_uri`. */
function testedDialect(value: Value): string | null {
  const path = value.kind === 'attribute' ? value.name : pathOf(value);
  if (/^(sqlalchemy|alembic)\b/.test(path)) return null;
  const leaf = path.split('.').at(-1) ?? '';
  const [, word] = /(?:^|_)(pg|postgres(?:ql)?|sqlite|mysql|mariadb)(?:_|$)/i.exec(leaf) ?? [];
  if (word === undefined) return null;
  return /^p/i.test(word) ? 'postgresql' : /^s/i.test(word) ? 'sqlite' : 'mysql';
}

/** What Python takes the value for; a test whose name says a kind of database is true there. */
export function truthIn(value: Value, machine: Pick<Evaluator, 'dialectName'>): boolean | null {
  const truth = truthOf(value);
  const tested = truth === null ? testedDialect(value) : null;
  return tested === null ? truth : tested === machine.dialectName;
}

function logical(
  operator: string,
  left: Value,
  { right, machine }: { readonly right: () => Value; readonly machine: Evaluator },
): Value {
  const truth = truthIn(left, machine);
  const stops = operator === 'or';
  if (truth === stops) return left;
  const other = right();
  const guard = isAsked(left) || isAsked(other);
  const known = truthIn(other, machine);
  if (truth !== null) return known === null || !guard ? other : constant(known, true);
  return known === stops ? constant(stops, guard) : notConstant(guard);
}

function spreadNamed(value: Value): readonly (readonly [string, Value])[] {
  if (value.kind !== 'dict') return [['**', unknown('names that are not constant')]];
  return value.entries.map(([key, entry]) => [show(key) ?? '**', entry] as const);
}

/** Positional and named values of a call, spread where they are constant. */
function givenOf(
  given: readonly Argument[],
  scope: Scope,
  machine: Evaluator,
): Pick<Made, 'given' | 'named'> {
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  for (const { name, spread, value } of given) {
    const one = evaluate(value, scope, machine);
    if (name !== null) named.set(name, one);
    else if (spread === '**') for (const [key, entry] of spreadNamed(one)) named.set(key, entry);
    else if (spread === '*') positional.push(...(membersOf(one) ?? [unknown('a list that is not constant')]));
    else positional.push(one);
  }
  return { given: positional, named };
}

function callOf(expression: Extract<Expression, { kind: 'call' }>, scope: Scope, machine: Evaluator): Value {
  const { callee: called } = expression;
  const call = givenOf(expression.given, scope, machine);
  if (called.kind === 'name' && !lookUp(scope, called.name) && isBuiltin(called.name)) {
    return (
      callBuiltin(called.name, call.given, call.named) ??
      unknown(`${called.name}() of something that is not constant`, call.given.some(isAsked))
    );
  }
  if (called.kind === 'attribute') {
    const on = evaluate(called.on, scope, machine);
    const own = callMethod(on, called.name, call);
    if (own) return own;
    const callee =
      on.kind === 'unknown'
        ? ({ kind: 'attribute', on, name: called.name } as const)
        : attributeOf(on, called.name, machine);
    return machine.callForeign({ kind: 'made', callee, ...call });
  }
  const callee = evaluate(called, scope, machine);
  if (callee.kind === 'function' || callee.kind === 'lambda') return machine.callFunction(callee, call);
  return machine.callForeign({ kind: 'made', callee, ...call });
}

function comprehend(
  expression: Extract<Expression, { kind: 'comprehension' }>,
  scope: Scope,
  machine: Evaluator,
): Value {
  const found: (readonly [Value | null, Value])[] = [];
  let guard = false;
  let failed = false;
  const walk = (depth: number, at: Scope): void => {
    const loop = expression.loops[depth];
    if (!loop) {
      const key = expression.key && evaluate(expression.key, at, machine);
      found.push([key, evaluate(expression.element, at, machine)]);
      return;
    }
    const source = evaluate(loop.source, at, machine);
    guard ||= isAsked(source);
    const members = membersOf(source);
    failed ||= members === null;
    for (const member of members ?? []) {
      const inner: Scope = { names: new Map(), outer: at };
      bindTarget(loop.target, member, inner);
      const truths = loop.conditions.map((one) => truthIn(evaluate(one, inner, machine), machine));
      failed ||= truths.includes(null);
      if (truths.every((one) => one === true)) walk(depth + 1, inner);
    }
  };
  walk(0, scope);
  if (failed) return notConstant(guard);
  if (expression.type === 'dict') {
    return {
      kind: 'dict',
      entries: found.flatMap(([key, value]) => (key ? [[key, value] as const] : [])),
      guard,
    };
  }
  return list(
    found.map(([, value]) => value),
    expression.type,
    guard,
  );
}

function itemOf(on: Value, index: Value): Value {
  if (on.kind === 'dict') {
    const key = keyOf(index);
    const found = key === null ? undefined : on.entries.find(([one]) => keyOf(one) === key);
    if (found) return found[1];
  }
  const members = on.kind === 'dict' ? null : membersOf(on);
  if (members && index.kind === 'constant' && typeof index.value === 'number') {
    return members.at(index.value) ?? notConstant(isAsked(on));
  }
  return on.kind === 'unknown' ? on : { kind: 'item', on, index };
}

function formatOf(parts: readonly (string | Expression)[], scope: Scope, machine: Evaluator): Value {
  const texts = parts.map((part) => (typeof part === 'string' ? part : show(evaluate(part, scope, machine))));
  return texts.every((one) => one !== null)
    ? constant(texts.join(''))
    : unknown('a text that is put together while it runs');
}

function unaryOf(operator: string, value: Value, machine: Evaluator): Value {
  if (operator === 'not') {
    const truth = truthIn(value, machine);
    return truth === null ? notConstant(isAsked(value)) : constant(!truth, isAsked(value));
  }
  if (value.kind === 'constant' && typeof value.value === 'number') {
    if (operator === '-') return constant(-value.value);
    if (operator === '+') return value;
  }
  return value.kind === 'unknown' ? value : { kind: 'unary', operator, value };
}

function sliceOf(
  { on, start: first, until }: Extract<Expression, { kind: 'slice' }>,
  scope: Scope,
  machine: Evaluator,
): Value {
  const value = evaluate(on, scope, machine);
  const [start, end] = [first, until].map((one) => {
    const index = one && evaluate(one, scope, machine);
    return index?.kind === 'constant' && typeof index.value === 'number' ? index.value : undefined;
  });
  if (value.kind === 'sequence') return list(value.items.slice(start, end), value.type);
  if (value.kind === 'constant' && typeof value.value === 'string')
    return constant(value.value.slice(start, end));
  return notConstant(isAsked(value));
}

const readers: { readonly [K in Expression['kind']]: Reader<K> } = {
  constant: ({ value }) => constant(value),
  name: ({ name }, scope) => lookUp(scope, name) ?? unknown(`the name ${name} is not known`),
  attribute: ({ on, name }, scope, machine) => attributeOf(evaluate(on, scope, machine), name, machine),
  call: callOf,
  sequence: ({ items, type }, scope, machine) => list(givenOf(items, scope, machine).given, type),
  dict: ({ entries }, scope, machine) => ({
    kind: 'dict',
    entries: entries.flatMap(({ key, value }): readonly (readonly [Value, Value])[] => {
      const one = evaluate(value, scope, machine);
      if (key) return [[evaluate(key, scope, machine), one]];
      return one.kind === 'dict' ? one.entries : [[unknown('keys that are not constant'), one]];
    }),
  }),
  format: ({ parts }, scope, machine) => formatOf(parts, scope, machine),
  binary: ({ operator, left, right }, scope, machine) => {
    const first = evaluate(left, scope, machine);
    const second = () => evaluate(right, scope, machine);
    return operator === 'and' || operator === 'or'
      ? logical(operator, first, { right: second, machine })
      : binaryOf(operator, first, second());
  },
  unary: ({ operator, value }, scope, machine) => unaryOf(operator, evaluate(value, scope, machine), machine),
  conditional: ({ test, yes, no }, scope, machine) => {
    const truth = truthIn(evaluate(test, scope, machine), machine);
    if (truth === null) return unknown('a choice that is made while it runs');
    return evaluate(truth ? yes : no, scope, machine);
  },
  item: ({ on, index }, scope, machine) =>
    itemOf(evaluate(on, scope, machine), evaluate(index, scope, machine)),
  slice: sliceOf,
  comprehension: comprehend,
  lambda: ({ parameters, value }, scope) => ({ kind: 'lambda', parameters, body: value, scope }),
  other: ({ what }) => unknown(what),
};

/** The value of an expression. */
export function evaluate(expression: Expression, scope: Scope, machine: Evaluator): Value {
  const answered = machine.answer(machine.text.slice(expression.from, expression.to));
  if (answered !== undefined) return constant(answered);
  const read = readers[expression.kind] as Reader<Expression['kind']>;
  return read(expression as never, scope, machine);
}
