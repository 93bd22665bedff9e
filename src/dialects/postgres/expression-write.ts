// Trees as text, with no more parentheses than precedence asks for.
// In: a tree. Out: SQL. Must not know where the tree came from.

import type { Tree } from './expression-parse.ts';
import { bindingOf, castBinding, signBinding } from './expression-parse.ts';
import { writeName } from './expression-tokens.ts';

function strengthOf(tree: Tree): number {
  switch (tree.kind) {
    case 'binary':
      return tree.operator.startsWith('is ') ? bindingOf('is') : bindingOf(tree.operator);
    case 'prefix':
      return tree.operator === '-' || tree.operator === '+' ? signBinding : bindingOf(tree.operator);
    case 'suffix':
      return bindingOf('is');
    case 'in':
      return bindingOf('in');
    case 'quantified':
      return bindingOf(tree.operator);
    case 'cast':
    case 'element':
      return castBinding;
    default:
      return castBinding + 1;
  }
}

function wrapped(tree: Tree, isBare: boolean): string {
  return isBare ? write(tree) : `(${write(tree)})`;
}

const joins = new Set(['and', 'or']);

/** `a AND (b AND c)` is `a AND b AND c`, in this order. */
function joined(tree: Tree, operator: string): readonly Tree[] {
  if (tree.kind !== 'binary' || tree.operator !== operator) return [tree];
  return [...joined(tree.left, operator), ...joined(tree.right, operator)];
}

function writeBinary(tree: Extract<Tree, { kind: 'binary' }>): string {
  const { operator, left, right } = tree;
  const strength = strengthOf(tree);
  if (joins.has(operator)) {
    const parts = joined(tree, operator).map((part) => wrapped(part, strengthOf(part) > strength));
    return parts.join(` ${operator.toUpperCase()} `);
  }
  const sides = [
    wrapped(left, strengthOf(left) >= strength && !isComparison(strength)),
    wrapped(right, strengthOf(right) > strength),
  ];
  if (isComparison(strength) && strengthOf(left) > strength) sides[0] = write(left);
  return sides.join(` ${operator.toUpperCase()} `);
}

/** Comparisons do not chain: `(a < b) = c` keeps its parentheses. */
function isComparison(strength: number): boolean {
  return strength >= bindingOf('is') && strength <= bindingOf('like');
}

const writeList = (items: readonly Tree[]): string => items.map(write).join(', ');

function writeCase(tree: Extract<Tree, { kind: 'case' }>): string {
  const subject = tree.subject === null ? '' : ` ${write(tree.subject)}`;
  const branches = tree.branches.map(({ when, result }) => ` WHEN ${write(when)} THEN ${write(result)}`);
  const otherwise = tree.otherwise === null ? '' : ` ELSE ${write(tree.otherwise)}`;
  return `CASE${subject}${branches.join('')}${otherwise} END`;
}

function writePath(path: readonly string[]): string {
  return path.map(writeName).join('.');
}

const functionWords = new Set(['coalesce', 'greatest', 'least', 'nullif', 'left', 'right', 'row']);

function writeCall(path: readonly string[], items: readonly Tree[]): string {
  const [only = ''] = path;
  const name = path.length === 1 && functionWords.has(only) ? only.toUpperCase() : writePath(path);
  return `${name}(${writeList(items)})`;
}

function writePrefix(operator: string, item: Tree): string {
  const strength = strengthOf({ kind: 'prefix', operator, item });
  const bare = wrapped(item, strengthOf(item) >= strength && item.kind !== 'prefix');
  if (operator === 'not') return `NOT ${bare}`;
  return operator === '-' || operator === '+' ? `${operator}${bare}` : `${operator} ${bare}`;
}

/** The text of a tree. */
export function write(tree: Tree): string {
  switch (tree.kind) {
    case 'string':
    case 'number':
      return tree.text;
    case 'keyword':
      return tree.text.toUpperCase();
    case 'column':
      return writePath(tree.path);
    case 'call':
      return writeCall(tree.path, tree.items);
    case 'binary':
      return writeBinary(tree);
    case 'prefix':
      return writePrefix(tree.operator, tree.item);
    case 'suffix':
      return `${wrapped(tree.item, strengthOf(tree.item) > bindingOf('is'))} ${tree.operator.toUpperCase()}`;
    case 'cast':
      return `${wrapped(tree.item, strengthOf(tree.item) >= castBinding)}::${tree.type}`;
    case 'array':
      return `ARRAY[${writeList(tree.items)}]`;
    case 'row':
      return `(${writeList(tree.items)})`;
    case 'element':
      return `${wrapped(tree.item, tree.item.kind === 'column')}[${write(tree.index)}]`;
    case 'in':
      return `${wrapped(tree.item, strengthOf(tree.item) > bindingOf('in'))} ${tree.not ? 'NOT ' : ''}IN (${writeList(tree.items)})`;
    case 'quantified':
      return `${wrapped(tree.item, strengthOf(tree.item) > strengthOf(tree))} ${tree.operator.toUpperCase()} ${tree.quantifier.toUpperCase()} (${write(tree.array)})`;
    case 'case':
      return writeCase(tree);
  }
}
