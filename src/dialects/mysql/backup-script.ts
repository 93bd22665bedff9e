// The SQL around a dump that is loaded. There is no transaction for it: what must survive a failure is in tables.
// In: names, a session to ask. Out: SQL for the client. Must not know where the dump is.

import type { Connection } from '../../dialect/connection.ts';
import { insertKept } from '../../dialect/kept-entries.ts';
import type { LineRewrite, RestoreGround, RestoreScript } from '../../dialect/native-backup.ts';
import { textOf } from '../../dialect/rows.ts';
import { grantsOf } from './grants.ts';
import { quote } from './quote.ts';

/** Where the journal waits while the dump is loaded. */
export const keptJournal = 'surefoot_kept_journal';

const objectsSql = `SELECT table_name AS name, CASE table_type WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind
FROM information_schema.tables WHERE table_schema = DATABASE()
UNION ALL SELECT routine_name, routine_type FROM information_schema.routines WHERE routine_schema = DATABASE()
UNION ALL SELECT event_name, 'EVENT' FROM information_schema.events WHERE event_schema = DATABASE()`;

/** Names of the session's own collation and of another one may not be compared: each list by itself. */
async function drops(connection: Connection, keep: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const sql of objectsSql.split('\nUNION ALL ')) {
    const { rows } = await connection.query(sql);
    for (const row of rows) {
      const [name = '', kind = ''] = Object.values(row).map(String);
      if (kind !== 'TABLE' || !keep.includes(name)) found.push(`DROP ${kind} IF EXISTS ${quote(name)}`);
    }
  }
  return found;
}

const definer = /DEFINER=`(?:[^`]|``)*`@`(?:[^`]|``)*`/g;

const definerLines: readonly string[] = [
  'CREATE DEFINER',
  '/*!50001 CREATE',
  '/*!50003 CREATE',
  '/*!50013 DEFINER',
  '/*!50106 CREATE',
];

/** Only some users may make an object that acts in the name of another. */
const mayName: readonly string[] = ['SUPER', 'SET_ANY_DEFINER', 'SET_USER_ID', 'SET USER'];

async function definerRewrite({ connection, inventory }: RestoreGround): Promise<LineRewrite | null> {
  const { rows } = await connection.query('SELECT CURRENT_USER() AS name');
  const own = textOf(rows[0], 'name');
  const others = (inventory['definers'] ?? []).filter((name) => name !== own);
  if (others.length === 0) return null;
  const grants = await grantsOf(connection);
  if (mayName.some((privilege) => grants.has(privilege))) return null;
  return {
    starts: definerLines,
    rewrite: (line) => line.replace(definer, 'DEFINER=CURRENT_USER'),
    until: null,
  };
}

const settings = `SET NAMES utf8mb4;
SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
SET SESSION foreign_key_checks = 0;
SET SESSION lock_wait_timeout = 30;
`;

/** What surrounds the dump. A journal that an earlier try kept is kept further. */
export async function mysqlScript(ground: RestoreGround): Promise<RestoreScript> {
  const { connection, names, createTables } = ground;
  const [journal, kept] = [quote(names.journal), quote(keptJournal)];
  const keep = [
    `CREATE TABLE IF NOT EXISTS ${kept} LIKE ${journal}`,
    `INSERT IGNORE INTO ${kept} SELECT * FROM ${journal}`,
    ...(await drops(connection, [names.lock, keptJournal])),
  ];
  const after = [...createTables, insertKept({ journal, kept }), `DROP TABLE ${kept}`];
  return {
    before: `${settings}${keep.map((sql) => `${sql};\n`).join('')}`,
    after: `\n${settings}${after.map((sql) => `${sql};\n`).join('')}`,
    rewrite: await definerRewrite(ground),
    onFailure: 'half-done',
  };
}
