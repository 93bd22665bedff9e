// Types as people write them, and as each database spells them. In: a text or a type. Out: the other.

import type { ColumnType, DialectName } from '../../schema/schema.ts';

const simple: ReadonlySet<string> = new Set([
  'smallint',
  'integer',
  'bigint',
  'text',
  'boolean',
  'real',
  'double',
  'date',
  'json',
  'uuid',
]);

/** `uuid`, `varchar(40)`, `numeric(10, 2)`, `timestamptz`; any other text is a server's own type. */
export function typeOfText(text: string): ColumnType {
  const [, word = '', sizes = ''] = /^\s*([a-z]+)\s*(?:\(([\d\s,]+)\))?\s*$/i.exec(text) ?? [];
  const [first, second] = sizes.split(',').map((one) => (one.trim() === '' ? null : Number(one)));
  const kind = word.toLowerCase();
  const size = first ?? null;
  if (simple.has(kind) && size === null) return { kind: kind as 'text' };
  switch (kind) {
    case 'varchar':
      return { kind, length: size };
    case 'char':
      return { kind, length: size ?? 1 };
    case 'numeric':
      return { kind, precision: size, scale: size === null ? null : (second ?? 0) };
    case 'binary':
      return { kind, length: size };
    case 'time':
    case 'timestamp':
      return { kind, zone: false, precision: size };
    case 'timestamptz':
      return { kind: 'timestamp', zone: true, precision: size };
    case 'datetime':
      return { kind: 'timestamp', zone: false, precision: size };
    default:
      return { kind: 'native', sql: text.trim() };
  }
}

const words: Readonly<Record<DialectName, Readonly<Record<string, string>>>> = {
  postgres: { double: 'double precision', json: 'jsonb', binary: 'bytea' },
  mysql: { integer: 'int', boolean: 'tinyint(1)', real: 'float', uuid: 'char(36)', numeric: 'decimal' },
  sqlite: { double: 'double precision', uuid: 'char(36)', binary: 'blob', enum: 'text' },
};

const sized = (word: string, ...sizes: readonly (number | null)[]): string => {
  const given = sizes.filter((size) => size !== null);
  return given.length === 0 ? word : `${word}(${given.join(', ')})`;
};

const momentWords: Readonly<Record<DialectName, (kind: string, zone: boolean) => string>> = {
  postgres: (kind, zone) => (zone ? `${kind}tz` : kind),
  mysql: (kind, zone) => (kind === 'time' ? 'time' : zone ? 'timestamp' : 'datetime'),
  sqlite: (kind, zone) => (zone ? `${kind}tz` : kind),
};

/** A type in the SQL of a database; `null`: it has none without more knowledge. */
export function textOfType(type: ColumnType, dialect: DialectName): string | null {
  const word = words[dialect][type.kind] ?? type.kind;
  switch (type.kind) {
    case 'native':
      return typeof type.sql === 'string' ? type.sql : (type.sql[dialect] ?? null);
    case 'varchar':
      return type.length === null && dialect === 'mysql' ? 'text' : sized(word, type.length);
    case 'char':
      return sized(word, type.length);
    case 'numeric':
      return sized(word, type.precision, type.precision === null ? null : type.scale);
    case 'binary':
      if (dialect !== 'mysql') return word;
      return type.length === null ? 'blob' : sized('varbinary', type.length);
    case 'time':
    case 'timestamp':
      return sized(momentWords[dialect](type.kind, type.zone), type.precision);
    case 'enum':
      return null;
    default:
      return word;
  }
}
