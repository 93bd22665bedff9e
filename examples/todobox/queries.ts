import schema from './schema.ts';

/** The kind of database the application runs on. */
export type Database = 'postgres' | 'mysql' | 'sqlite';

/** What the application needs of a database: one statement with its values in, rows out. */
export type Query = (
  sql: string,
  values?: readonly (string | null)[],
) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** The statements the application makes. */
export interface Queries {
  readonly addUser: string;
  readonly giveToken: string;
  readonly allUsers: string;
  readonly userByToken: string;
}

/** What `addUser` wants to know, in the order of its values. */
export const newUserColumns = ['username', 'email', 'fullname', 'password_hash'] as const;

/**
 * As an ORM does it, a read names every column of the model. One that the database lacks breaks every read, also of
 * those users who never had an API token.
 */
export function queriesFor(database: Database): Queries {
  // `user` is a keyword on PostgreSQL; MySQL quotes with backquotes.
  const user = database === 'mysql' ? '`user`' : '"user"';
  const value = (position: number): string => (database === 'postgres' ? `$${position}` : '?');
  const columns = schema.tables.flatMap((table) => table.columns).map(({ name }) => `${user}.${name}`);
  const select = `SELECT ${columns.join(', ')} FROM ${user}`;
  const newValues = newUserColumns.map((_, index) => value(index + 1));
  return {
    addUser: `INSERT INTO ${user} (${newUserColumns.join(', ')}) VALUES (${newValues.join(', ')})`,
    giveToken: `UPDATE ${user} SET api_token = ${value(1)} WHERE username = ${value(2)}`,
    allUsers: `${select} ORDER BY ${user}.id`,
    userByToken: `${select} WHERE ${user}.api_token = ${value(1)}`,
  };
}
