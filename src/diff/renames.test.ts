// What a diff gives where things got other names.

import { describe, expect, test } from 'vitest';
import { local, schema, steps } from '../../test/support/diff-words.ts';
import { table } from '../schema/define-schema.ts';
import { diff } from './diff.ts';

describe('renames', () => {
  const person = (name: string, column: string) =>
    schema({
      [name]: table((t) => ({ id: t.integer().primaryKey(), [column]: t.text() }), {
        checks: [{ name: 'c', sql: `"${column}" <> ''` }],
        indexes: [{ columns: [column] }],
      }),
      post: table((t) => ({ by: t.integer().references(name, 'id') })),
    });

  test('without them, one thing goes and another comes', () => {
    expect(
      steps(person('person', 'name'), person('person', 'title')).filter((one) => one.includes('column')),
    ).toEqual(['add column person.title text', 'drop column person.name']);
  });

  test('what refers to a renamed thing follows it', () => {
    const renames = {
      tables: [{ from: local('person'), to: local('member') }],
      columns: [{ table: local('member'), from: 'name', to: 'title' }],
    };
    expect(steps(person('person', 'name'), person('member', 'title'), { renames })).toEqual([
      'rename table person to member',
      'rename column member.name to title',
    ]);
  });

  test('what else changes is dropped under the old name and made under the new one', () => {
    const from = schema({
      a: table((t) => ({ x: t.integer() }), { uniques: [{ name: 'u', columns: ['x'] }] }),
    });
    const to = schema({ b: table((t) => ({ y: t.bigint() }), { indexes: [{ name: 'i', columns: ['y'] }] }) });
    const renames = {
      tables: [{ from: local('a'), to: local('b') }],
      columns: [{ table: local('b'), from: 'x', to: 'y' }],
    };
    expect(steps(from, to, { renames })).toEqual([
      'drop unique u of a',
      'rename table a to b',
      'rename column b.x to y',
      'alter column b.y to bigint',
      'create index i on b (y)',
    ]);
  });

  test('names change places over one that is free', () => {
    const pair = (a: string, b: string) => schema({ t: table((t) => ({ [a]: t.integer(), [b]: t.text() })) });
    const renames = {
      tables: [],
      columns: [
        { table: local('t'), from: 'a', to: 'b' },
        { table: local('t'), from: 'b', to: 'a' },
      ],
    };
    expect(steps(pair('a', 'b'), pair('b', 'a'), { renames })).toEqual([
      'rename column t.a to surefoot_rename_1',
      'rename column t.b to a',
      'rename column t.surefoot_rename_1 to b',
    ]);
  });

  test('what stands in the way goes first, with what rests on it', () => {
    const from = schema({
      a: table((t) => ({ id: t.integer().primaryKey() })),
      b: table((t) => ({ id: t.integer().primaryKey() })),
      c: table((t) => ({ b: t.integer().references('b', 'id') })),
    });
    const to = schema({
      b: table((t) => ({ id: t.integer().primaryKey() })),
      c: table((t) => ({ b: t.integer().references('b', 'id') })),
    });
    const renames = { tables: [{ from: local('a'), to: local('b') }], columns: [] };
    expect(steps(from, to, { renames })).toEqual([
      'drop foreign key (b) of c',
      'drop table b',
      'rename table a to b',
      'add foreign key (b) of c to b (id)',
    ]);
  });

  test('of what is not there are refused', () => {
    const one = schema({ t: table((t) => ({ a: t.integer() })) });
    const column = (from: string, to: string) => () =>
      diff(one, one, { renames: { tables: [], columns: [{ table: local('t'), from, to }] } });
    expect(column('nowhere', 'a')).toThrow(
      expect.objectContaining({
        code: 'operation/unknown-object',
        message: 'renameColumn: there is no column t.nowhere before the change',
      }),
    );
    expect(column('a', 'nowhere')).toThrow('renameColumn: there is no column t.nowhere after the change');
    const tables = [{ from: local('t'), to: local('nowhere') }];
    expect(() => diff(one, one, { renames: { tables, columns: [] } })).toThrow(
      'there is no table nowhere after',
    );
  });
});
