// What a diff leaves to later: constraints that present rows were not checked against, routines behind those they call.

import { describe, expect, test } from 'vitest';
import { schema, steps } from '../../test/support/diff-words.ts';
import { describe as say } from '../operations/apply.ts';
import { table } from '../schema/define-schema.ts';
import { emptySchema } from '../schema/schema.ts';
import { diff } from './diff.ts';

test('a routine comes after those that it calls, and goes before them', () => {
  const routine = (name: string, body: string) => ({
    namespace: null,
    name,
    kind: 'function' as const,
    signature: '',
    sql: `CREATE FUNCTION ${name}() RETURNS integer LANGUAGE sql AS 'SELECT ${body}'`,
  });
  const both = { ...emptySchema, routines: [routine('all', 'part() + 1'), routine('part', '1')] };
  const named = (operations: ReturnType<typeof diff>['operations']) => operations.map(say);
  expect(named(diff(emptySchema, both).operations)).toEqual(['create function part', 'create function all']);
  expect(named(diff(both, emptySchema).operations)).toEqual(['drop function all', 'drop function part']);
});

describe('constraints that present rows were not checked against', () => {
  const of = (valid: boolean, condition = 'n > 0') =>
    schema({
      parent: table((t) => ({ id: t.integer().primaryKey() })),
      child: table((t) => ({ n: t.integer(), p: t.integer() }), {
        checks: [{ name: 'ck', sql: condition, valid }],
        foreignKeys: [
          { name: 'fk', columns: ['p'], references: { table: 'parent', columns: ['id'] }, valid },
        ],
      }),
    });

  test('are validated where nothing else differs', () => {
    expect(steps(of(false), of(true))).toEqual([
      'validate constraint ck of child',
      'validate constraint fk of child',
    ]);
  });

  test('are made again the other way round, and where they say something else', () => {
    expect(steps(of(true), of(false))).toEqual([
      'drop foreign key fk of child',
      'drop check ck of child',
      'add check (n > 0) to child',
      'add foreign key (p) of child to parent (id)',
    ]);
    expect(steps(of(false), of(true, 'p > 0'))).toEqual([
      'drop check ck of child',
      'add check (p > 0) to child',
      'validate constraint fk of child',
    ]);
  });
});
