// What is dumped comes back as it was: for random schemas, and for the odd spellings that people write.

import { expect, test } from 'vitest';
import { fc } from '../../support/laws.ts';
import { schema } from './arbitrary.ts';
import { anonymous, naming, openBench } from './support.ts';

test('a random schema, dumped and read back, is the same', async () => {
  await fc.assert(
    fc.asyncProperty(schema, async (wanted) => {
      const bench = await openBench();
      const normal = bench.dialect.normalize(wanted);
      expect(bench.dialect.normalize(normal)).toEqual(normal);
      await bench.connection.script(bench.dialect.dump(wanted, naming));
      const live = await bench.introspect();
      expect(anonymous(live)).toEqual(anonymous(normal));
      expect(bench.dialect.normalize(live)).toEqual(live);
      bench.handle.close();
    }),
    { numRuns: 300 },
  );
});
