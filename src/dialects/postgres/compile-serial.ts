// A serial is an integer with a sequence of its own: what it takes to become one, and to be one no longer.
// In: a column before and after. Out: pieces. Must not know other alterations.

import type { Column, ColumnType, TableRef } from '../../schema/schema.ts';
import type { Piece } from './pieces.ts';
import { data, ddl } from './pieces.ts';
import { quoteIdentifier, quoteLiteral, quoteRef } from './quote.ts';
import { serialBase } from './types.ts';

interface ColumnChange {
  readonly table: TableRef;
  readonly from: Column;
  readonly to: Column;
}

/** The type, an integer in place of a serial. */
export function plainType(type: ColumnType): ColumnType {
  const base = serialBase(type);
  return base === null ? type : { kind: base };
}

function sequenceOf({ table, from }: ColumnChange): string {
  return `pg_get_serial_sequence(${quoteLiteral(quoteRef(table))}, ${quoteLiteral(from.name)})`;
}

function alter({ table, from }: ColumnChange, action: string): Piece {
  return ddl(`ALTER TABLE ${quoteRef(table)} ALTER COLUMN ${quoteIdentifier(from.name)} ${action}`);
}

/** The owned sequence has no name in the schema: a block looks it up while it runs. */
function onSequence(change: ColumnChange, verb: string, rest: string): Piece {
  const body = `DECLARE owned text := ${sequenceOf(change)}; BEGIN EXECUTE '${verb} SEQUENCE ' || owned || '${rest}'; END`;
  const tag = body.includes('$surefoot$') ? '$surefoot_block$' : '$surefoot$';
  return ddl(`DO ${tag} ${body} ${tag}`);
}

/** Before the type changes: a serial that ends gives up its default and its sequence. */
export function leaveSerial(change: ColumnChange): readonly Piece[] {
  if (serialBase(change.from.type) === null || serialBase(change.to.type) !== null) return [];
  return [alter(change, 'DROP DEFAULT'), onSequence(change, 'DROP', '')];
}

const partBytes = 28;

/** A name that fits, much as the server would choose it. */
function sequenceName({ table, from }: ColumnChange): string {
  const cut = (text: string) =>
    Buffer.from(text, 'utf8')
      .subarray(0, partBytes)
      .toString('utf8')
      .replace(/\uFFFD+$/, '');
  return `${cut(table.name)}_${cut(from.name)}_seq`;
}

function startSerial(change: ColumnChange, base: string): readonly Piece[] {
  const name = quoteRef({ namespace: change.table.namespace, name: sequenceName(change) });
  const column = quoteIdentifier(change.from.name);
  const next = `(SELECT coalesce(max(${column}), 0) + 1 FROM ${quoteRef(change.table)})`;
  return [
    ddl(`CREATE SEQUENCE ${name} AS ${base} OWNED BY ${quoteRef(change.table)}.${column}`),
    alter(change, `SET DEFAULT nextval(${quoteLiteral(name)})`),
    data(`SELECT setval(${quoteLiteral(name)}, ${next}, false)`),
  ];
}

/** After the type has changed: a new serial gets its sequence, a wider or narrower one its range. */
export function enterSerial(change: ColumnChange): readonly Piece[] {
  const before = serialBase(change.from.type);
  const after = serialBase(change.to.type);
  if (after === null || after === before) return [];
  return before === null ? startSerial(change, after) : [onSequence(change, 'ALTER', ` AS ${after}`)];
}
