// No false alarm where little may be asked: an old PostgreSQL with the one in the process as scratch, and a role that may only read.

import { expect, test } from 'vitest';
import { diff } from '../../src/diff/diff.ts';
import { messageOf } from '../../src/kernel/errors.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { emptySchema } from '../../src/schema/schema.ts';
import { openBench } from '../matrix/bench.ts';
import { randomSchemas } from '../matrix/capabilities.ts';
import { openHand } from '../matrix/hand.ts';
import type { Engine } from '../servers/index.ts';
import { selectedEngines } from '../servers/index.ts';
import { fc } from '../support/laws.ts';
import { share } from '../support/share.ts';
import { alarms, checkAgainst, projectOf } from './no-false-alarm.ts';
import { openReader } from './reader.ts';

const engines = (['postgres14', 'postgres18', 'mysql9', 'mariadb'] as const).filter((engine) =>
  selectedEngines().includes(engine),
);
const scratchOf = (engine: Engine) =>
  engine === 'postgres14' ? { scratchUrl: 'pglite://memory' } : ({} as const);

test.each(engines)('random schemas on %s', { timeout: 300_000 }, async (engine) => {
  const bench = await openBench(engine);
  const schemas = fc.sample(randomSchemas(engine), {
    seed: 7,
    numRuns: share(100, engine === 'postgres14' ? 2 : 4),
  });
  let made = 0;
  try {
    for (const [i, schema] of schemas.entries()) {
      await bench.clear();
      using project = projectOf(diff(emptySchema, schema).operations);
      const hand = await openHand(bench);
      const refused = await bench.run(...hand.dump(schema)).then(() => null, messageOf);
      await hand.close();
      if (refused !== null) continue;
      made += 1;
      const owned = await checkAgainst(project, { ...bench.target, ...scratchOf(engine) });
      expect(alarms(owned), `schema ${i}`).toEqual([]);
      const { url, gone } = await openReader(bench);
      const options = { url, projectFolder: project.folder, ...scratchOf(engine) };
      const read = await createSurefoot(options).check().finally(gone);
      expect(alarms(read), `schema ${i}, read only`).toEqual([]);
    }
  } finally {
    await bench.close();
  }
  expect(made).toBeGreaterThan(0);
});
