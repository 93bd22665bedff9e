// Pairs on which a law was once broken, each as short as it could be made.
// In: nothing. Out: pairs, with the engines that they are for. Must not know how a law is tried.

import { noRenames } from '../../../src/diff/renames.ts';
import { sql } from '../../../src/schema/column-builder.ts';
import type { SchemaDefinition } from '../../../src/schema/define-schema.ts';
import { defineSchema, table } from '../../../src/schema/define-schema.ts';
import type { Trigger } from '../../../src/schema/schema.ts';
import type { Engine } from '../../servers/index.ts';
import type { Pair } from './round-trip.ts';

export interface Kept extends Pair {
  /** What was wrong. */
  readonly name: string;
  readonly on: readonly Engine[];
}

const everywhere: readonly Engine[] = ['sqlite', 'pglite', 'postgres14', 'postgres18', 'mariadb', 'mysql9'];
const postgres: readonly Engine[] = ['pglite', 'postgres14', 'postgres18'];
const mysql: readonly Engine[] = ['mariadb', 'mysql9'];
const local = (name: string) => ({ namespace: null, name });

interface Sides {
  readonly from: SchemaDefinition;
  readonly to: SchemaDefinition;
  readonly renames?: Pair['renames'];
}

const kept = (name: string, on: readonly Engine[], { from, to, renames = noRenames }: Sides): Kept => ({
  name,
  on,
  from: defineSchema(from),
  to: defineSchema(to),
  renames,
});

/** One schema, read back. */
const same = (name: string, on: readonly Engine[], only: SchemaDefinition): Kept =>
  kept(name, on, { from: only, to: only });

const columnRenamed = (from: string, to: string): Pair['renames'] => ({
  tables: [],
  columns: [{ table: local('a'), from, to }],
});

