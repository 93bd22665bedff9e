// What SQLite knows about waiting: somebody else writes, or reads while we would commit.
// In: a limit. Out: statements. Must not know who waits.

import type { Waiting } from '../../dialect/waiting.ts';
import { isBusy } from './coordination.ts';

/** The one lock of a database is taken by BEGIN IMMEDIATE, so it is limited before. */
export const sqliteWaiting: Waiting = {
  limit: (ms, moment) =>
    moment === 'inside' ? [] : [`PRAGMA busy_timeout = ${Math.round(ms ?? 2_147_483_647)}`],
  isBusy,
  isCancelled: () => false,
  isPatient: () => false,
  watch: null,
  pooler: null,
};
