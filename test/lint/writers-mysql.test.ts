// A writer beside an ALTER TABLE of MySQL and MariaDB: it waits where lint says that it does, and goes on elsewhere.

import type { Connection, RowDataPacket } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FreshDatabase } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';

const engines = (['mariadb', 'mysql9'] as const).filter((engine) => selectedEngines().includes(engine));

/**
 * By lint's words: `my-lock-shared` and `my-copy-algorithm` block, `my-table-rebuild` and ordinary indexes do not; nothing is rebuilt beside
 * writers where there is a fulltext index.
 */
const changes = [
  ['MODIFY plain int NOT NULL', false, 'MODIFY plain int NULL'],
  ['ADD INDEX (mail)', false, 'DROP INDEX mail'],
  ['ADD FULLTEXT INDEX (note)', true, null],
  ['MODIFY plain int NULL', true, null],
] as const;

/** On a busy machine it may be the writer who gets no time: then it is done again. */
const tries = 8;

const thousands = 60;

describe.each(engines)('%s', (engine) => {
  let database: FreshDatabase;
  let altering: Connection;
  let writing: Connection;
  beforeAll(async () => {
    database = await freshDatabase(engine);
    const uri = database.url.replace(/^mariadb:/, 'mysql:');
    altering = await createConnection({ uri });
    writing = await createConnection({ uri });
    await altering.query(`CREATE TABLE busy (
      id int AUTO_INCREMENT PRIMARY KEY, mail varchar(50), plain int, note text) DEFAULT CHARSET utf8mb4`);
    const row = ['a@example.org', 1, 'some words of a note'];
    const thousand = Array.from({ length: 1000 }, () => row);
    for (let i = 0; i < thousands; i++)
      await altering.query('INSERT INTO busy (mail, plain, note) VALUES ?', [thousand]);
  });
  afterAll(async () => {
    await writing?.end();
    await altering?.end();
    await database?.drop();
  });

  /** Runs the statement with a writer beside it: how often it wrote, and which part of the time it waited at most. */
  async function underWriters(sql: string) {
    let [isDone, longest, writes] = [false, 0, 0];
    const writer = (async () => {
      while (!isDone) {
        const began = performance.now();
        await writing.query('UPDATE busy SET plain = plain + 1 WHERE id = 1');
        writes += 1;
        longest = Math.max(longest, performance.now() - began);
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 50));
    writes = 0;
    const began = performance.now();
    await altering.query(sql);
    const took = performance.now() - began;
    isDone = true;
    await writer;
    return { writes, share: longest / took };
  }

  test.each(changes)('%s: a writer waits: %s', async (change, blocks, undo) => {
    let { writes, share } = await underWriters(`ALTER TABLE busy ${change}`);
    for (let i = 1; undo !== null && writes <= 5 && i < tries; i++) {
      await altering.query(`ALTER TABLE busy ${undo}`);
      ({ writes, share } = await underWriters(`ALTER TABLE busy ${change}`));
    }
    if (blocks) expect(share).toBeGreaterThan(0.5);
    else expect(writes).toBeGreaterThan(5);
  });
});

describe.runIf(selectedEngines().includes('mysql9'))('the locks that MySQL shows', () => {
  /** What the ALTER holds while a reader that was left open keeps it from the end. */
  async function heldBy(change: string): Promise<readonly string[]> {
    const database = await freshDatabase('mysql9');
    const [reader, altering, watching] = await Promise.all(
      [1, 2, 3].map(() => createConnection({ uri: database.url })),
    );
    if (!reader || !altering || !watching) return expect.fail('no connection');
    try {
      await reader.query('CREATE TABLE busy (id int PRIMARY KEY, plain int)');
      await reader.query('INSERT INTO busy VALUES (1, 1)');
      await reader.beginTransaction();
      await reader.query('SELECT * FROM busy');
      const thread = altering.threadId;
      const altered = altering.query(`ALTER TABLE busy ${change}`);
      const held = async (status: string) => {
        const [rows] = await watching.query<RowDataPacket[]>(
          `SELECT l.LOCK_TYPE AS type FROM performance_schema.metadata_locks l
            JOIN performance_schema.threads t ON t.THREAD_ID = l.OWNER_THREAD_ID
            WHERE t.PROCESSLIST_ID = ? AND l.OBJECT_NAME = 'busy' AND l.LOCK_STATUS = ?`,
          [thread, status],
        );
        return rows.map(({ type }) => String(type));
      };
      await expect.poll(() => held('PENDING'), { timeout: 20_000 }).toContain('EXCLUSIVE');
      const granted = await held('GRANTED');
      await reader.commit();
      await altered;
      return granted;
    } finally {
      await Promise.all([reader.end(), altering.end(), watching.end()]);
      await database.drop();
    }
  }

  test('a copy keeps writers out while readers stay', async () => {
    expect(await heldBy('MODIFY plain bigint')).toContain('SHARED_NO_WRITE');
  });

  test('a rebuild in place does not', async () => {
    expect(await heldBy('MODIFY plain int NOT NULL')).not.toContain('SHARED_NO_WRITE');
  });
});
