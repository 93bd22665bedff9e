import type { Connection } from '../../dialect/connection.ts';
import type { Schema } from '../../schema/schema.ts';
import { normalize } from './normalize.ts';

/** `Dialect.spell` of SQLite, which keeps every text as it was written: the server's spelling is the normalised one. */
export async function spell(_connection: Connection, schema: Schema): Promise<Schema> {
  return normalize(schema);
}
