// What TypeORM takes for the package of a database driver, and is none: all it sends goes to one session.
// In: the way to send a statement. Out: modules in the shape of pg, mysql2 and better-sqlite3, as far as TypeORM uses them.
// Must not know what is sent, nor any address: nothing here can connect.

import { EventEmitter } from 'node:events';
import type { QueryResult, SqlValue } from '../dialect/connection.ts';

/** Sends one statement. */
export type Send = (sql: string, parameters?: readonly SqlValue[]) => Promise<QueryResult>;

type Callback = (error: unknown, result?: unknown, release?: () => void) => void;

/** Gives the outcome to a callback where there is one, and as a promise otherwise. */
function answer(outcome: Promise<unknown>, callback: Callback | undefined): Promise<unknown> | undefined {
  if (callback === undefined) return outcome;
  void outcome.then(
    (result) => callback(null, result),
    (error: unknown) => callback(error),
  );
  return undefined;
}

/** `query(sql, parameters?, callback?)`, as both servers' drivers have it. */
function queryOf(send: (sql: string, parameters: readonly SqlValue[]) => Promise<unknown>) {
  return (text: string | { readonly sql: string }, ...rest: readonly unknown[]) => {
    const callback = rest.find((one): one is Callback => typeof one === 'function');
    const parameters = rest.find((one): one is readonly SqlValue[] => Array.isArray(one)) ?? [];
    return answer(send(typeof text === 'string' ? text : text.sql, parameters), callback);
  };
}

/** The only session, which is never closed from here. */
function poolOf(connection: object) {
  return Object.assign(new EventEmitter(), {
    connect: (callback: Callback) => callback(null, connection, () => undefined),
    getConnection: (callback: Callback) => callback(null, connection),
    end: (callback: Callback) => callback(null),
  });
}

/** In the shape of `pg`. */
export function likePg(send: Send): object {
  const query = queryOf(async (sql, parameters) => {
    const { rows, affected } = await send(sql, parameters);
    return { rows, rowCount: affected };
  });
  const pool = poolOf(Object.assign(new EventEmitter(), { query }));
  return {
    // Called with `new`.
    Pool: function Pool() {
      return pool;
    },
  };
}

/** In the shape of `mysql2`. */
export function likeMysql2(send: Send): object {
  const query = queryOf(async (sql, parameters) => (await send(sql, parameters)).rows);
  const promised = async (...given: Parameters<typeof query>) => [await query(...given)];
  const promise = () => ({ query: promised });
  const connection = Object.assign(new EventEmitter(), { query, promise, release: () => undefined });
  return { createPool: () => poolOf(connection) };
}

/** In the shape of `better-sqlite3`; its answers are promises, for which TypeORM waits. */
export function likeBetterSqlite3(send: Send): object {
  const rowsOf = async (sql: string, parameters: readonly SqlValue[]) => (await send(sql, parameters)).rows;
  const handle = {
    prepare: (sql: string) => ({
      reader: true,
      all: (...parameters: readonly SqlValue[]) => rowsOf(sql, parameters),
    }),
    // How the session is set is not TypeORM's affair.
    pragma: async (text: string) => (text.includes('=') ? [] : await rowsOf(`PRAGMA ${text}`, [])),
    close: () => undefined,
  };
  return function Database() {
    return handle;
  };
}
