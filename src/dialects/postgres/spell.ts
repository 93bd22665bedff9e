import type { Connection } from '../../dialect/connection.ts';
import type { Schema } from '../../schema/schema.ts';
import type { Server } from './compile.ts';
export async function spell(
  _connection: Connection,
  _schema: Schema,
  _server: Server,
): Promise<Schema | null> {
  return null;
}
