// What MikroORM knows of SQLite alone, besides all that it knows of every database.

import { defineEntity, NodeSqliteDialect, p, SqliteDriver } from '@mikro-orm/sql';
import { entities } from './shared.ts';

const Native = defineEntity({
  name: 'Native',
  properties: {
    id: p.integer().primary(),
    size: p.integer(),
    medium: p.mediumint(),
    doubled: p.integer().generated('(size * 2) stored'),
    tripled: p.integer().generated('(size * 3) virtual'),
    collated: p.string().collation('NOCASE').nullable(),
    any: p.type('any').columnType('numeric').nullable(),
  },
  indexes: [{ name: 'ix_partial', properties: ['size'], where: 'size > 10' }],
});

const Names = defineEntity({
  name: 'Names',
  view: true,
  expression: 'select id, text from defaults',
  properties: { id: p.bigint().primary(), text: p.string() },
});

export default {
  driver: SqliteDriver,
  dbName: '/nowhere/at/all.db',
  driverOptions: new NodeSqliteDialect('/nowhere/at/all.db'),
  entities: [...entities, Native, Names],
};
