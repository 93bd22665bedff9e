import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test.each([
  ['migration', ['migrations', 'models'], 'migrations'],
  ['mdoels', ['migrations', 'models'], 'models'],
  ['URL', ['url', 'models'], 'url'],
  ['prod', ['production', 'staging'], null],
  ['stagign', ['production', 'staging'], 'staging'],
  ['x', [], null],
  ['', ['a'], 'a'],
  ['__proto__', ['url'], null],
])('%s among %j', (word, candidates, meant) => {
  expect(nearest(word, candidates)).toBe(meant);
});
