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

function isTextArray(item: Tree, type: string): boolean {
  if (item.kind !== 'array' || !type.endsWith('[]') || !plainTexts.has(type.slice(0, -2))) return false;
  return item.items.every((one) => one.kind === 'string');
}

function foldCast(item: Tree, sql: string, context: ExpressionContext): Tree {
  const type = typeText(sql);
  if (item.kind === 'string') {
    if (literalTexts.has(type)) return item;
    return numberIn(item.text, type) ?? { kind: 'cast', item, type };
  }
  // A varchar is a text to every function: the cast moves nothing.
  if (type === 'text' && /^(text|character varying)\b/.test(columnType(item, context) ?? '')) return item;
  return isTextArray(item, type) ? item : { kind: 'cast', item, type };
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

function foldBinary(operator: string, left: Tree, right: Tree, context: ExpressionContext): Tree {
  if (!comparisons.has(operator)) return { kind: 'binary', operator, left, right };
  return {
    kind: 'binary',
    operator,
    left: besideColumn(left, right, context),
    right: besideColumn(right, left, context),
  };
}

function foldIn(item: Tree, items: readonly Tree[], not: boolean, context: ExpressionContext): Tree {
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
    case 'array':
    case 'row':
      return { ...tree, items: each(tree.items) };
    case 'binary':
      return foldBinary(tree.operator, fold(tree.left, context), fold(tree.right, context), context);
    case 'prefix':
    case 'suffix':
      return { ...tree, item: fold(tree.item, context) };
    case 'cast':
      return foldCast(fold(tree.item, context), tree.type, context);
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
