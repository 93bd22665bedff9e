// What MikroORM knows of every database: its own types, keys, relations, embeddables, inheritance, pivot tables.

import { defineEntity, EntitySchema, p, raw } from '@mikro-orm/core';

const Mood = { Sad: 'sad', Happy: 'happy' } as const;

export const Types = defineEntity({
  name: 'Types',
  comment: 'every type',
  properties: {
    id: p.integer().primary(),
    aBigint: p.bigint(),
    aBigintOfStrings: p.bigint('string').nullable(),
    aBlob: p.blob(),
    bytes: p.uint8array().nullable(),
    aBoolean: p.boolean(),
    aCharacter: p.character().length(4),
    aDate: p.date(),
    aDatetime: p.datetime(),
    aDatetime3: p.datetime(3).nullable(),
    aTime: p.time(),
    aTime2: p.time(2).nullable(),
    aDecimal: p.decimal(),
    aDecimal123: p.decimal().precision(12).scale(3),
    aDouble: p.double(),
    aFloat: p.float(),
    anInteger: p.integer(),
    aSmallint: p.smallint(),
    aTinyint: p.tinyint(),
    aString: p.string(),
    aString40: p.string().length(40).nullable(),
    aText: p.text(),
    aUuid: p.uuid(),
    aJson: p.json().nullable(),
    anArray: p.array(),
    anEnum: p.enum(() => Mood),
    aNumberEnum: p.enum([1, 2, 3]).nullable(),
    enumArray: p.enum(['x', 'y']).array().nullable(),
    notStored: p.string().persist(false),
    formula: p.string().formula('1 + 1'),
  },
});

export const Defaults = defineEntity({
  name: 'Defaults',
  tableName: 'defaults',
  properties: {
    id: p.bigint().primary(),
    number: p.integer().default(7),
    negative: p.decimal().precision(4).scale(1).default(-1.5),
    text: p.string().default('"here"'),
    empty: p.string().default(''),
    truth: p.boolean().default(true),
    now: p.datetime().defaultRaw('current_timestamp'),
    moment: p.datetime(0).default(raw('current_timestamp')),
    computed: p.integer().defaultRaw('((1 + 2) * 3)'),
    mood: p.enum(() => Mood).default(Mood.Happy),
    nothing: p.string().nullable().default(null),
    commented: p.string().nullable().comment(`a "comment" of 'ours'`),
    named: p.string().nullable().fieldName('na"me d'),
    version: p.integer().version(),
    changed: p.datetime().version(),
    onCreate: p.datetime().onCreate(() => new Date()),
  },
});

const Address = defineEntity({
  name: 'Address',
  embeddable: true,
  properties: { street: p.string(), city: p.string().nullable() },
});

export const Person = defineEntity({
  name: 'Person',
  tableName: 'we "ird" table',
  discriminatorColumn: 'kind',
  discriminatorValue: 'person',
  indexes: [{ properties: ['name', 'born'] }, { name: 'ix_born', properties: ['born'] }],
  uniques: [{ properties: ['name', 'email'] }, { name: 'uq_email', properties: ['email'] }],
  checks: [{ name: 'ck_age', expression: 'age > 0' }],
  properties: {
    id: p.integer().primary(),
    name: p.string().length(60).index(),
    email: p.string().length(60),
    code: p.string().length(20).unique(),
    born: p.date().nullable(),
    age: p.integer().check('age < 200'),
    address: () => p.embedded(Address),
    other: () => p.embedded(Address).prefix('other_').nullable(),
    whole: () => p.embedded(Address).object().nullable(),
    boss: () => p.manyToOne(Person).nullable().deleteRule('set null').updateRule('cascade'),
    defaults: () => p.oneToOne(Defaults).nullable(),
    types: () => p.manyToOne(Types).deleteRule('cascade').foreignKeyName('fk_of_ours'),
    unchecked: () => p.manyToOne(Types).createForeignKeyConstraint(false).nullable(),
    tags: () => p.manyToMany(Tag).owner(),
    ordered: () => p.manyToMany(Tag).owner().pivotTable('ordered_tags').fixedOrder(),
  },
});

export const Employee = defineEntity({
  name: 'Employee',
  extends: Person,
  discriminatorValue: 'employee',
  properties: { salary: p.decimal().precision(10).scale(2).nullable() },
});

export const Tag = defineEntity({
  name: 'Tag',
  properties: {
    id: p.uuid().primary(),
    text: p.string(),
    people: () => p.manyToMany(Person).mappedBy('tags'),
  },
});

export const Pair = defineEntity({
  name: 'Pair',
  properties: {
    left: () => p.manyToOne(Tag).primary(),
    right: () => p.manyToOne(Tag).primary(),
    note: p.string().nullable(),
  },
});

export const Noted = defineEntity({
  name: 'Noted',
  properties: { id: p.integer().primary(), pair: () => p.manyToOne(Pair) },
});

class Plain {
  id = 0;
  text = 'none';
  at?: Date;
  boss?: Plain;
}

export const Written = new EntitySchema<Plain>({
  class: Plain,
  tableName: 'written',
  properties: {
    id: { type: 'integer', primary: true, autoincrement: true },
    text: { type: 'string', length: 30, default: 'none' },
    at: { type: 'datetime', nullable: true, index: 'ix_at' },
    boss: { kind: 'm:1', entity: () => Plain, nullable: true },
  },
});

export const entities = [Types, Defaults, Address, Person, Employee, Tag, Pair, Noted, Written];
