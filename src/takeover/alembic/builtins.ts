// Python's own functions and methods, as far as constants need them.
// In: values. Out: a value, or `null`: it is none of them. Must not know SQLAlchemy.

import { enumMembers } from './classes.ts';
import type { Value } from './value.ts';
import { constant, isAsked, keyOf, list, none, truthOf, unknown, untranslated } from './value.ts';

type Call = (given: readonly Value[], named: ReadonlyMap<string, Value>) => Value | null;

/** The members of what can be looped over; `null`: they are not known. */
export function membersOf(value: Value): readonly Value[] | null {
  if (value.kind === 'sequence') return value.items;
  if (value.kind === 'dict') return value.entries.map(([key]) => key);
  if (value.kind === 'class') return value.isEnum ? enumMembers(value) : null;
  if (value.kind === 'constant' && typeof value.value === 'string')
    return [...value.value].map((char) => constant(char));
  return null;
}

const numbers = (given: readonly Value[]): readonly number[] =>
  given.flatMap((one) => (one.kind === 'constant' && typeof one.value === 'number' ? [one.value] : []));

/** As Python writes it in a text. */
export function show(value: Value): string | null {
  if (value.kind !== 'constant') return null;
  if (value.value === null) return 'None';
  if (typeof value.value === 'boolean') return value.value ? 'True' : 'False';
  return String(value.value);
}

function range(given: readonly Value[]): Value | null {
  const found = numbers(given);
  if (found.length !== given.length || found.length === 0) return null;
  const [from = 0, until = 0, step = 1] = found.length === 1 ? [0, found[0] ?? 0] : found;
  if (step === 0 || Math.abs((until - from) / step) > 2000) return null;
  const items: Value[] = [];
  for (let at = from; step > 0 ? at < until : at > until; at += step) items.push(constant(at));
  return list(items);
}

function every(given: readonly Value[], wanted: boolean): Value | null {
  const members = given[0] && membersOf(given[0]);
  if (!members) return null;
  const truths = members.map(truthOf);
  const guard = (given[0] && isAsked(given[0])) || members.some(isAsked);
  if (truths.includes(!wanted)) return constant(!wanted, guard);
  return truths.includes(null)
    ? unknown('a condition that only the database knows', guard)
    : constant(wanted, guard);
}

function ordered(value: Value): Value | null {
  const members = membersOf(value);
  if (!members?.every((one) => one.kind === 'constant')) return null;
  const sorted = members.toSorted((a, b) => {
    const [x, y] = [show(a) ?? '', show(b) ?? ''];
    const [m, n] = numbers([a, b]);
    if (m !== undefined && n !== undefined) return m - n;
    return x < y ? -1 : x > y ? 1 : 0;
  });
  return list(sorted, 'list', isAsked(value));
}

const collect =
  (type: 'list' | 'tuple' | 'set'): Call =>
  ([value]) => {
    if (value === undefined) return list([], type);
    const members = membersOf(value);
    return members && list(members, type, isAsked(value));
  };

