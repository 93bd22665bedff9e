import { describe, expect, test } from 'vitest';
import type { ColumnType } from '../../schema/schema.ts';
import { defaultMariadbTraits, defaultMysqlTraits } from './traits.ts';
import { normalizeType, parseType, typeSql } from './types.ts';

const native = (sql: string): ColumnType => ({ kind: 'native', sql });

describe('native spellings', () => {
  test.each<[string, ColumnType]>([
    ['INT(11)', { kind: 'integer' }],
    ['integer', { kind: 'integer' }],
    ['int8', { kind: 'bigint' }],
    ['bool', { kind: 'boolean' }],
    ['tinyint(1)', { kind: 'boolean' }],
    ['tinyint(4)', native('tinyint')],
    ['int(10)  UNSIGNED', native('int unsigned')],
    ['int unsigned', native('int unsigned')],
    ['bigint(20) unsigned zerofill', native('bigint(20) unsigned zerofill')],
    ['mediumint(9)', native('mediumint')],
    ['DEC(8, 2)', { kind: 'numeric', precision: 8, scale: 2 }],
    ['numeric', { kind: 'numeric', precision: 10, scale: 0 }],
    ['decimal(8,2) unsigned', native('decimal(8,2) unsigned')],
    ['double precision', { kind: 'double' }],
    ['real', { kind: 'double' }],
    ['float', { kind: 'real' }],
    ['float(53)', { kind: 'double' }],
    ['float(7,3)', native('float(7,3)')],
    ['character varying(9)', { kind: 'varchar', length: 9 }],
    ['char', { kind: 'char', length: 1 }],
    ['datetime(6)', { kind: 'timestamp', zone: false, precision: 6 }],
    ['datetime(0)', { kind: 'timestamp', zone: false, precision: null }],
    ['timestamp', { kind: 'timestamp', zone: true, precision: null }],
    ['year(4)', native('year')],
    ['bit', native('bit(1)')],
    ['varbinary(16)', { kind: 'binary', length: 16 }],
    ['binary(16)', native('binary(16)')],
    ['blob', { kind: 'binary', length: null }],
    ['LONGTEXT', native('longtext')],
    ["ENUM('A', 'b''c', '(d)')", { kind: 'enum', namespace: null, name: null, values: ['A', "b'c", '(d)'] }],
    ["set( 'a' , 'B')", native("set('a','B')")],
    ['varchar(9) character set latin1', native('varchar(9) character set latin1')],
    ['point srid 4326', native('point srid 4326')],
    ['constructor', native('constructor')],
  ])('%s', (sql, type) => {
    expect(parseType(sql)).toEqual(type);
    expect(parseType(typeSql(type, defaultMysqlTraits))).toEqual(normalizeType(type, defaultMysqlTraits));
  });
});

test('uuid is a type of MariaDB and text of MySQL', () => {
  expect(typeSql({ kind: 'uuid' }, defaultMysqlTraits)).toBe('char(36)');
  expect(typeSql({ kind: 'uuid' }, defaultMariadbTraits)).toBe('uuid');
  expect(typeSql({ kind: 'uuid' }, { ...defaultMariadbTraits, version: [10, 6, 0] })).toBe('char(36)');
  expect(normalizeType(native('uuid'), defaultMysqlTraits)).toEqual({ kind: 'char', length: 36 });
});

test('a native type by flavor: MariaDB takes what is meant for MySQL, and nothing else', () => {
  const type: ColumnType = { kind: 'native', sql: { mysql: 'tinytext', postgres: 'citext' } };
  expect(typeSql(type, defaultMariadbTraits)).toBe('tinytext');
  const foreign: ColumnType = { kind: 'native', sql: { postgres: 'citext' } };
  expect(() => typeSql(foreign, defaultMysqlTraits)).toThrow(/mysql/);
});
