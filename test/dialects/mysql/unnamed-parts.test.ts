import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { additions, base, child, expressions, parent, undoing } from '../unnamed-parts.ts';
import { type Bench, mysqlEngines, openBench } from './support.ts';

describe.skipIf(mysqlEngines.length === 0).each(mysqlEngines)('unnamed parts on %s', (engine) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(engine);
  });
  afterAll(async () => await bench.close());

  const cases = { ...additions, ...(engine === 'mysql9' ? expressions : {}) };

  test.each(Object.keys(cases))('%s', async (name) => {
    const operations = cases[name] ?? [];
    await bench.run(base);
    const before = await bench.introspect();
    await bench.run(operations);
    const between = await bench.introspect();
    for (const operation of undoing(operations)) {
      expect(await bench.introspect()).not.toEqual(before);
      await bench.run([operation]);
    }
    expect(await bench.introspect()).toEqual(before);
    await bench.run(operations);
    expect(await bench.introspect()).toEqual(between);
    await bench.run(undoing(operations));
    expect(await bench.introspect()).toEqual(before);
    for (const one of [child, parent]) await bench.connection.query(`DROP TABLE ${one.name}`);
  });
});
