// MariaDB: columns that went instantly stay in the rows, unseen, until they fill them.

import { describe, expect, test } from 'vitest';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { session } from './support.ts';

const engines = selectedEngines().filter((one) => one === 'mariadb');

describe.each(engines)('%s', (engine) => {
  test('a table whose rows are full of what is gone is rebuilt', async () => {
    const { url, drop } = await freshDatabase(engine);
    using project = testProject(
      { id: 'aaaa', up: `op.createTable('item', { id: t.integer().primaryKey() });` },
      { id: 'bbbb', up: `op.addColumn('item', 'note', t.varchar(60));` },
    );
    const surefoot = project.surefoot({ url });
    try {
      await surefoot.upgrade();
      const connection = await session(url);
      await connection.query("INSERT INTO item (id, note) VALUES (1, 'one')");
      const dropAndAdd = async () => {
        await connection.query('ALTER TABLE item DROP COLUMN note, ALGORITHM=INSTANT');
        await connection.query('ALTER TABLE item ADD COLUMN note varchar(60), ALGORITHM=INSTANT');
        await connection.query("UPDATE item SET note = 'new'");
      };
      const untilFull = async () => {
        for (let i = 0; i < 200; i++) await dropAndAdd();
      };
      await expect(untilFull()).rejects.toThrow('Row size too large');
      await connection.close();

      expect((await surefoot.downgrade('aaaa')).failed).toBeNull();
      expect((await surefoot.upgrade()).failed).toBeNull();
      const ways = (await surefoot.log()).flatMap(({ direction, data }) =>
        direction === 'downgrade' && data.way !== undefined ? [data.way] : [],
      );
      expect(ways).toEqual(['FORCE, ALGORITHM=INPLACE, LOCK=NONE']);
    } finally {
      await drop();
    }
  });
});
