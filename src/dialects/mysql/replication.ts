// How far a MySQL or MariaDB server is behind the one that it follows. A source does not know how far its replicas are.
// In: sessions. Out: Lag. Must not know what waits for them.

import type { Connection, Row } from '../../dialect/connection.ts';
import { textOf } from '../../dialect/rows.ts';
import type { Lag, Replication } from '../../dialect/walk.ts';
import { isSurefootError } from '../../kernel/errors.ts';
import type { MysqlTraits } from './traits.ts';

/** The value of a column that has had several names. */
function found(row: Row, name: RegExp): string | null {
  const column = Object.keys(row).find((one) => name.test(one));
  return column === undefined ? null : textOf(row, column);
}

/** A server may follow several; what a stopped thread is behind, the server does not say. */
function lagOf(row: Row): Lag {
  const seconds = found(row, /^Seconds_Behind_(?:Master|Source)$/i);
  if (found(row, /^(?:Slave|Replica)_SQL_Running$/i) !== 'Yes')
    return { ms: null, problem: 'does not carry out what it receives' };
  if (found(row, /^(?:Slave|Replica)_IO_Running$/i) !== 'Yes' || seconds === null)
    return { ms: null, problem: 'does not receive from its source' };
  return { ms: Number(seconds) * 1000, problem: null };
}

const furthest = (lags: readonly Lag[]): Lag | null =>
  lags.find(({ ms }) => ms === null) ?? lags.toSorted((a, b) => (b.ms ?? 0) - (a.ms ?? 0))[0] ?? null;

/** What the versions and flavors say in their own ways. */
export function replicationFor({ flavor }: Pick<MysqlTraits, 'flavor'>): Replication {
  const sql = flavor === 'mariadb' ? 'SHOW ALL SLAVES STATUS' : 'SHOW REPLICA STATUS';
  const lags = async (connection: Connection) => (await connection.query(sql)).rows.map(lagOf);
  return {
    // A source that is itself behind another holds up those behind it; one that has long ceased to follow does not.
    seen: async (connection) => {
      try {
        const behind = (await lags(connection)).filter(({ ms }) => ms !== null);
        return behind.map((lag) => ({ ...lag, name: 'the server itself' }));
      } catch (error) {
        // Without the right to ask it is a server as any other.
        if (isSurefootError(error, 'database/query-failed')) return [];
        throw error;
      }
    },
    // Without PROCESS a user sees nothing but sessions of its own.
    unseen: async (connection) =>
      (await connection.query('SHOW PROCESSLIST')).rows.filter((row) =>
        found(row, /^Command$/i)?.startsWith('Binlog Dump'),
      ).length,
    sight: 'name them in `online.replicas`',
    place: async () => null,
    own: async (connection) => furthest(await lags(connection)),
  };
}
