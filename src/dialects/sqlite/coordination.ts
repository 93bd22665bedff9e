// What SQLite knows about other runners: nothing but the file that they would share.

import type { FileCoordination } from '../../dialect/coordination.ts';
import { textOf } from '../../dialect/rows.ts';

/** SQLITE_BUSY and SQLITE_LOCKED, whose extended codes say more in their upper bytes. */
const contention = new Set([5, 6]);

function resultCode(error: unknown): number | null {
  for (let one = error, depth = 0; typeof one === 'object' && one !== null && depth < 5; depth += 1) {
    if ('errcode' in one && typeof one.errcode === 'number') return one.errcode & 0xff;
    one = 'cause' in one ? one.cause : undefined;
  }
  return null;
}

/** SQLITE_BUSY: another connection holds the lock. (SQLITE_LOCKED is a quarrel of one connection with itself.) */
export const isBusy = (error: unknown): boolean => resultCode(error) === 5;

export const sqliteCoordination: FileCoordination = {
  kind: 'file',
  async file(connection) {
    const { rows } = await connection.query("SELECT file FROM pragma_database_list WHERE name = 'main'");
    return textOf(rows[0], 'file') || null;
  },
  isContention: (error) => contention.has(resultCode(error) ?? 0),
};
