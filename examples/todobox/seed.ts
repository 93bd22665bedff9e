import type { Database, Query } from './queries.ts';
import { queriesFor } from './queries.ts';

/** The first users. The quotes, the umlaut and the empty name are there on purpose. */
export const users = [
  { username: 'ada', email: 'ada@todobox.example', fullname: 'Ada Lovelace' },
  { username: "o'brien", email: 'obrien@todobox.example', fullname: "Miles O'Brien" },
  { username: 'jürgen', email: 'juergen@todobox.example', fullname: null },
] as const;

/** Puts the first users in. Needs the columns of the first revision, no others. */
export async function seed(query: Query, database: Database): Promise<void> {
  const { addUser } = queriesFor(database);
  for (const { username, email, fullname } of users) {
    await query(addUser, [username, email, fullname, `scrypt$${'0'.repeat(96)}`]);
  }
}