const functions: Readonly<Record<string, Call>> = {
  range: (given) => range(given),
  len: ([value]) => {
    const members = value && membersOf(value);
    return members ? constant(members.length, isAsked(value)) : null;
  },
  str: ([value]) => {
    const text = value && show(value);
    return text === null || text === undefined ? null : constant(text);
  },
  int: ([value]) => {
    const number = value?.kind === 'constant' ? Number(value.value) : Number.NaN;
    return Number.isInteger(number) ? constant(number) : null;
  },
  bool: ([value]) => {
    const truth = value ? truthOf(value) : false;
    return truth === null ? null : constant(truth, value !== undefined && isAsked(value));
  },
  list: collect('list'),
  tuple: collect('tuple'),
  set: collect('set'),
  frozenset: collect('set'),
  sorted: ([value], named) => {
    const backward = named.get('reverse');
    if (!value || [...named.keys()].some((key) => key !== 'reverse')) return null;
    const found = ordered(value);
    if (!backward || truthOf(backward) === false || found?.kind !== 'sequence') return found;
    return truthOf(backward) === null ? null : { ...found, items: found.items.toReversed() };
  },
  reversed: ([value]) => {
    const members = value && membersOf(value);
    return members ? list(members.toReversed()) : null;
  },
  enumerate: ([value, start]) => {
    const members = value && membersOf(value);
    const first = numbers(start ? [start] : [])[0] ?? 0;
    return members ? list(members.map((one, at) => list([constant(first + at), one], 'tuple'))) : null;
  },
  zip: (given) => {
    const lists = given.map(membersOf);
    if (lists.length === 0 || !lists.every((one) => one !== null)) return null;
    const length = Math.min(...lists.map((one) => one.length));
    return list(
      Array.from({ length }, (_, at) =>
        list(
          lists.map((one) => one[at] ?? none),
          'tuple',
        ),
      ),
    );
  },
  any: (given) => every(given, false),
  all: (given) => every(given, true),
  dict: (given, named) => {
    if (given.length > 0) return given[0]?.kind === 'dict' && named.size === 0 ? given[0] : null;
    return { kind: 'dict', entries: [...named].map(([key, value]) => [constant(key), value] as const) };
  },
  print: () => none,
  format: ([value, spec]) => {
    const text = spec ? show(spec) : '';
    return value?.kind === 'constant' && text !== null ? formattedBy(value.value, text) : null;
  },
  repr: ([value]) => {
    if (value?.kind !== 'constant') return null;
    return typeof value.value === 'string'
      ? constant(`'${value.value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`)
      : constant(show(value));
  },
  next: ([value, usual]) => {
    const members = value && membersOf(value);
    return members ? (members[0] ?? usual ?? null) : null;
  },
  isinstance: ([value]) => (value && isAsked(value) ? unknown('what only the database knows', true) : null),
};

/** A number or text by a specification: `02d`, `>5`, `.2f`; `null`: another one. */
function formattedBy(value: string | number | boolean | null, spec: string): Value | null {
  const [, fill = ' ', align, zero, width, digits, type] =
    /^(?:([^<>^=])?([<>^=]))?(0)?(\d+)?(?:\.(\d+))?([sdfx]?)$/.exec(spec) ?? [];
  if (type === undefined || typeof value === 'boolean' || value === null) return null;
  const isNumber = typeof value === 'number';
  const plain = isNumber && type === 'x' ? value.toString(16) : String(value);
  const text = isNumber && digits !== undefined ? value.toFixed(Number(digits)) : plain;
  const [size, pad] = [Number(width ?? 0), zero === '0' ? '0' : fill];
  if (align === '^') return null;
  const isRight = align === undefined ? isNumber : align !== '<';
  return constant(isRight ? text.padStart(size, pad) : text.padEnd(size, pad));
}

/** A function of Python's own; `null`: no such, or not with these values. */
export function callBuiltin(
  name: string,
  given: readonly Value[],
  named: ReadonlyMap<string, Value>,
): Value | null {
  return Object.hasOwn(functions, name) ? (functions[name]?.(given, named) ?? null) : null;
}

export const isBuiltin = (name: string): boolean => Object.hasOwn(functions, name);

/** `'…%s…' % values`; `null`: a form that is not known. */
export function percentFormat(text: string, value: Value): string | null {
  const given = value.kind === 'sequence' ? [...value.items] : [value];
  let failed = false;
  const result = text.replace(/%(?:\((\w+)\))?([sd%])/g, (_, name: string | undefined, type: string) => {
    if (type === '%') return '%';
    const found = name === undefined ? given.shift() : entryOf(value, name);
    const shown = found ? show(found) : null;
    failed ||= shown === null;
    return shown ?? '';
  });
  return failed || /%[^sd%(]/.test(text) ? null : result;
}

function entryOf(value: Value, name: string): Value | undefined {
  return value.kind === 'dict'
    ? value.entries.find(([key]) => keyOf(key) === JSON.stringify(name))?.[1]
    : undefined;
}

function formatted(text: string, given: readonly Value[], named: ReadonlyMap<string, Value>): Value | null {
  let next = 0;
  let failed = false;
  const result = text.replace(
    /\{\{|\}\}|\{(\w*)(?::([^{}]*))?\}|\{[^}]*\}/g,
    (whole, name?: string, spec?: string) => {
      if (whole === '{{' || whole === '}}') return whole.slice(1);
      const value = name === '' ? given[next++] : (named.get(name ?? '') ?? given[Number(name)]);
      const own = spec && value?.kind === 'constant' ? (formattedBy(value.value, spec) ?? undefined) : value;
      const shown = own ? show(own) : null;
      failed ||= shown === null || name === undefined;
      return shown ?? '';
    },
  );
  return failed ? null : constant(result);
}

