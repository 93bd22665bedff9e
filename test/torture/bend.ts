// What is right in kind and broken inside. In: JSON, or calls of the builder. Out: the same with one member replaced or
// taken out. Must not know who reads it.

import { oneOfEachKind } from '../support/arbitrary-operations.ts';
import { arbitraryPair } from '../support/arbitrary-schema.ts';
import { fc } from '../support/laws.ts';

export interface Bend {
  /** At each level the member to go to, counted around; the last one is replaced. */
  readonly path: readonly number[];
  /** What comes instead; `undefined`: the member goes. */
  readonly value: unknown;
}

const odd: readonly unknown[] = [
  undefined,
  null,
  0,
  -1,
  1.5,
  '',
  'x',
  true,
  [],
  {},
  [null],
  [{}],
  [[]],
  ['x'],
];

export const arbitraryBend: fc.Arbitrary<Bend> = fc.record({
  path: fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 7 }),
  value: fc.oneof(fc.constantFrom(...odd), fc.jsonValue({ maxDepth: 2 })),
});

/** A copy with the member replaced. What has no members gives way as a whole. */
function bentValue(value: unknown, { path, value: instead }: Bend): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return instead;
  const names = Object.keys(value);
  const name = names[step % Math.max(1, names.length)];
  if (name === undefined) return instead;
  const member = bentValue(Object.entries(value)[names.indexOf(name)]?.[1], { path: rest, value: instead });
  if (Array.isArray(value)) return value.map((one, position) => (String(position) === name ? member : one));
  const kept = Object.entries(value).filter(([other]) => other !== name);
  return Object.fromEntries(member === undefined ? kept : [...kept, [name, member]]);
}

/** JSON with one member replaced; what is no JSON stays. */
export function bent(json: string, bend: Bend): string {
  try {
    return JSON.stringify(bentValue(JSON.parse(json), bend)) ?? 'null';
  } catch {
    return json;
  }
}

/** Every kind of operation, as data. */
const operations = fc
  .sample(arbitraryPair(), { seed: 7, numRuns: 4 })
  .flatMap(([schema, other], pick) => oneOfEachKind({ schema, other }, pick));

const added = fc.record({ which: fc.nat(), bend: arbitraryBend }).map(({ which, bend }) => {
  const operation = JSON.stringify(operations[which % operations.length]);
  return `    op.add(${bent(operation, bend)});`;
});

/** Calls of the builder: a method, and the code of its arguments. */
const calls: readonly (readonly string[])[] = [
  ['createTable', "'made'", '{ id: t.integer().primaryKey() }', "{ comment: 'x' }"],
  [
    'createTable',
    "'made'",
    '{ id: t.integer(), name: t.varchar(9).unique() }',
    "{ indexes: [{ columns: ['id'] }] }",
  ],
  ['dropTable', "'item'"],
  ['renameTable', "'item'", "'thing'"],
  ['setTableComment', "'item'", "'x'"],
  ['addColumn', "'item'", "'more'", 't.text().nullable()'],
  ['dropColumn', "'item'", "'n'"],
  ['renameColumn', "'item'", "'n'", "'o'"],
  ['alterColumn', "'item'", "'n'", '{ nullable: true, default: 7 }', '{}'],
  ['setColumnComment', "'item'", "'n'", "'x'"],
  ['createIndex', "'item'", "['n']", "{ name: 'ix', unique: false }"],
  ['dropIndex', "'item'", "'ix'", '{}'],
  ['addPrimaryKey', "'item'", "['id']", '{}'],
  ['addUnique', "'item'", "['n']", "{ name: 'uq' }"],
  ['dropUnique', "'item'", "{ columns: ['n'] }"],
  ['addForeignKey', "'item'", "['n']", "{ table: 'item', columns: ['id'], onDelete: 'cascade' }"],
  ['dropForeignKey', "'item'", "'fk'"],
  ['addCheck', "'item'", "'n > 0'", "{ name: 'ck' }"],
  ['dropCheck', "'item'", "{ sql: 'n > 0' }"],
  ['validateConstraint', "'item'", "'ck'"],
  ['createEnum', "'mood'", "['a', 'b']"],
  ['addEnumValue', "'mood'", "'c'", "{ after: 'b' }"],
  ['createNamespace', "'space'"],
  ['createView', "'seen'", "'SELECT 1 AS one'", '{}'],
  ['createTrigger', "'item'", "'tr'", "'CREATE TRIGGER tr'"],
  ['createFunction', "'f'", "'CREATE FUNCTION f'", '{}'],
  ['createSequence', "'counter'", '{ start: 7 }'],
  ['execute', "'SELECT 1'", "{ inverse: 'SELECT 1', effect: 'none', transaction: true }"],
  ['run', 'async () => {}', "{ inverse: 'nothing' }"],
  ['insertRows', "'item'", '[{ id: 7, n: 1 }]', "{ key: ['id'] }"],
  ['deleteRows', "'item'", '[{ id: 7 }]', '{}'],
  ['backfill', "{ table: 'item', set: { n: 'n' }, batch: 2, inverse: 'nothing' }"],
  ['assert', "'SELECT 1'", "'x'"],
  ['add', "{ kind: 'assert', sql: 'SELECT 1', message: 'x' }"],
];

const oddCode: readonly string[] = [
  ...odd.map((value) => JSON.stringify(value) ?? 'undefined'),
  '() => 1',
  "Symbol('s')",
  '1n',
  'NaN',
  'Infinity',
  'new Date(0)',
  'new Uint8Array(3)',
  'new Map()',
  't',
  't.text()',
  't.integer',
  'op',
  'Object.create(null)',
  "new Proxy({}, { get() { throw new Error('mine'); } })",
  "{ name: 7, namespace: 'x' }",
  '{ toString: null }',
  '{ get name() { throw 7; } }',
  "[['n']]",
  '{ n: 7 }',
  '{ n: t }',
  '{ n: {} }',
  '{ __proto__: null, kind: 7 }',
  '{ key: 7, name: 7, unique: 7, where: 7, effect: 7, inverse: 7, transaction: 7, signature: 7 }',
  '{ type: 7 }',
  "{ type: 'text', default: {} }",
  '{ default: Symbol.iterator }',
  '{ table: 7, columns: 7, onDelete: 7 }',
  '{ columns: 7, indexes: 7, uniques: 7, checks: 7, foreignKeys: 7, options: 7, comment: 7, primaryKey: 7 }',
];

const called = fc
  .record({ which: fc.nat(), place: fc.nat(), code: fc.constantFrom(...oddCode) })
  .map(({ which, place, code }) => {
    const [method = '', ...given] = calls[which % calls.length] ?? [];
    const at = place % given.length;
    return `    op.${method}(${given.map((one, position) => (position === at ? code : one)).join(', ')});`;
  });

/** The body of an `upgrade(op)`. */
export const arbitraryBody: fc.Arbitrary<string> = fc.oneof(added, called);
