// What MikroORM knows of MySQL and MariaDB alone, besides all that it knows of every database.

import { defineConfig, defineEntity, p } from '@mikro-orm/mysql';
import { entities as shared } from './shared.ts';

const columns = (...types: readonly string[]) =>
  Object.fromEntries(types.map((type, index) => [`c${index}`, p.type('any').columnType(type).nullable()]));

const Native = defineEntity({
  name: 'Native',
  properties: {
    id: p.integer().unsigned().primary(),
    doubled: p.integer().generated('(size * 2) stored'),
    tripled: p.integer().generated('(size * 3) virtual'),
    size: p.integer(),
    medium: p.mediumint(),
    collated: p.string().collation('utf8mb4_bin').nullable(),
    touched: p.datetime(3).defaultRaw('current_timestamp(3)').extra('on update current_timestamp(3)'),
    words: p.text(),
    ...columns(
      ...[
        'tinyint unsigned',
        'bigint unsigned',
        'mediumtext',
        'longtext',
        'longblob',
        'varbinary(20)',
        'binary(4)',
      ],
      ...[
        'year',
        'timestamp',
        'timestamp(6)',
        'bit(3)',
        'point',
        'geometry',
        "set('a','b')",
        'float',
        'decimal(5,2)',
      ],
    ),
  },
  indexes: [{ name: 'ix_words', properties: ['words'], type: 'fulltext' }],
});

const Names = defineEntity({
  name: 'Names',
  view: true,
  expression: 'select id, text from defaults',
  properties: { id: p.bigint().primary(), text: p.string() },
});

export const entities = [...shared, Native, Names];

export default defineConfig({
  clientUrl: 'mysql://nobody:secret@127.0.0.1:1/nowhere',
  charset: 'utf8mb4',
  entities,
});