const plain = (given: readonly Value[]): readonly string[] | null => {
  const texts = given.map((one) =>
    one.kind === 'constant' && typeof one.value === 'string' ? one.value : null,
  );
  return texts.every((one) => one !== null) ? texts : null;
};

function trim(text: string, characters: string | undefined, sides: 'both' | 'start' | 'end'): string {
  const set = new Set(characters ?? ' \t\n\r\f\v');
  let [from, until] = [0, text.length];
  while (sides !== 'end' && from < until && set.has(text[from] ?? '')) from++;
  while (sides !== 'start' && until > from && set.has(text[until - 1] ?? '')) until--;
  return text.slice(from, until);
}

const textMethods: Readonly<Record<string, (text: string, given: readonly string[]) => Value>> = {
  lower: (text) => constant(text.toLowerCase()),
  upper: (text) => constant(text.toUpperCase()),
  strip: (text, [chars]) => constant(trim(text, chars, 'both')),
  lstrip: (text, [chars]) => constant(trim(text, chars, 'start')),
  rstrip: (text, [chars]) => constant(trim(text, chars, 'end')),
  replace: (text, [from = '', to = '']) => constant(text.replaceAll(from, () => to)),
  split: (text, [mark]) =>
    list((mark === undefined ? text.trim().split(/\s+/) : text.split(mark)).map((part) => constant(part))),
  splitlines: (text) => list(text.split(/\r?\n/).map((part) => constant(part))),
  startswith: (text, [part = '']) => constant(text.startsWith(part)),
  endswith: (text, [part = '']) => constant(text.endsWith(part)),
  capitalize: (text) => constant(text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase()),
  title: (text) =>
    constant(text.toLowerCase().replace(/[a-z]+/g, (word) => word.slice(0, 1).toUpperCase() + word.slice(1))),
};

function textMethod(text: string, name: string, call: Given): Value | null {
  const { given, named } = call;
  if (name === 'format') return formatted(text, given, named);
  if (name === 'join') {
    const members = given[0] && membersOf(given[0]);
    const texts = members && plain(members);
    return texts ? constant(texts.join(text)) : null;
  }
  const texts = plain(given);
  return texts && Object.hasOwn(textMethods, name) ? (textMethods[name]?.(text, texts) ?? null) : null;
}

function dictMethod(value: Extract<Value, { kind: 'dict' }>, name: string, { given }: Given): Value | null {
  const { entries } = value;
  switch (name) {
    case 'items':
      return list(entries.map(([key, one]) => list([key, one], 'tuple')));
    case 'keys':
      return list(
        entries.map(([key]) => key),
        'list',
        isAsked(value),
      );
    case 'values':
      return list(
        entries.map(([, one]) => one),
        'list',
        isAsked(value),
      );
    case 'get': {
      const key = given[0] ? keyOf(given[0]) : null;
      if (key === null) return null;
      return entries.find(([one]) => keyOf(one) === key)?.[1] ?? given[1] ?? none;
    }
    case 'copy':
      return { ...value, entries: [...entries] };
    default:
      return null;
  }
}

function listMethod(
  value: Extract<Value, { kind: 'sequence' }>,
  name: string,
  { given }: Given,
): Value | null {
  const [first] = given;
  switch (name) {
    case 'append':
    case 'add':
      if (first) value.items.push(first);
      return none;
    case 'extend':
    case 'update': {
      const more = first ? membersOf(first) : null;
      if (!more) untranslated('a list grows by something that is not constant');
      value.items.push(...more);
      return none;
    }
    case 'copy':
      return { ...value, items: [...value.items] };
    default:
      return null;
  }
}

interface Given {
  readonly given: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

/** A method of a text, list or dict; `null`: no such. */
export function callMethod(on: Value, name: string, call: Given): Value | null {
  if (on.kind === 'constant' && typeof on.value === 'string') return textMethod(on.value, name, call);
  if (on.kind === 'dict') return dictMethod(on, name, call);
  return on.kind === 'sequence' ? listMethod(on, name, call) : null;
}
