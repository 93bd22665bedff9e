// Random schemas: made on a server, read back, made again from what was read.
// In: the name of an engine. Out: tests. Must not know what a schema holds.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultNaming } from '../../src/schema/naming.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { type Engine, selectedEngines } from '../servers/index.ts';
import { arbitrarySchema } from '../support/arbitrary-schema.ts';
import { fc, lawRuns } from '../support/laws.ts';
import { capabilities, legalOn } from './capabilities.ts';
import type { World } from './world.ts';
import { openWorld } from './world.ts';

/** How many schemas take about ten seconds. */
const usual: Readonly<Record<Engine, number>> = {
  sqlite: 150,
  pglite: 15,
  postgres14: 25,
  postgres18: 25,
  mariadb: 20,
  mysql9: 15,
};

async function create(world: World, schema: Schema): Promise<Schema> {
  await world.clear();
  const naming = defaultNaming(world.dialect.traits.maxIdentifier);
  await world.connection.script(world.dialect.dump(schema, naming));
  return world.introspect();
}

/** The tests of one engine. */
export function roundTrip(engine: Engine): void {
  describe.skipIf(!selectedEngines().includes(engine))(`random schemas on ${engine}`, () => {
    let world: World;
    beforeAll(async () => {
      world = await openWorld(engine);
    });
    afterAll(() => world?.close());

    test('read back as they were made, and made again as they were read', async () => {
      const { dialect } = world;
      await fc.assert(
        fc.asyncProperty(arbitrarySchema(capabilities[engine]), async (random) => {
          const schema = legalOn(engine, random);
          const wanted = dialect.normalize(schema);
          const found = await create(world, schema);
          expect(await world.differences(wanted)).toEqual([]);
          expect(found.unsupported).toEqual([]);
          expect(dialect.normalize(found)).toEqual(found);
          expect(await create(world, found)).toEqual(found);
        }),
        { numRuns: lawRuns(usual[engine]), seed: 20240611, endOnFailure: process.env['SHRINK'] !== '1' },
      );
    }, 600_000);
  });
}
