// What MikroORM knows of PostgreSQL alone, besides all that it knows of every database.

import { defineConfig, defineEntity, FullTextType, p } from '@mikro-orm/postgresql';
import { entities } from './shared.ts';

const columns = (...types: readonly string[]) =>
  Object.fromEntries(types.map((type, index) => [`c${index}`, p.type('any').columnType(type).nullable()]));

const Native = defineEntity({
  name: 'Native',
  schema: 'back office',
  properties: {
    id: p.integer().primary(),
    mood: p.enum(['sad', "it's"]).nativeEnumName('mood').default('sad'),
    interval: p.type('interval').nullable(),
    array: p.array().columnType('int[]').default([]),
    json: p.json().defaultRaw(`'{"a":["b''c"]}'`),
    search: p.type(new FullTextType('simple')).nullable().index(),
    doubled: p.integer().generated('(id * 2) stored'),
    identity: p.integer().generated('by default as identity'),
    zoned: p.datetime().columnType('timestamptz(3)').defaultRaw('now()'),
    local: p.datetime().columnType('timestamp(0)').nullable(),
    collated: p.string().collation('C').nullable(),
    ...columns(
      ...['inet', 'cidr', 'macaddr', 'money', 'xml', 'point', 'box', 'bit(3)', 'varbit(9)', 'numeric(6,2)[]'],
      ...[
        'int4range',
        'tstzrange',
        'datemultirange',
        'jsonpath',
        'timetz',
        'real',
        'bytea',
        'character varying(7)',
      ],
    ),
  },
  indexes: [
    { name: 'ix_partial', properties: ['local'], where: 'id > 10' },
    {
      name: 'ix_expression',
      expression: 'create index "ix_expression" on "back office"."native" (lower("collated"))',
    },
    { name: 'ix_hash', properties: ['zoned'], type: 'hash' },
    { name: 'ix_include', properties: ['zoned'], include: ['local'] },
  ],
  uniques: [{ name: 'uq_late', properties: ['local', 'zoned'], deferMode: 'deferred' }],
});

const Late = defineEntity({
  name: 'Late',
  properties: {
    id: p.bigint().primary(),
    native: () => p.manyToOne(Native).deferMode('deferred'),
  },
});

const Names = defineEntity({
  name: 'Names',
  view: true,
  expression: 'select id, text from defaults',
  properties: { id: p.bigint().primary(), text: p.string() },
});

export default defineConfig({
  clientUrl: 'postgres://nobody:secret@127.0.0.1:1/nowhere',
  debug: true,
  entities: [...entities, Native, Late, Names],
});
