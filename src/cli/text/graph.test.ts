import { expect, test } from 'vitest';
import type { GraphNode } from './graph.ts';
import { drawGraph } from './graph.ts';

const drawn = (...nodes: readonly (readonly [id: string, ...parents: string[]])[]): string => {
  const graph = nodes.map(([id, ...parents]): GraphNode => ({ id, parents }));
  return drawGraph(graph)
    .flatMap(({ above, beside, below }, i) => [
      ...above,
      `${beside.before}o ${beside.after === '' ? '' : `${beside.after} `}${graph[i]?.id}`,
      ...below,
    ])
    .join('\n');
};

test('a chain', () => {
  expect(drawn(['c', 'b'], ['b', 'a'], ['a'])).toBe('o c\no b\no a');
});

test('two branches and their merge', () => {
  expect(drawn(['m', 'l', 'r'], ['r', 'a'], ['l', 'a'], ['a'])).toBe(
    ['o m', '├─╮', '│ o r', 'o │ l', '├─╯', 'o a'].join('\n'),
  );
});

test('two heads', () => {
  expect(drawn(['r', 'a'], ['l', 'a'], ['a'])).toBe(['o r', '│ o l', '├─╯', 'o a'].join('\n'));
});

test('three branches, merged at once', () => {
  expect(drawn(['m', 'x', 'y', 'z'], ['z', 'a'], ['y', 'a'], ['x', 'a'], ['a'])).toBe(
    ['o m', '├─┬─╮', '│ │ o z', '│ o │ y', 'o │ │ x', '├─┴─╯', 'o a'].join('\n'),
  );
});

test('a merge with a branch that is drawn already', () => {
  expect(drawn(['h', 'r'], ['m', 'l', 'r'], ['r', 'a'], ['l', 'a'], ['a'])).toBe(
    ['o h', '│ o m', '├─┤', 'o │ r', '│ o l', '├─╯', 'o a'].join('\n'),
  );
});

test('two roots', () => {
  expect(drawn(['b'], ['a'])).toBe('o b\no a');
});
