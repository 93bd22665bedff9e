// Random schemas for property tests, in memory and on real servers.
//
//   arbitrarySchema(can)       one schema
//   arbitraryChange(can)       a schema, and what a few changes make of it, or many, or another one altogether
//   arbitraryPair(can)         two schemas that have much in common: what a migration lies between
//   everything                 all that the model can say; take away what a server does not have (see Capabilities)
//
// A schema is valid: types of foreign keys agree with the key they rest on, defaults fit their types, expressions compute,
// no two parts of a table say the same. References run in circles and to their own table. Names are hostile: quotes, dots,
// line breaks, keywords, other scripts, `__proto__`. Constraints and indexes are named or not; names are unique in the schema.
// `DROP` and `CREATE` of the same names on both sides of a pair come from names being handed out by place.

import type { Schema } from '../../src/schema/schema.ts';
import type { Names } from './arbitrary-build.ts';
import { buildSchema } from './arbitrary-build.ts';
import type { Capabilities } from './arbitrary-capabilities.ts';
import { everything } from './arbitrary-capabilities.ts';
import type { SchemaSeed } from './arbitrary-seeds.ts';
import { mix, name, schemaSeed } from './arbitrary-seeds.ts';
import { fc } from './laws.ts';

export type { Capabilities } from './arbitrary-capabilities.ts';
export { everything, portableTypes } from './arbitrary-capabilities.ts';

// Spaces, quotes, parentheses and case tell no two names of one schema apart: unnamed checks over them are hard enough.
const loose = (text: string): string => text.toLowerCase().replaceAll(/[\s()"`]/g, '');

function someNames(length: number, can: Capabilities): fc.Arbitrary<readonly string[]> {
  return fc.uniqueArray(name.filter(can.isName), {
    minLength: length,
    maxLength: length,
    selector: (text) => loose(can.foldName(text)),
  });
}

function names(can: Capabilities): fc.Arbitrary<Names> {
  return fc.record({
    tables: someNames(4, can),
    columns: someNames(11, can),
    parts: someNames(3, can),
    objects: someNames(4, can),
  });
}

/** A random schema that a server of these capabilities can hold. */
export function arbitrarySchema(can: Capabilities = everything): fc.Arbitrary<Schema> {
  return fc.tuple(schemaSeed, names(can)).map(([seed, given]) => buildSchema(seed, given, can));
}

// Each bit decides whether one pick of the second seed replaces that of the first: about one in four does.
const bits = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 40, maxLength: 80 });

/** Two schemas that have much in common. */
export function arbitraryPair(can: Capabilities = everything): fc.Arbitrary<readonly [Schema, Schema]> {
  return fc.tuple(schemaSeed, schemaSeed, bits, names(can)).map(([a, b, choices, given]) => {
    let at = 0;
    const take = () => choices[at++ % choices.length] === 0;
    const mixed = mix(a, b, { take, fixed: can.fixed }) as SchemaSeed;
    return [buildSchema(a, given, can), buildSchema(mixed, given, can)];
  });
}

// Of a thousand picks, how many change: a handful, a tenth, a quarter, all.
const rates = [12, 12, 12, 30, 30, 100, 250, 1000];
const manyBits = fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 300, maxLength: 320 });

/** A schema and another: mostly what a few changes make of the first, sometimes one that has nothing to do with it. */
export function arbitraryChange(can: Capabilities = everything): fc.Arbitrary<readonly [Schema, Schema]> {
  const rate = fc.constantFrom(...rates);
  return fc.tuple(schemaSeed, schemaSeed, rate, manyBits, names(can)).map(([a, b, often, choices, given]) => {
    let at = 0;
    const take = () => (choices[at++ % choices.length] ?? 0) < often;
    const mixed = mix(a, b, { take, fixed: can.fixed }) as SchemaSeed;
    return [buildSchema(a, given, can), buildSchema(mixed, given, can)];
  });
}