const rowTrigger = (namespace: string | null, home: string): Trigger => ({
  table: { namespace, name: 'a' },
  name: 'kept',
  sql: `CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON ${home}a FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
});

export const keptPairs: readonly Kept[] = [
  kept('a view on a renamed table, on the way back', everywhere, {
    from: { tables: { a: table((t) => ({ x: t.integer() })) }, views: { v: 'SELECT x FROM a' } },
    to: { tables: { b: table((t) => ({ x: t.integer() })) }, views: { v: 'SELECT x FROM b WHERE x > 1' } },
    renames: { tables: [{ from: local('a'), to: local('b') }], columns: [] },
  }),
  kept('a view on a column that gets another type', everywhere, {
    from: { tables: { a: table((t) => ({ x: t.integer() })) }, views: { v: 'SELECT x FROM a' } },
    to: { tables: { a: table((t) => ({ x: t.bigint() })) }, views: { v: 'SELECT x FROM a' } },
  }),
  kept('a union over a renamed column', everywhere, {
    from: {
      tables: { a: table((t) => ({ x: t.integer() })) },
      views: { v: 'SELECT x FROM a UNION ALL SELECT x FROM a' },
    },
    to: {
      tables: { a: table((t) => ({ y: t.integer() })) },
      views: { v: 'SELECT y FROM a UNION ALL SELECT y FROM a' },
    },
    renames: columnRenamed('x', 'y'),
  }),
  kept('a computed column, of a column that gets another type', everywhere, {
    from: { tables: { a: table((t) => ({ x: t.integer(), y: t.bigint().generatedAs('x + 1') })) } },
    to: { tables: { a: table((t) => ({ x: t.bigint(), y: t.bigint().generatedAs('x + 1') })) } },
  }),
  kept('a new computed column, of a column that gets another type', everywhere, {
    from: { tables: { a: table((t) => ({ x: t.integer() })) } },
    to: { tables: { a: table((t) => ({ x: t.smallint(), y: t.bigint().generatedAs('x + 1') })) } },
  }),
  kept('a column that comes to be computed, of one that leaves the key', postgres, {
    from: {
      tables: { a: table((t) => ({ x: t.bigint().primaryKey(), y: t.text(), z: t.integer().notNull() })) },
    },
    to: {
      tables: {
        a: table((t) => ({
          x: t.text(),
          y: t.text().generatedAs("coalesce(x, 'none')"),
          z: t.integer().primaryKey(),
        })),
      },
    },
  }),
  kept('types without a cast', postgres, {
    from: {
      tables: {
        a: table((t) => ({ x: t.integer(), y: t.native('interval'), z: t.bigint(), e: t.enum('e', ['1']) })),
      },
      enums: { e: ['1'] },
    },
    to: {
      tables: {
        a: table((t) => ({ x: t.native('interval'), y: t.uuid(), z: t.boolean(), e: t.smallint() })),
      },
    },
  }),
  same('defaults that only the server can tell', postgres, {
    tables: {
      a: table((t) => ({
        e: t.text().default(sql("E'a\\nb'")),
        n: t.real().default(sql('1e3')),
        l: t.native('varchar(10)[]').default(sql("'{}'")),
        z: t.timestamp().default(sql("(now() AT TIME ZONE 'utc')")),
      })),
    },
  }),
  same('a serial of a table with a backslash', postgres, {
    tables: { 'a\\b': table((t) => ({ 'x\\y': t.native('serial') })) },
  }),
  same('a trigger whose events are told in another order', postgres, {
    tables: { a: table((t) => ({ x: t.integer() })) },
    triggers: [rowTrigger(null, '')],
  }),
  same('a trigger in a namespace', postgres, {
    tables: { 'other.a': table((t) => ({ x: t.integer() })) },
    triggers: [rowTrigger('other', 'other.')],
  }),
  kept('another expression of a virtual column beside a check', ['postgres18'], {
    from: {
      tables: {
        a: table((t) => ({
          x: t.integer().check('x > 0'),
          y: t.bigint().generatedAs('x + 1', { stored: false }),
        })),
      },
    },
    to: {
      tables: {
        a: table((t) => ({
          x: t.integer().check('x > 0'),
          y: t.bigint().generatedAs('x + 2', { stored: false }),
        })),
      },
    },
  }),
  kept('a trigger on a table that is called like a column which goes', ['sqlite'], {
    from: {
      tables: { a: table((t) => ({ a: t.integer(), b: t.integer() })) },
      triggers: [
        { table: local('a'), name: 'kept', sql: 'CREATE TRIGGER kept AFTER INSERT ON a BEGIN SELECT 0; END' },
      ],
    },
    to: {
      tables: { a: table((t) => ({ b: t.integer() })) },
      triggers: [
        { table: local('a'), name: 'kept', sql: 'CREATE TRIGGER kept AFTER INSERT ON a BEGIN SELECT 0; END' },
      ],
    },
  }),
  kept('what computes with a renamed column', mysql, {
    from: {
      tables: {
        a: table((t) => ({ x: t.integer().check('x > 0'), y: t.bigint().generatedAs('x + 1').index() })),
      },
    },
    to: {
      tables: {
        a: table((t) => ({ z: t.integer().check('z > 0'), y: t.bigint().generatedAs('z + 1').index() })),
      },
    },
    renames: columnRenamed('x', 'z'),
  }),
  kept('a number that comes to be a uuid', ['mariadb'], {
    from: { tables: { a: table((t) => ({ x: t.integer() })) } },
    to: { tables: { a: table((t) => ({ x: t.uuid() })) } },
  }),
  same('a type that says its collation or its character set', mysql, {
    tables: {
      a: table((t) => ({
        x: t.native('char(5) collate utf8mb4_bin'),
        y: t.native('varchar(20) character set latin1'),
      })),
    },
  }),
  kept('a renamed column with a check, of a table that a view opened under another name', everywhere, {
    from: {
      tables: { a: table((t) => ({ x: t.integer() }), { checks: [{ name: 'c', sql: 'x > 0' }] }) },
      views: { v: 'SELECT one_1.x FROM a AS one_1' },
    },
    to: {
      tables: {
        a: table((t) => ({ y: t.integer(), z: t.integer() }), { checks: [{ name: 'c', sql: 'y > 0' }] }),
      },
    },
    renames: columnRenamed('x', 'y'),
  }),
  kept('a renamed column of JSON', everywhere, {
    from: { tables: { a: table((t) => ({ x: t.json() })) } },
    to: { tables: { a: table((t) => ({ y: t.json() })) } },
    renames: columnRenamed('x', 'y'),
  }),
  kept('columns that change names, with a check on the one and a key on the other', everywhere, {
    from: {
      tables: {
        a: table((t) => ({ x: t.date(), y: t.integer().references('p', 'id') }), {
          checks: [{ name: 'c', sql: "x > '2020-01-01'" }],
        }),
        p: table((t) => ({ id: t.integer().primaryKey() })),
      },
    },
    to: {
      tables: {
        a: table((t) => ({ y: t.date(), x: t.integer().references('p', 'id') }), {
          checks: [{ name: 'c', sql: "y > '2020-01-01'" }],
        }),
        p: table((t) => ({ id: t.integer().primaryKey() })),
      },
    },
    renames: {
      tables: [],
      columns: [
        { table: local('a'), from: 'x', to: 'y' },
        { table: local('a'), from: 'y', to: 'x' },
      ],
    },
  }),
  kept('twins without names, of which the later one goes again', mysql, {
    from: { tables: { a: table((t) => ({ x: t.integer() }), { uniques: [{ columns: ['x'] }] }) } },
    to: {
      tables: {
        a: table((t) => ({ x: t.integer() }), {
          uniques: [{ columns: ['x'] }],
          indexes: [{ columns: ['x'], unique: true }],
        }),
      },
    },
  }),
  kept('a column that counts by itself goes with its key and an index', everywhere, {
    from: {
      tables: {
        a: table((t) => ({ x: t.integer().identity().primaryKey(), y: t.integer() }), {
          indexes: [{ name: 'i', columns: ['x'] }],
        }),
      },
    },
    to: { tables: { a: table((t) => ({ y: t.integer(), z: t.integer().primaryKey() })) } },
  }),
  kept('a computed column of which the type and the expression change', everywhere, {
    from: {
      tables: { a: table((t) => ({ x: t.integer(), z: t.varchar(40), y: t.bigint().generatedAs('x + 1') })) },
    },
    to: {
      tables: {
        a: table((t) => ({ x: t.integer(), z: t.varchar(40), y: t.varchar(80).generatedAs('lower(z)') })),
      },
    },
  }),
  kept('a renamed column under a view that another view reads', everywhere, {
    from: {
      tables: { a: table((t) => ({ x: t.integer() })) },
      views: { v: 'SELECT x FROM a', w: 'SELECT x FROM v' },
    },
    to: {
      tables: { a: table((t) => ({ y: t.integer() })) },
      views: { v: 'SELECT y FROM a', w: 'SELECT y FROM v' },
    },
    renames: columnRenamed('x', 'y'),
  }),
  kept('a renamed column by which a view joins', everywhere, {
    from: {
      tables: { a: table((t) => ({ x: t.integer() })), b: table((t) => ({ x: t.integer() })) },
      views: { v: 'SELECT x FROM a JOIN b USING (x)' },
    },
    to: {
      tables: { a: table((t) => ({ y: t.integer() })), b: table((t) => ({ y: t.integer() })) },
      views: { v: 'SELECT y FROM a JOIN b USING (y)' },
    },
    renames: {
      tables: [],
      columns: [
        { table: local('a'), from: 'x', to: 'y' },
        { table: local('b'), from: 'x', to: 'y' },
      ],
    },
  }),
];
