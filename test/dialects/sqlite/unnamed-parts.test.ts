import { expect, test } from 'vitest';
import { additions, base, expressions, partial, undoing } from '../unnamed-parts.ts';
import { openBench } from './support.ts';

const cases = { ...additions, ...expressions, ...partial };

test.each(Object.keys(cases))('unnamed: %s', async (name) => {
  const operations = cases[name] ?? [];
  const bench = await openBench();
  await bench.migrate(base);
  const before = await bench.introspect();
  await bench.migrate(operations);
  const between = await bench.introspect();
  for (const operation of undoing(operations)) {
    expect(await bench.introspect()).not.toEqual(before);
    await bench.migrate([operation]);
  }
  expect(await bench.introspect()).toEqual(before);
  await bench.migrate(operations);
  expect(await bench.introspect()).toEqual(between);
  await bench.migrate(undoing(operations));
  expect(await bench.introspect()).toEqual(before);
});
