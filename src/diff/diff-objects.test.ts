// What a diff gives for enums, sequences, views, routines, triggers and namespaces.

import { describe, expect, test } from 'vitest';
import { local, schema, steps } from '../../test/support/diff-words.ts';
import { invertAll, describe as say } from '../operations/apply.ts';
import { sql } from '../schema/column-builder.ts';
import { table } from '../schema/define-schema.ts';
import type { Trigger, View } from '../schema/schema.ts';
import { emptySchema } from '../schema/schema.ts';
import type { DiffOptions } from './diff.ts';
import { diff } from './diff.ts';

describe('enums and sequences', () => {
  const moods = (values: readonly string[], used: boolean) =>
    schema(
      {
        person: table((t) => ({ id: t.integer(), ...(used ? { mood: t.enum('mood', values) } : {}) })),
      },
      { enums: { mood: values } },
    );

  test('values are added beside their neighbours', () => {
    expect(diff(moods(['b', 'd'], true), moods(['a', 'b', 'c', 'd', 'e'], true)).operations).toEqual([
      { kind: 'addEnumValue', enum: local('mood'), value: 'a', before: 'b', after: null },
      { kind: 'addEnumValue', enum: local('mood'), value: 'c', before: null, after: 'b' },
      { kind: 'addEnumValue', enum: local('mood'), value: 'e', before: null, after: 'd' },
    ]);
  });

  test('values that go: no operation while columns hold them', () => {
    const found = diff(moods(['a', 'b'], true), moods(['b'], true));
    expect(found.operations).toEqual([]);
    expect(found.inexpressible).toEqual([
      {
        object: 'enum mood',
        reason: 'values that columns may hold cannot be taken away from an enum, nor moved',
      },
    ]);
  });

  test('values that go while others come: the others come', () => {
    const found = diff(moods(['a', 'b'], true), moods(['c', 'b', 'd'], true));
    expect(found.operations).toEqual([
      { kind: 'addEnumValue', enum: local('mood'), value: 'c', before: 'a', after: null },
      { kind: 'addEnumValue', enum: local('mood'), value: 'd', before: null, after: 'b' },
    ]);
    expect(found.inexpressible).toMatchObject([{ object: 'enum mood' }]);
  });

  test('values that go or move: made anew before the first use, or after the last', () => {
    expect(steps(moods(['a', 'b'], false), moods(['b', 'a'], true))).toEqual([
      'drop enum mood',
      'create enum mood (b, a)',
      "add column person.mood enum mood ('b', 'a')",
    ]);
    expect(steps(moods(['a', 'b'], true), moods(['b'], false))).toEqual([
      'drop column person.mood',
      'drop enum mood',
      'create enum mood (b)',
    ]);
  });

  test('a sequence that columns count with is left alone', () => {
    const counted = (increment: number, value: string) =>
      schema(
        { ticket: table((t) => ({ n: t.integer().default(sql(value)) })) },
        {
          sequences: [
            { ...local('ticket_n'), start: 1, increment, minimum: null, maximum: null, cycle: false },
          ],
        },
      );
    expect(diff(counted(1, "nextval('x')"), counted(2, "nextval('x')")).operations.map(say)).toEqual([
      'drop sequence ticket_n',
      'create sequence ticket_n',
    ]);
    const used = 'next value for ticket_n';
    expect(diff(counted(1, used), counted(2, used)).inexpressible.map((one) => one.object)).toEqual([
      'sequence ticket_n',
    ]);
  });
});

describe('views, routines, triggers', () => {
  const different: DiffOptions = { settle: () => 'different' };
  const base = { user: table((t) => ({ id: t.integer() })) };
  const view = (name: string, text: string, materialized = false): View => ({
    ...local(name),
    sql: text,
    materialized,
  });
  const trigger = (name: string, text: string): Trigger => ({ table: local('user'), name, sql: text });

  test('views are made in the order in which they read each other', () => {
    const to = schema(base, {
      views: { a: 'SELECT * FROM c', b: 'SELECT * FROM user', c: 'SELECT * FROM b' },
    });
    const from = schema(base);
    expect(steps(from, to)).toEqual(['create view b', 'create view c', 'create view a']);
    expect(steps(to, from)).toEqual(['drop view a', 'drop view c', 'drop view b']);
  });

  test('what reads a view that changes goes with it and comes back', () => {
    const from = { ...schema(base), views: [view('a', 'SELECT * FROM b'), view('b', 'SELECT 1', true)] };
    const to = { ...schema(base), views: [view('a', 'SELECT * FROM b'), view('b', 'SELECT 1', false)] };
    expect(steps(from, to)).toEqual(['drop view a', 'drop view b', 'create view b', 'create view a']);
  });

  test('triggers go with the routine that they call', () => {
    const routine = (text: string) => [
      { ...local('note'), kind: 'function' as const, signature: '', sql: text },
    ];
    const triggers = [
      trigger('t', 'CREATE TRIGGER t … EXECUTE FUNCTION note()'),
      trigger('u', 'CREATE TRIGGER u …'),
    ];
    const from = schema(base, { routines: routine('one'), triggers });
    const to = schema(base, { routines: routine('two'), triggers });
    expect(steps(from, to)).toEqual([]);
    expect(steps(from, to, different)).toEqual([
      'drop trigger t on user',
      'drop function note',
      'create function note',
      'create trigger t on user',
    ]);
  });

  test('a routine that a default calls is there before, and goes after', () => {
    const from = schema({ user: table((t) => ({ id: t.integer() })) });
    const to = schema(
      { user: table((t) => ({ id: t.integer(), key: t.text().default(sql('new_key()')) })) },
      { routines: [{ ...local('new_key'), kind: 'function', signature: '', sql: '…' }] },
    );
    expect(steps(from, to).map((one) => one.split(' ').slice(0, 3).join(' '))).toEqual([
      'create function new_key',
      'add column user.key',
    ]);
    expect(steps(to, from)).toEqual(['drop column user.key', 'drop function new_key']);
  });

  test('triggers of a table that goes are dropped by name', () => {
    const from = schema(base, { triggers: [trigger('t', '…')] });
    const { operations } = diff(from, emptySchema);
    expect(operations.map(say)).toEqual(['drop trigger t on user', 'drop table user']);
    expect(invertAll(operations)?.map(say)).toEqual(['create table user', 'create trigger t on user']);
  });
});

describe('namespaces', () => {
  test('are there before what is in them', () => {
    const to = schema({ 'sales.order': table((t) => ({ id: t.integer() })) });
    expect(steps(emptySchema, to)).toEqual(['create namespace sales', 'create table sales.order']);
    expect(steps(to, emptySchema)).toEqual(['drop table sales.order', 'drop namespace sales']);
  });
});
