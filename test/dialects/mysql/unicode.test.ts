// Names and strings beyond ASCII, in every place where the catalogue keeps an expression.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Operation } from '../../../src/operations/operation.ts';
import { t } from '../../../src/schema/column-builder.ts';
import { defineSchema, table } from '../../../src/schema/define-schema.ts';
import { type Bench, mysqlEngines, openBench } from './support.ts';

const schema = defineSchema({
  tables: {
    用户: table(
      {
        naïve: t.integer(),
        né: t.integer().generatedAs('`naïve` + 1', { stored: false }),
        文: t.varchar(20).default('é日'),
        later: t.varchar(20).default({ sql: "concat('é', '日本')" }),
        'ÃÂ©': t.integer(),
      },
      {
        checks: [
          { name: 'ck_naïve', sql: "`naïve` > 0 and `文` <> 'é''日'" },
          { name: 'ck_latin', sql: '`ÃÂ©` > 0' },
        ],
      },
    ),
  },
});

describe.skipIf(mysqlEngines.length === 0).each(mysqlEngines)('beyond ASCII on %s', (engine) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(engine);
  });
  afterAll(async () => await bench.close());

  test('what was made is what is read', async () => {
    const operations = schema.tables.map((one): Operation => ({ kind: 'createTable', table: one }));
    const { actual, expected } = await bench.run(operations);
    expect(actual).toEqual(expected);
  });

  // MariaDB has no indexes of expressions.
  test.runIf(engine === 'mysql9')('expressions of indexes', async () => {
    await bench.connection.query("CREATE INDEX ix ON `用户` ((`naïve` + 2), (concat(`文`, 'é😀')))");
    const [one] = (await bench.introspect()).tables;
    expect(one?.indexes[0]?.parts.map(({ sql }) => sql)).toEqual(['`naïve` + 2', "concat(`文`, 'é😀')"]);
  });
});
