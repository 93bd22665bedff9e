import { expect, test } from 'vitest';
import type { ColumnDefault, ColumnType } from '../../schema/schema.ts';
import { foldDefault, spellDefault } from './defaults.ts';

const literal = (value: string | number | boolean): ColumnDefault => ({ kind: 'literal', value });
const sql = (text: string): ColumnDefault => ({ kind: 'expression', sql: text });
const integer: ColumnType = { kind: 'integer' };
const text: ColumnType = { kind: 'text' };
const boolean: ColumnType = { kind: 'boolean' };
const binary: ColumnType = { kind: 'binary', length: null };

const cases: readonly (readonly [ColumnDefault, ColumnType, ColumnDefault | null, string])[] = [
  [sql("('x')"), text, literal('x'), "'x'"],
  [sql('+3'), integer, literal(3), '3'],
  [sql('(-0)'), integer, literal(0), '0'],
  [sql('- 1.50'), integer, literal(-1.5), '-1.5'],
  [literal('12'), integer, literal(12), '12'],
  [literal(12), text, literal('12'), "'12'"],
  [literal('007'), text, literal('007'), "'007'"],
  [literal(12), binary, literal(12), '12'],
  [literal('12'), binary, literal('12'), "'12'"],
  [sql('9223372036854775807'), integer, literal('9223372036854775807'), '9223372036854775807'],
  [sql('TRUE'), boolean, literal(true), '1'],
  [literal(0), boolean, literal(false), '0'],
  [literal('1'), boolean, literal(true), '1'],
  [literal(true), integer, literal(1), '1'],
  [sql('null'), text, null, ''],
  [sql('(NULL)'), text, null, ''],
  [sql('current_timestamp'), text, sql('CURRENT_TIMESTAMP'), 'CURRENT_TIMESTAMP'],
  [sql('(1+1)'), integer, sql('1 + 1'), '(1 + 1)'],
  [sql("X'00FF'"), binary, sql("x'00ff'"), "(x'00ff')"],
  [sql('1e3'), integer, sql('1e3'), '(1e3)'],
  [sql('0.1234567890123456789'), integer, sql('0.1234567890123456789'), '(0.1234567890123456789)'],
  [literal("it's"), text, literal("it's"), "'it''s'"],
  [literal('CURRENT_TIMESTAMP'), text, literal('CURRENT_TIMESTAMP'), "'CURRENT_TIMESTAMP'"],
];

test.for(cases)('%j as %j', ([given, type, folded, spelled]) => {
  expect(foldDefault(given, type)).toEqual(folded);
  if (folded === null) return;
  expect(spellDefault(folded, type)).toBe(spelled);
  expect(foldDefault(folded, type)).toEqual(folded);
  expect(foldDefault(sql(spelled), type)).toEqual(folded);
});
