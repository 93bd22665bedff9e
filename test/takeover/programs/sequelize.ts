// A project of Sequelize. In: a family, where the database is. Out: files, and what to run. Must not know Surefoot.

import type { ToolProject } from './project.ts';
import { commonjs, every, fileOf } from './project.ts';

/** The package `sqlite3` is built where it is installed: what Sequelize takes of it, on what Node has. */
const sqlite3 = `const { DatabaseSync } = require('node:sqlite');
class Database {
  constructor(file, mode, done) {
    this.handle = new DatabaseSync(file);
    setImmediate(done, null);
  }
  serialize(work) { work(); }
  close(done) { this.handle.close(); done?.(null); }
  run(sql, ...rest) { this.all(sql, ...rest); }
  all(sql, ...rest) {
    const done = rest.find((one) => typeof one === 'function') ?? (() => undefined);
    try {
      const given = rest.find((one) => typeof one === 'object' && one !== null) ?? {};
      const used = Object.fromEntries(Object.entries(given).filter(([name]) => sql.includes(name)));
      const rows = this.handle.prepare(sql).all(used);
      const { lastID, changes } = this.handle.prepare('SELECT last_insert_rowid() AS lastID, changes() AS changes').get();
      setImmediate(() => done.call({ lastID, changes }, null, rows));
    } catch (error) {
      setImmediate(() => done.call({}, error));
    }
  }
}
module.exports = { Database, OPEN_READWRITE: 2, OPEN_CREATE: 4, OPEN_FULLMUTEX: 65536 };
`;

/** A project as its users write it: tables, rows, a change without a way back, a change with one. */
export const sequelize: ToolProject = {
  tool: 'sequelize',
  families: every,
  apply: ['sequelize-cli/lib/sequelize', 'db:migrate'],
  ids: ['20240101000000_users', '20240102000000_posts', '20240103000000_data', '20240104000000_columns'],
  // Where it makes a table anew, Sequelize forgets that a number counts up and is never given twice.
  remainders: (family) =>
    family === 'sqlite'
      ? [{ line: 7, reason: 'its way back does not end where it began: the downgrade does' }]
      : [],
  files: (family, url) => ({
    'package.json': commonjs,
    '.sequelizerc': `const path = require('path');
module.exports = { config: path.resolve(__dirname, 'config/config.js'), 'migrations-path': path.resolve(__dirname, 'db/migrations') };`,
    'sqlite3.js': sqlite3,
    'config/config.js': `module.exports = { development: ${
      family === 'sqlite'
        ? `{ dialect: 'sqlite', storage: ${JSON.stringify(fileOf(url))}, dialectModule: require('../sqlite3.js') }`
        : `{ url: ${JSON.stringify(url.replace(/^mariadb:/, 'mysql:'))}, dialect: '${family}' }`
    } };`,
    'db/migrations/20240101000000-users.js': `'use strict';
/** @type {import('sequelize-cli').Migration} */
module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.createTable('Users', {
      id: { allowNull: false, autoIncrement: true, primaryKey: true, type: Sequelize.INTEGER },
      firstName: { type: Sequelize.STRING },
      email: { type: Sequelize.STRING(120), allowNull: false, unique: true },
      createdAt: { allowNull: false, type: Sequelize.DATE },
      updatedAt: { allowNull: false, type: Sequelize.DATE },
    });
  },
  async down(queryInterface) {
    await queryInterface.dropTable('Users');
  },
};`,
    'db/migrations/20240102000000-posts.js': `'use strict';
module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.sequelize.transaction(async (transaction) => {
      await queryInterface.createTable('Posts', {
        id: { allowNull: false, autoIncrement: true, primaryKey: true, type: Sequelize.INTEGER },
        userId: {
          type: Sequelize.INTEGER,
          allowNull: false,
          references: { model: 'Users', key: 'id' },
          onDelete: 'CASCADE',
        },
        title: { type: Sequelize.STRING(200), allowNull: false, defaultValue: 'untitled' },
      }, { transaction });
      await queryInterface.addIndex('Posts', ['userId'], { name: 'posts_user', transaction });
    });
  },
  async down(queryInterface) {
    await queryInterface.dropTable('Posts');
  },
};`,
    'db/migrations/20240103000000-data.js': `'use strict';
module.exports = {
  async up(queryInterface) {
    const at = new Date('2024-01-03T00:00:00Z');
    await queryInterface.bulkInsert('Users', [{ firstName: "O'Neil", email: 'a@example.org', createdAt: at, updatedAt: at }]);
    await queryInterface.bulkUpdate('Users', { firstName: 'Ann' }, { email: 'a@example.org' });
  },
};`,
    'db/migrations/20240104000000-columns.js': `'use strict';
module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.addColumn('Posts', 'stars', { type: Sequelize.INTEGER });
    await queryInterface.addIndex('Posts', ['stars'], { name: 'posts_stars' });
  },
  async down(queryInterface) {
    await queryInterface.removeIndex('Posts', 'posts_stars');
    await queryInterface.removeColumn('Posts', 'stars');
  },
};`,
  }),
};
