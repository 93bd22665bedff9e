// Several statements in one round trip, by the extended protocol: all are sent, with one Sync behind them, so that the
// server carries them out in order and passes over those behind a failure.
// In: statements. Out: what `pg` takes for a query of its own. Must not know what the statements are for.

import type { Query, QueryResult, Row, SqlValue } from '../dialect/connection.ts';
import { postgresAffected, postgresReader } from './postgres-values.ts';

/** What is used of the messages that `pg` writes and reads. */
interface Wire {
  readonly stream: { cork?(): void; uncork?(): void };
  parse(query: { readonly text: string }): void;
  bind(config: { readonly values: readonly (string | Uint8Array | null)[] }): void;
  describe(message: { readonly type: 'P' }): void;
  execute(config: object): void;
  sync(): void;
}

interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

/** The methods that `pg` calls, as it does those of its own queries. */
export interface PgSubmittable {
  submit(wire: Wire): null;
  handleRowDescription(message: { readonly fields: readonly Field[] }): void;
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void;
  handleCommandComplete(message: { readonly text: string }): void;
  handleEmptyQuery(): void;
  handleError(error: unknown): void;
  handleReadyForQuery(): void;
}

/** How a batch ends. */
export interface BatchEnding {
  onDone(result: QueryResult): void;
  onEnd(): void;
  onError(error: unknown): void;
}

function bindable(value: SqlValue): string | Uint8Array | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return String(value);
}

function send(wire: Wire, queries: readonly Query[]): null {
  wire.stream.cork?.();
  try {
    for (const { sql, parameters = [] } of queries) {
      wire.parse({ text: sql });
      wire.bind({ values: parameters.map(bindable) });
      wire.describe({ type: 'P' });
      wire.execute({});
    }
    wire.sync();
  } finally {
    wire.stream.uncork?.();
  }
  return null;
}

/** `INSERT 0 3`, `SELECT 2`, `CREATE TABLE`: the command, and the number of rows. */
function affectedBy(text: string): number | null {
  const [, command, count] = /^([A-Z]+)(?: \d+)?(?: (\d+))?$/.exec(text) ?? [];
  return postgresAffected(command, count === undefined ? null : Number(count));
}

/** The statements as one query of `pg`. */
export function pgBatch(queries: readonly Query[], { onDone, onEnd, onError }: BatchEnding): PgSubmittable {
  let fields: readonly Field[] = [];
  let rows: Row[] = [];
  const done = (affected: number | null) => {
    const result = { rows, affected };
    [fields, rows] = [[], []];
    onDone(result);
  };
  return {
    submit: (wire) => send(wire, queries),
    handleRowDescription: (message) => {
      fields = message.fields;
    },
    handleDataRow: (message) => {
      const entries = fields.map(({ name, dataTypeID }, i) => {
        const text = message.fields[i] ?? null;
        return [name, text === null ? null : postgresReader(dataTypeID)(text)] as const;
      });
      rows.push(Object.fromEntries(entries));
    },
    handleCommandComplete: ({ text }) => done(affectedBy(text)),
    handleEmptyQuery: () => done(null),
    handleError: onError,
    handleReadyForQuery: onEnd,
  };
}
