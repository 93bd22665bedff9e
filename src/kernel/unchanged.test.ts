import { expect, test } from 'vitest';
import { mapUnlessSame, unlessChanged } from './unchanged.ts';

test('what says the same is what was given', () => {
  const given: { readonly a: number; readonly b?: string | undefined } = { a: 1 };
  expect(unlessChanged(given, { a: 1 })).toBe(given);
  for (const made of [{ a: 2 }, { a: 1, b: undefined }, { a: 1, b: 'b' }])
    expect(unlessChanged(given, made)).toBe(made);
  const other = { a: 1, b: undefined };
  expect(unlessChanged(other, given)).toBe(given);
});

test('a list of which nothing changes is the same list', () => {
  const list = [1, 2];
  expect(mapUnlessSame(list, (one) => one)).toBe(list);
  expect(mapUnlessSame(list, (one) => one * 2)).toEqual([2, 4]);
});
