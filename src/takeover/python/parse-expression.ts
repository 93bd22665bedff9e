// Expressions of the grammar's tree. In: a node. Out: Expression. Must not know statements.

import { numberValue, stringValue, takeQuotes, unescapeText } from './literals.ts';
import type { Argument, Comprehension, Expression, Parameter, SequenceType } from './tree.ts';

type Tree = ReturnType<typeof import('@lezer/python')['parser']['parse']>;
/** A node of the grammar's tree. */
export type Node = Tree['topNode'];

/** What the text of nodes is taken from. */
export type Source = string;

/** The parts of a node, without comments. */
export function partsOf(node: Node): readonly Node[] {
  const parts: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'Comment') parts.push(child);
  }
  return parts;
}

export const textOf = (node: Node, source: Source): string => source.slice(node.from, node.to);

/** Lists cut at a mark, without the marks; what is empty is left out. */
export function splitAt(parts: readonly Node[], mark: string): readonly (readonly Node[])[] {
  const groups: Node[][] = [[]];
  for (const part of parts) {
    if (part.name === mark) groups.push([]);
    else groups.at(-1)?.push(part);
  }
  return groups.filter((group) => group.length > 0);
}

const brackets: ReadonlySet<string> = new Set(['(', ')', '[', ']', '{', '}']);
const inside = (node: Node): readonly Node[] => partsOf(node).filter(({ name }) => !brackets.has(name));

const placeOf = (nodes: readonly Node[]) => ({ from: nodes[0]?.from ?? 0, to: nodes.at(-1)?.to ?? 0 });

function other(node: Node | undefined, what: string): Expression {
  return { kind: 'other', what, from: node?.from ?? 0, to: node?.to ?? 0 };
}

/** One of the things between commas: `value`, `*value`, `name=value`. */
function toArgument(group: readonly Node[], source: Source): Argument {
  const [first, second] = group;
  if (first?.name === '*' || first?.name === '**') {
    return { name: null, spread: first.name, value: toExpression(group.slice(1), source) };
  }
  if (first && second?.name === 'AssignOp') {
    return { name: textOf(first, source), spread: '', value: toExpression(group.slice(2), source) };
  }
  return { name: null, spread: '', value: toExpression(group, source) };
}

/** What is between commas, as a tuple, or as itself where there is no comma. */
export function toTuple(nodes: readonly Node[], source: Source): Expression {
  if (!nodes.some(({ name }) => name === ',')) return toExpression(nodes, source);
  const items = splitAt(nodes, ',').map((group) => toArgument(group, source));
  return { kind: 'sequence', type: 'tuple', items, ...placeOf(nodes) };
}

function toLoops(nodes: readonly Node[], source: Source): readonly Comprehension[] {
  return splitAt(
    nodes.filter(({ name }) => name !== 'async'),
    'for',
  ).map((group) => {
    const at = group.findIndex(({ name }) => name === 'in');
    const [from = [], ...conditions] = splitAt(group.slice(at + 1), 'if');
    return {
      target: toTuple(group.slice(0, at), source),
      source: toTuple(from, source),
      conditions: conditions.map((one) => toExpression(one, source)),
    };
  });
}

function toComprehension(nodes: readonly Node[], source: Source, type: SequenceType | 'dict'): Expression {
  const start = nodes.findIndex(({ name }) => name === 'for');
  const head = nodes.slice(0, start);
  const colon = head.findIndex(({ name }) => name === ':');
  return {
    kind: 'comprehension',
    type,
    key: colon < 0 ? null : toExpression(head.slice(0, colon), source),
    element: toExpression(head.slice(colon + 1), source),
    loops: toLoops(nodes.slice(start), source),
    ...placeOf(nodes),
  };
}

function toSequence(node: Node, source: Source, type: SequenceType): Expression {
  const parts = inside(node);
  if (parts.some(({ name }) => name === 'for')) return toComprehension(parts, source, type);
  const items = splitAt(parts, ',').map((group) => toArgument(group, source));
  return { kind: 'sequence', type, items, from: node.from, to: node.to };
}

function toDict(node: Node, source: Source): Expression {
  const parts = inside(node);
  if (parts.some(({ name }) => name === 'for')) return toComprehension(parts, source, 'dict');
  const entries = splitAt(parts, ',').map((group) => {
    if (group[0]?.name === '**') return { key: null, value: toExpression(group.slice(1), source) };
    const colon = group.findIndex(({ name }) => name === ':');
    return {
      key: toExpression(group.slice(0, colon), source),
      value: toExpression(group.slice(colon + 1), source),
    };
  });
  return { kind: 'dict', entries, from: node.from, to: node.to };
}

