// A project of MikroORM. In: a family, where the database is. Out: files, and what to run. Must not know Surefoot.

import type { DialectName } from '../../../src/schema/schema.ts';
import type { ToolProject } from './project.ts';
import { every, fileOf } from './project.ts';

const mikroDrivers: Readonly<Record<DialectName, string>> = {
  sqlite: '@mikro-orm/sqlite',
  postgres: '@mikro-orm/postgresql',
  mysql: '@mikro-orm/mariadb',
};

const mikroId: Readonly<Record<DialectName, string>> = {
  sqlite: 'id integer not null primary key autoincrement',
  postgres: 'id serial primary key',
  mysql: 'id int unsigned not null auto_increment primary key',
};

/** A project as its users write it: tables, rows, a change without a way back, a change with one. */
export const mikroOrm: ToolProject = {
  tool: 'mikro-orm',
  families: every,
  apply: ['@mikro-orm/cli/cli.js', 'migration:up'],
  ids: [
    'Migration20240101000000',
    'Migration20240102000000_books',
    'Migration20240103000000',
    'Migration20240104000000',
  ],
  files: (family, url) => ({
    'package.json': JSON.stringify({
      private: true,
      type: 'module',
      dependencies: { '@mikro-orm/cli': '*' },
    }),
    // Its command line reads it where a loader of TypeScript is installed.
    'tsconfig.json': '{}',
    'mikro-orm.config.js': `import { defineConfig } from '${mikroDrivers[family]}';
import { Migrator } from '@mikro-orm/migrations';

export default defineConfig({
  ${family === 'sqlite' ? `dbName: ${JSON.stringify(fileOf(url))}` : `clientUrl: ${JSON.stringify(url)}`},
  entities: [],
  discovery: { warnWhenNoEntities: false },
  extensions: [Migrator],
  migrations: { path: 'migrations', snapshot: false },
});
`,
    'migrations/Migration20240101000000.js': `import { Migration } from '@mikro-orm/migrations';

export class Migration20240101000000 extends Migration {
  async up() {
    this.addSql('create table author (${mikroId[family]}, name varchar(255) not null)${family === 'mysql' ? ' default character set utf8mb4 engine = InnoDB' : ''};');
    this.addSql('create unique index author_name_unique on author (name);');
  }

  async down() {
    this.addSql('drop table if exists author;');
  }
}
`,
    'migrations/Migration20240102000000_books.js': `import { Migration } from '@mikro-orm/migrations';

export class Migration20240102000000_books extends Migration {
  async up() {
    this.addSql("insert into author (name) values ('A?')");
    await this.execute('insert into author (name) values (?)', ["O'Neil"]);
    this.addSql('create table book (${mikroId[family]}, author_id ${family === 'mysql' ? 'int unsigned' : 'int'} not null, constraint book_author foreign key (author_id) references author (id) on delete cascade);');
  }

  async down() {
    this.addSql('drop table book;');
  }
}
`,
    'migrations/Migration20240103000000.js': `import { Migration } from '@mikro-orm/migrations';

export class Migration20240103000000 extends Migration {
  async up() {
    this.addSql("update author set name = 'B' where name = 'A?';");
  }
}
`,
    'migrations/Migration20240104000000.js': `import { Migration } from '@mikro-orm/migrations';

export class Migration20240104000000 extends Migration {
  async up() {
    this.addSql('alter table book add column title varchar(200) null;');
    this.addSql('alter table author rename column name to full_name;');
  }

  async down() {
    this.addSql('alter table author rename column full_name to name;');
    this.addSql('alter table book drop column title;');
  }
}
`,
  }),
};
