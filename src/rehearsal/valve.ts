// A session that can be cut as by a crash: the server undoes the open transaction, and nothing is heard of it again.
// In: a session. Out: the same, its boundaries counted, until it is cut. Must not know what is sent, but for transactions.

import type { Connection } from '../dialect/connection.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';

export interface Valve {
  readonly connection: Connection;
  /** Counts from here on; after `after` boundaries the session is cut. */
  arm(after: number): void;
  /** Counts no more. */
  disarm(): void;
  /**
   * Boundaries since it was armed: before each query outside a transaction, and before each COMMIT. Wherever within its
   * transaction a session dies, the server is left with the same.
   */
  boundaries(): number;
  isCut(): boolean;
  /** Lets everything pass again. */
  reset(): void;
}

function lost(): SurefootError {
  return new SurefootError('database/lost', 'the session was cut by the rehearsal', {
    details: { database: 'scratch' },
    hint: 'It is part of the rehearsal.',
  });
}

/** What a server does when a client dies: `ends` lets go of tables that the session holds, where there is such a thing. */
async function undo(connection: Connection, ends: readonly string[]): Promise<void> {
  try {
    for (const sql of ['ROLLBACK', ...ends]) await connection.query(sql);
  } catch (error) {
    // Between transactions there is nothing to undo.
    if (!isSurefootError(error)) throw error;
  }
}

/** The first word of a statement behind its comments. */
const firstWord = (sql: string): string =>
  /^(?:\s|\/\*[\s\S]*?\*\/|--[^\n]*\n)*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? '';

export function valveOn(connection: Connection, ends: readonly string[]): Valve {
  let limit: number | null = null;
  let count = 0;
  let isCut = false;
  let isWithin = false;
  const pass = async (sql: string) => {
    if (isCut) throw lost();
    const word = firstWord(sql);
    const isInside = isWithin && word !== 'COMMIT';
    if (word === 'BEGIN' || word === 'START') isWithin = true;
    if (word === 'COMMIT' || word === 'ROLLBACK') isWithin = false;
    if (limit === null || isInside) return;
    if (count >= limit) {
      isCut = true;
      await undo(connection, ends);
      throw lost();
    }
    count += 1;
  };
  return {
    connection: {
      query: async (sql, parameters) => {
        await pass(sql);
        return await connection.query(sql, parameters);
      },
      script: async (statements) => {
        for (const sql of statements) {
          await pass(sql);
          await connection.query(sql);
        }
      },
      close: async () => {},
      native: connection.native,
    },
    arm: (after) => {
      limit = after;
      count = 0;
    },
    disarm: () => {
      limit = null;
    },
    boundaries: () => count,
    isCut: () => isCut,
    reset: () => {
      limit = null;
      isCut = false;
      isWithin = false;
    },
  };
}
