import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { additions, base, expressions, partial, undoing } from '../unnamed-parts.ts';
import { type Bench, engines, openBench } from './support.ts';

describe.each(engines)('unnamed parts on %s', (engine) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(engine);
  });
  beforeEach(() => bench.clear());
  afterAll(() => bench.close());

  const cases = { ...additions, ...expressions, ...partial };

  test.each(Object.keys(cases))('%s', async (name) => {
    const operations = cases[name] ?? [];
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
});
