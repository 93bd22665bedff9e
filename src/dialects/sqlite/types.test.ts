import { expect, test } from 'vitest';
import type { ColumnType } from '../../schema/schema.ts';
import {
  affinityOf,
  enumCheck,
  enumCheckValues,
  foldStrictType,
  foldType,
  parseType,
  spellType,
} from './types.ts';

const every: readonly (readonly [ColumnType, string, ColumnType?])[] = [
  [{ kind: 'smallint' }, 'SMALLINT'],
  [{ kind: 'integer' }, 'INTEGER'],
  [{ kind: 'bigint' }, 'BIGINT'],
  [{ kind: 'text' }, 'TEXT'],
  [{ kind: 'boolean' }, 'BOOLEAN'],
  [{ kind: 'real' }, 'REAL'],
  [{ kind: 'double' }, 'DOUBLE PRECISION'],
  [{ kind: 'date' }, 'DATE'],
  [{ kind: 'json' }, 'JSON'],
  [{ kind: 'uuid' }, 'CHAR(36)', { kind: 'char', length: 36 }],
  [{ kind: 'varchar', length: 20 }, 'VARCHAR(20)'],
  [{ kind: 'varchar', length: null }, 'VARCHAR'],
  [{ kind: 'char', length: 2 }, 'CHAR(2)'],
  [{ kind: 'numeric', precision: 9, scale: 2 }, 'NUMERIC(9, 2)'],
  [{ kind: 'numeric', precision: 9, scale: null }, 'NUMERIC(9)'],
  [{ kind: 'numeric', precision: null, scale: null }, 'NUMERIC'],
  [{ kind: 'time', zone: false, precision: null }, 'TIME'],
  [{ kind: 'time', zone: true, precision: 3 }, 'TIMETZ(3)'],
  [{ kind: 'timestamp', zone: false, precision: 6 }, 'TIMESTAMP(6)'],
  [{ kind: 'timestamp', zone: true, precision: null }, 'TIMESTAMPTZ'],
  [{ kind: 'binary', length: 16 }, 'BLOB', { kind: 'binary', length: null }],
  [{ kind: 'enum', namespace: null, name: 'e', values: ['a'] }, 'TEXT', { kind: 'text' }],
  [{ kind: 'native', sql: 'nvarchar ( 5 )' }, 'nvarchar ( 5 )', { kind: 'native', sql: 'NVARCHAR(5)' }],
  [{ kind: 'native', sql: { sqlite: 'int', postgres: 'int4' } }, 'int', { kind: 'integer' }],
];

test.for(every)('%j', ([type, text, folded]) => {
  expect(spellType(type)).toBe(text);
  expect(foldType(type)).toEqual(folded ?? type);
  expect(parseType(text)).toEqual(foldType(type));
  expect(foldType(foldType(type))).toEqual(foldType(type));
  expect(['INTEGER', 'REAL', 'TEXT', 'BLOB', 'ANY', 'NVARCHAR(5)']).toContain(
    spellType(foldStrictType(type)),
  );
  expect(foldStrictType(foldStrictType(type))).toEqual(foldStrictType(type));
});

test.for([
  ['datetime', { kind: 'timestamp', zone: false, precision: null }],
  ['Character Varying(9)', { kind: 'varchar', length: 9 }],
  ['decimal(10,5)', { kind: 'numeric', precision: 10, scale: 5 }],
  ['bool', { kind: 'boolean' }],
  ['MEDIUMINT', { kind: 'native', sql: 'MEDIUMINT' }],
  ['', { kind: 'native', sql: '' }],
  ['varchar(max)', { kind: 'native', sql: 'VARCHAR(MAX)' }],
])('%s is read', ([text, type]) => {
  expect(parseType(text as string)).toEqual(type);
});

test('a type for other servers only is refused', () => {
  expect(() => spellType({ kind: 'native', sql: { postgres: 'tsvector' } })).toThrow(
    expect.objectContaining({ code: 'schema/unsupported', message: expect.stringMatching(/postgres/) }),
  );
});

test.for([
  ['CHARINT', 'integer'],
  ['FLOATING POINT', 'integer'],
  ['VARCHAR(9)', 'text'],
  ['', 'blob'],
  ['DOUBLE', 'real'],
  ['BOOLEAN', 'numeric'],
])('affinity of %s', ([text, affinity]) => {
  expect(affinityOf(text as string)).toBe(affinity);
});

test('the check of an enum is recognised as such', () => {
  const check = enumCheck('a b', ["it's", 'x']);
  expect(check).toBe(`"a b" IN ('it''s', 'x')`);
  expect(enumCheckValues(check, 'a b')).toEqual(["it's", 'x']);
  expect(enumCheckValues(check, 'other')).toBeNull();
  expect(enumCheckValues("a IN ('x') OR b", 'a')).toBeNull();
  expect(enumCheckValues('a IN (1, 2)', 'a')).toBeNull();
});
