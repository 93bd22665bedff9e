// Trees that surely mean the same become one tree.
// In: a tree, the columns of the table with their types. Out: a tree. Must not know text.

import type { Tree } from './expression-parse.ts';
import { parseType } from './parse-type.ts';
import { nativeSql, typeSql } from './types.ts';

/** What an expression may refer to: the table's own name, and its columns' types in the server's spelling. */
export interface ExpressionContext {
  readonly table: string | null;
  readonly columns: ReadonlyMap<string, string>;
}

const plainTexts = new Set(['text', 'character varying']);
const literalTexts = new Set(['text', 'character varying', 'bpchar']);
const numberTypes = new Set(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision']);

/** One spelling for each built-in type; `bpchar` has no portable kind. */
function typeText(sql: string): string {
  const type = parseType(sql);
  return type.kind === 'native' ? nativeSql(type) : typeSql(type);
}

function columnType(tree: Tree, { columns }: ExpressionContext): string | undefined {
  return tree.kind === 'column' && tree.path.length === 1 ? columns.get(tree.path[0] ?? '') : undefined;
}

const integerText = /^'\s*(-?)(\d{1,9})\s*'$/;
const decimalText = /^'(-?)(\d+\.\d+)'$/;

/** `'-1'::integer` is how the server writes -1. */
function numberIn(text: string, type: string): Tree | null {
  const found =
    type === 'integer' ? integerText.exec(text) : type === 'numeric' ? decimalText.exec(text) : null;
  if (found === null) return null;
  const number: Tree = { kind: 'number', text: found[2] ?? '' };
  return found[1] === '-' ? { kind: 'prefix', operator: '-', item: number } : number;
}

/** A string, or one with a cast to a kind of text. */
function bareString(tree: Tree): Tree | null {
  if (tree.kind === 'string') return tree;
  return tree.kind === 'cast' && tree.item.kind === 'string' && literalTexts.has(tree.type)
    ? tree.item
    : null;
}

/** `ARRAY['a'::varchar]::text[]` holds the texts themselves; an empty one is nothing without its type. */
function textArray(item: Tree, type: string): Tree | null {
  if (item.kind !== 'array' || !type.endsWith('[]') || !plainTexts.has(type.slice(0, -2))) return null;
  const strings = item.items.flatMap((one) => bareString(one) ?? []);
  return strings.length > 0 && strings.length === item.items.length
    ? { kind: 'array', items: strings }
    : null;
}

const moments = /^'\s*(now|today|tomorrow|yesterday)\b/i;

/** `('now'::text)::date` is the day of each statement, where `'now'::date` is that of the declaration. */
function lateCast(item: Tree, sql: string): Tree | null {
  if (item.kind !== 'cast' || item.item.kind !== 'string' || !moments.test(item.item.text)) return null;
  const [inner, type] = [typeText(item.type), typeText(sql)];
  return literalTexts.has(inner) && !literalTexts.has(type)
    ? { kind: 'cast', item: { ...item, type: inner }, type }
    : null;
}

function foldCast(item: Tree, sql: string): Tree {
  const type = typeText(sql);
  const string = bareString(item);
  if (string !== null && literalTexts.has(type)) return string;
  if (item.kind === 'string') return numberIn(item.text, type) ?? { kind: 'cast', item, type };
  return textArray(item, type) ?? { kind: 'cast', item, type };
}

function isTextColumn(tree: Tree, context: ExpressionContext): boolean {
  return /^(text|character varying)\b/.test(columnType(tree, context) ?? '');
}

/** A varchar is a text to operators and functions of texts: the cast moves nothing. */
function withoutTextCast(tree: Tree, context: ExpressionContext): Tree {
  return tree.kind === 'cast' && tree.type === 'text' && isTextColumn(tree.item, context) ? tree.item : tree;
}

function isTextual(tree: Tree, context: ExpressionContext): boolean {
  if (tree.kind === 'string' || isTextColumn(tree, context)) return true;
  if (tree.kind === 'cast') return tree.type === 'text';
  return tree.kind === 'binary' && tree.operator === '||' && isTextual(tree.left, context);
}

/** In an array, the casts of its items decide what it is an array of. */
function foldArray(items: readonly Tree[], context: ExpressionContext): Tree {
  const folded = items.map((item) => {
    const text = item.kind === 'cast' && item.item.kind === 'string' ? typeText(item.type) : 'text';
    const kept = text === 'character varying' || text === 'bpchar';
    return kept && item.kind === 'cast' ? { ...item, type: text } : fold(item, context);
  });
  return { kind: 'array', items: folded };
}

function isNumber(tree: Tree): boolean {
  return (
    tree.kind === 'number' || (tree.kind === 'prefix' && tree.operator === '-' && tree.item.kind === 'number')
  );
}

/** Against a column, a literal takes the column's type by itself. */
function besideColumn(tree: Tree, other: Tree, context: ExpressionContext): Tree {
  if (tree.kind !== 'cast') return tree;
  const type = columnType(other, context);
  if (type === undefined || tree.type.replace(/\(.*\)/, '') !== type.replace(/\(.*\)/, '')) return tree;
  const literal = tree.item.kind === 'string' || (isNumber(tree.item) && numberTypes.has(tree.type));
  return literal && !tree.type.includes('(') ? tree.item : tree;
}

const comparisons = new Set(['<', '>', '=', '<=', '>=', '<>', 'is distinct from', 'is not distinct from']);

const textOperators = new Set([
  ...comparisons,
  'like',
  'ilike',
  'not like',
  'not ilike',
  '~',
  '~*',
  '!~',
  '!~*',
]);

const textFunctions = new Set(
  `lower upper length char_length character_length octet_length btrim ltrim rtrim substr left right md5 replace split_part
  strpos reverse initcap regexp_replace regexp_match starts_with to_tsvector`.split(/\s+/),
);

function foldCall(path: readonly string[], items: readonly Tree[], context: ExpressionContext): Tree {
  const ofTexts = path.length === 1 && textFunctions.has(path[0] ?? '');
  return { kind: 'call', path, items: ofTexts ? items.map((item) => withoutTextCast(item, context)) : items };
}

function foldBinary(operator: string, left: Tree, right: Tree, context: ExpressionContext): Tree {
  const ofTexts =
    textOperators.has(operator) ||
    (operator === '||' && [left, right].every((one) => isTextual(one, context)));
  const before = ofTexts ? withoutTextCast(left, context) : left;
  const after = ofTexts ? withoutTextCast(right, context) : right;
  if (!comparisons.has(operator)) return { kind: 'binary', operator, left: before, right: after };
  return {
    kind: 'binary',
    operator,
    left: besideColumn(before, after, context),
    right: besideColumn(after, before, context),
  };
}

function foldIn(given: Tree, list: readonly Tree[], not: boolean, context: ExpressionContext): Tree {
  const item = withoutTextCast(given, context);
  const items = list.map((one) => bareString(one) ?? one);
  const [only] = items;
  if (items.length === 1 && only !== undefined) return foldBinary(not ? '<>' : '=', item, only, context);
  return { kind: 'in', item, items: items.map((one) => besideColumn(one, item, context)), not };
}

function foldQuantified(tree: Extract<Tree, { kind: 'quantified' }>, context: ExpressionContext): Tree {
  const item = fold(tree.item, context);
  const array = fold(tree.array, context);
  const list = array.kind === 'array' && array.items.length > 1;
  if (list && tree.operator === '=' && tree.quantifier === 'any')
    return foldIn(item, array.items, false, context);
  if (list && tree.operator === '<>' && tree.quantifier === 'all')
    return foldIn(item, array.items, true, context);
  return { ...tree, item, array };
}

function foldColumn(path: readonly string[], { table, columns }: ExpressionContext): Tree {
  const [first, second] = path;
  const own = path.length === 2 && first === table && second !== undefined && columns.has(second);
  return { kind: 'column', path: own ? [second] : path };
}

function foldCase(tree: Extract<Tree, { kind: 'case' }>, context: ExpressionContext): Tree {
  const otherwise = tree.otherwise === null ? null : fold(tree.otherwise, context);
  const bare = otherwise?.kind === 'cast' ? otherwise.item : otherwise;
  const isNull = bare?.kind === 'keyword' && bare.text === 'null';
  return {
    kind: 'case',
    subject: tree.subject === null ? null : fold(tree.subject, context),
    branches: tree.branches.map(({ when, result }) => ({
      when: fold(when, context),
      result: fold(result, context),
    })),
    otherwise: isNull ? null : otherwise,
  };
}

/** The folded tree. */
export function fold(tree: Tree, context: ExpressionContext): Tree {
  const each = (items: readonly Tree[]) => items.map((item) => fold(item, context));
  switch (tree.kind) {
    case 'column':
      return foldColumn(tree.path, context);
    case 'call':
      return foldCall(tree.path, each(tree.items), context);
    case 'array':
      return foldArray(tree.items, context);
    case 'row':
      return { kind: 'row', items: each(tree.items) };
    case 'binary':
      return foldBinary(tree.operator, fold(tree.left, context), fold(tree.right, context), context);
    case 'prefix':
    case 'suffix':
      return { ...tree, item: fold(tree.item, context) };
    case 'cast':
      return lateCast(tree.item, tree.type) ?? foldCast(fold(tree.item, context), tree.type);
    case 'element':
      return { ...tree, item: fold(tree.item, context), index: fold(tree.index, context) };
    case 'in':
      return foldIn(fold(tree.item, context), each(tree.items), tree.not, context);
    case 'quantified':
      return foldQuantified(tree, context);
    case 'case':
      return foldCase(tree, context);
    default:
      return tree;
  }
}
