import { hashText } from '../kernel/hash.ts';
import type { TableRef } from './schema.ts';

/** What can be left unnamed by its author. */
export type NamingKind = 'primaryKey' | 'unique' | 'foreignKey' | 'index' | 'check';
/** Gives a name to what its author left unnamed. Pure: the same input gives the same name. */
export type Naming = (kind: NamingKind, table: TableRef, columns: readonly string[]) => string;

export interface IdentifierLimit {
  readonly length: number;
  readonly unit: 'bytes' | 'characters';
}

const prefixes: Readonly<Record<NamingKind, string>> = {
  primaryKey: 'pk',
  unique: 'uq',
  foreignKey: 'fk',
  index: 'ix',
  check: 'ck',
};

const hashLength = 8;

function size(text: string, unit: IdentifierLimit['unit']): number {
  return unit === 'bytes' ? Buffer.byteLength(text) : [...text].length;
}

/** The name itself, or its beginning with a hash of the whole, where the server would cut it. */
export function shortenName(name: string, limit: IdentifierLimit): string {
  if (size(name, limit.unit) <= limit.length) return name;
  const characters = [...name];
  const room = limit.length - hashLength - 1;
  while (size(characters.join(''), limit.unit) > room) characters.pop();
  return `${characters.join('')}_${hashText(name).slice(0, hashLength)}`;
}

// Expressions and conditions make poor names: what is not a word becomes one underscore.
const word = (column: string): string =>
  column.replaceAll(/[^\p{L}\p{N}_]+/gu, '_').replaceAll(/^_+|_+$/g, '');

/** `pk_`, `uq_`, `fk_`, `ix_`, `ck_` + table + columns, shortened by hash to the server's limit. */
export function defaultNaming(limit: IdentifierLimit): Naming {
  return (kind, table, columns) => {
    const tail = kind === 'primaryKey' ? [] : columns.map(word);
    return shortenName([prefixes[kind], table.name, ...tail].filter((part) => part !== '').join('_'), limit);
  };
}
