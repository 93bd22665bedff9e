import { fc } from './laws.ts';

// Seeds: what a schema is made of, before names and rules of a server are known. Numbers are picks, taken modulo.

const pick = fc.nat({ max: 60 });
const sometimes = fc.integer({ min: 0, max: 4 }).map((n) => n === 0);

const columnSeed = fc.record({
  type: pick,
  nullable: fc.boolean(),
  value: fc.integer({ min: 0, max: 9 }),
  identity: sometimes,
  generated: fc.integer({ min: 0, max: 7 }),
  collation: fc.integer({ min: 0, max: 6 }),
  comment: fc.integer({ min: 0, max: 6 }),
});

const partSeed = fc.record({
  columns: fc.array(pick, { minLength: 1, maxLength: 3 }),
  named: fc.boolean(),
  flavor: pick,
  text: fc.integer({ min: 0, max: 5 }),
  unique: fc.boolean(),
});

const foreignKeySeed = fc.record({
  parent: pick,
  key: pick,
  named: fc.boolean(),
  nullable: fc.boolean(),
  onDelete: pick,
  onUpdate: pick,
  deferrable: pick,
  valid: fc.boolean(),
});

const slots = <T>(seed: fc.Arbitrary<T>, length: number) =>
  fc.array(fc.option(seed, { freq: 2 }), { minLength: length, maxLength: length });

const tableSeed = fc.record({
  namespace: pick,
  columns: slots(columnSeed, 5),
  primaryKey: fc.option(partSeed, { freq: 5 }),
  uniques: slots(partSeed, 2),
  checks: slots(partSeed, 2),
  indexes: slots(partSeed, 3),
  foreignKeys: slots(foreignKeySeed, 2),
  comment: fc.integer({ min: 0, max: 3 }),
  options: pick,
  trigger: fc.option(fc.nat({ max: 3 })),
});

/** Everything that a schema is made of but its names. */
export const schemaSeed = fc.record({
  tables: slots(tableSeed, 4),
  enums: slots(fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1, maxLength: 5 }), 2),
  sequences: slots(fc.integer({ min: 1, max: 3 }), 1),
  views: slots(fc.record({ over: pick, text: fc.nat({ max: 2 }), materialized: sometimes }), 3),
  routines: slots(fc.nat({ max: 5 }), 1),
  namespaces: slots(fc.constant(true), 2),
});

type Of<A> = A extends fc.Arbitrary<infer T> ? T : never;
export type SchemaSeed = Of<typeof schemaSeed>;
export type TableSeed = NonNullable<SchemaSeed['tables'][number]>;
export type ColumnSeed = Of<typeof columnSeed>;
export type PartSeed = Of<typeof partSeed>;
export type ForeignKeySeed = Of<typeof foreignKeySeed>;

/** Names that a careless tool stumbles over. */
const hostile = [
  'order',
  'select',
  'is',
  'null',
  'lower',
  'a "b"',
  "it's",
  'x.y',
  '`tick`',
  '[box]',
  'naïve',
  '用户',
  '🦶',
  '__proto__',
  'constructor',
  'line\nbreak',
  '--c',
  ';',
  '%s',
  'back\\slash',
  'Upper Case',
];

/** A name: ordinary, hostile, or any text. */
export const name = fc.oneof(
  fc.constantFrom(...hostile),
  fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/),
  fc
    .string({ minLength: 1, maxLength: 6, unit: 'grapheme' })
    .filter((text) => !/\p{Cc}/u.test(text) && text.isWellFormed()),
);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One value where `take` says so, else the other; lists and records member by member, but for those that stay as in `a`. */
export function mix(
  a: unknown,
  b: unknown,
  choice: { readonly take: () => boolean; readonly fixed: readonly string[] },
): unknown {
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    return a.map((one, i) => mix(one, b[i], choice));
  }
  if (!isRecord(a) || !isRecord(b)) return choice.take() ? b : a;
  const members = Object.entries(a).map(([key, member]) => [
    key,
    choice.fixed.includes(key) ? member : mix(member, b[key], choice),
  ]);
  return Object.fromEntries(members);
}