const calling = (
  name: string,
  given: readonly Expression[],
  place: { readonly from: number; readonly to: number },
): Expression => ({
  kind: 'call',
  callee: { kind: 'name', name, ...place },
  given: given.map((value) => ({ name: null, spread: '' as const, value })),
  ...place,
});

/** `{value}`, `{value!r}`, `{value:02d}`: the last two are calls of `repr` and `format`. */
function toReplacement(node: Node, source: Source): Expression {
  const place = { from: node.from, to: node.to };
  const marks = new Set(['FormatSpec', 'FormatConversion', 'FormatSelfDoc']);
  const within = inside(node);
  const value = toTuple(
    within.filter(({ name }) => !marks.has(name)),
    source,
  );
  const [conversion, spec, doc] = ['FormatConversion', 'FormatSpec', 'FormatSelfDoc'].map((name) =>
    within.find((one) => one.name === name),
  );
  const isNested = spec !== undefined && textOf(spec, source).includes('{');
  if (doc || isNested) return other(node, 'a format with a specification');
  const name = conversion && textOf(conversion, source) !== '!s' ? 'repr' : 'str';
  const shown = conversion ? calling(name, [value], place) : value;
  if (!spec) return shown;
  const text: Expression = { kind: 'constant', value: textOf(spec, source).replace(/^:/, ''), ...place };
  return calling('format', [shown, text], place);
}

/** The parts of `f'…'`: texts, and what stands in braces. */
function formatParts(node: Node, source: Source): readonly (string | Expression)[] {
  const literal = textOf(node, source);
  const { prefix, inner, start } = takeQuotes(literal);
  const plain = (from: number, to: number) => {
    const text = source.slice(from, to).replaceAll('{{', '{').replaceAll('}}', '}');
    return prefix.includes('r') ? text : unescapeText(text);
  };
  const parts: (string | Expression)[] = [];
  let at = node.from + start;
  for (const part of partsOf(node)) {
    if (part.name !== 'FormatReplacement') continue;
    parts.push(plain(at, part.from));
    parts.push(toReplacement(part, source));
    at = part.to;
  }
  parts.push(plain(at, node.from + start + inner.length));
  return parts;
}

function toFormat(nodes: readonly Node[], source: Source): Expression {
  const parts = nodes.flatMap((node): readonly (string | Expression)[] => {
    if (node.name === 'FormatString') return formatParts(node, source);
    const value = stringValue(textOf(node, source));
    return [value ?? other(node, 'bytes')];
  });
  const place = placeOf(nodes);
  if (parts.every((part) => typeof part === 'string'))
    return { kind: 'constant', value: parts.join(''), ...place };
  return { kind: 'format', parts, ...place };
}

function toMember(node: Node, source: Source): Expression {
  const place = { from: node.from, to: node.to };
  const [on, mark, ...rest] = partsOf(node);
  if (!on || !mark) return other(node, 'an access');
  const object = toExpression([on], source);
  if (mark.name === '.')
    return { kind: 'attribute', on: object, name: rest[0] ? textOf(rest[0], source) : '', ...place };
  const index = rest.filter(({ name }) => name !== ']');
  const colon = index.findIndex(({ name }) => name === ':');
  if (colon < 0) return { kind: 'item', on: object, index: toTuple(index, source), ...place };
  const side = (nodes: readonly Node[]) => (nodes.length === 0 ? null : toExpression(nodes, source));
  return {
    kind: 'slice',
    on: object,
    start: side(index.slice(0, colon)),
    until: side(index.slice(colon + 1)),
    ...place,
  };
}

function toBinary(node: Node, source: Source): Expression {
  const parts = partsOf(node);
  const [left, right] = [parts[0], parts.at(-1)];
  if (!left || !right || parts.length < 3) return other(node, 'an operation');
  const operator = parts
    .slice(1, -1)
    .map((part) => textOf(part, source))
    .join(' ');
  return {
    kind: 'binary',
    operator,
    left: toExpression([left], source),
    right: toExpression([right], source),
    from: node.from,
    to: node.to,
  };
}

function toUnary(node: Node, source: Source): Expression {
  const [operator, ...rest] = partsOf(node);
  if (!operator) return other(node, 'an operation');
  const place = { from: node.from, to: node.to };
  return { kind: 'unary', operator: textOf(operator, source), value: toExpression(rest, source), ...place };
}

function toConditional(node: Node, source: Source): Expression {
  const parts = partsOf(node);
  const [yes, , test, , no] = parts;
  if (!yes || !test || !no) return other(node, 'a choice');
  const [a, b, c] = [yes, test, no].map((part) => toExpression([part], source));
  if (!a || !b || !c) return other(node, 'a choice');
  return { kind: 'conditional', yes: a, test: b, no: c, from: node.from, to: node.to };
}

/** Parameters of a function. */
export function toParameters(node: Node | undefined, source: Source): readonly Parameter[] {
  if (!node) return [];
  return splitAt(
    inside(node).filter(({ name }) => name !== 'TypeDef'),
    ',',
  ).flatMap((group): readonly Parameter[] => {
    const [first, second] = group;
    const spread = first?.name === '*' || first?.name === '**' ? first.name : '';
    const name = spread === '' ? first : second;
    if (!name) return [];
    const equals = group.findIndex((part) => part.name === 'AssignOp');
    const usual = equals < 0 ? null : toExpression(group.slice(equals + 1), source);
    return [{ name: textOf(name, source), spread, usual }];
  });
}

function toLambda(node: Node, source: Source): Expression {
  const parts = partsOf(node);
  const value = parts.at(-1);
  if (!value) return other(node, 'a lambda');
  return {
    kind: 'lambda',
    parameters: toParameters(
      parts.find(({ name }) => name === 'ParamList'),
      source,
    ),
    value: toExpression([value], source),
    from: node.from,
    to: node.to,
  };
}

/** What stands in the parentheses of a call, or behind the name of a class. */
export function toArguments(list: Node, source: Source): readonly Argument[] {
  const parts = inside(list);
  return parts.some(({ name }) => name === 'for')
    ? [{ name: null, spread: '', value: toComprehension(parts, source, 'list') }]
    : splitAt(parts, ',').map((group) => toArgument(group, source));
}

function toCall(node: Node, source: Source): Expression {
  const [callee, list] = partsOf(node);
  if (!callee || !list) return other(node, 'a call');
  const given = toArguments(list, source);
  return { kind: 'call', callee: toExpression([callee], source), given, from: node.from, to: node.to };
}

type Reader = (node: Node, source: Source) => Expression;

const constant = (value: string | number | boolean | null, node: Node): Expression => ({
  kind: 'constant',
  value,
  from: node.from,
  to: node.to,
});

const readers: Readonly<Record<string, Reader>> = {
  Number: (node, source) => {
    const value = numberValue(textOf(node, source));
    return value === null ? other(node, 'a number') : constant(value, node);
  },
  Boolean: (node, source) => constant(textOf(node, source) === 'True', node),
  None: (node) => constant(null, node),
  String: (node, source) => toFormat([node], source),
  FormatString: (node, source) => toFormat([node], source),
  ContinuedString: (node, source) => toFormat(partsOf(node), source),
  VariableName: (node, source) => ({
    kind: 'name',
    name: textOf(node, source),
    from: node.from,
    to: node.to,
  }),
  MemberExpression: toMember,
  CallExpression: toCall,
  ArrayExpression: (node, source) => toSequence(node, source, 'list'),
  ArrayComprehensionExpression: (node, source) => toSequence(node, source, 'list'),
  TupleExpression: (node, source) => toSequence(node, source, 'tuple'),
  SetExpression: (node, source) => toSequence(node, source, 'set'),
  SetComprehensionExpression: (node, source) => toSequence(node, source, 'set'),
  ComprehensionExpression: (node, source) => toSequence(node, source, 'list'),
  DictionaryExpression: toDict,
  DictionaryComprehensionExpression: toDict,
  ParenthesizedExpression: (node, source) => toTuple(inside(node), source),
  BinaryExpression: toBinary,
  UnaryExpression: toUnary,
  ConditionalExpression: toConditional,
  LambdaExpression: toLambda,
};

/** An expression; several nodes are none, unless they are a tuple without parentheses. */
export function toExpression(nodes: readonly Node[], source: Source): Expression {
  const [node, second] = nodes;
  if (!node || second)
    return node
      ? { kind: 'other', what: 'code that is not understood', ...placeOf(nodes) }
      : other(node, 'nothing');
  const reader = Object.hasOwn(readers, node.name) ? readers[node.name] : undefined;
  return reader ? reader(node, source) : other(node, textOf(node, source).split(/\s/)[0] ?? node.name);
}
