// Laws of the diff, over random pairs of schemas.

import { describe, expect, test } from 'vitest';
import type { Capabilities } from '../../test/support/arbitrary-schema.ts';
import { arbitraryPair, arbitrarySchema, everything } from '../../test/support/arbitrary-schema.ts';
import { brokenParts } from '../../test/support/integrity.ts';
import { fc, lawRuns } from '../../test/support/laws.ts';
import { apply, invertAll, roleOf } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { Column, Schema, TableRef } from '../schema/schema.ts';
import { displayRef, refOf, sameRef } from '../schema/schema.ts';
import type { Difference } from './compare.ts';
import { compareSchemas } from './compare.ts';
import type { Diff, DiffOptions } from './diff.ts';
import { diff } from './diff.ts';
import type { Renames } from './renames.ts';
import { renameOperations } from './renames.ts';

const runs = { numRuns: lawRuns(60) };
const decisive: DiffOptions = { settle: () => 'different' };

const applied = (schema: Schema, operations: readonly Operation[]): Schema =>
  operations.reduce(apply, schema);

/** What a diff said that it leaves: of a difference that is left, nothing else may be the reason. */
function isForetold({ inexpressible, unsure }: Diff, { kind, wanted, actual }: Difference): boolean {
  if (kind === 'missing' || kind === 'extra' || !wanted || !actual) return false;
  const said = new Set(inexpressible.map((one) => one.object));
  if (kind === 'unsure') return unsure.some((pair) => pair.wanted.key === wanted.key);
  if (wanted.kind === 'table' || wanted.kind === 'sequence' || wanted.kind === 'enum') {
    return said.has(`${wanted.kind} ${displayRef(wanted.owner)}`);
  }
  if (wanted.kind !== 'column') return false;
  const { type } = wanted.form as Column;
  return (
    type.kind === 'enum' && type.name !== null && said.has(`enum ${displayRef({ ...type, name: type.name })}`)
  );
}

const leftOver = (one: Diff, to: Schema, result: Schema): readonly Difference[] =>
  compareSchemas(to, result).filter((difference) => !isForetold(one, difference));

const plain: Capabilities = {
  ...everything,
  namedEnums: false,
  namespaces: false,
  sequences: false,
  materializedViews: false,
  comments: false,
  nullableKeys: false,
  identity: 'key',
  indexMethods: [],
  deferrable: ['no'],
  routine: null,
};

describe.each([
  ['all that the model can say', everything],
  ['a server with little', plain],
])('%s', (_, can) => {
  const pair = arbitraryPair(can);

  test('a schema and itself differ in nothing', () => {
    fc.assert(
      fc.property(arbitrarySchema(can), (a) => {
        expect(diff(a, a)).toEqual({ operations: [], unsure: [], inexpressible: [] });
        expect(diff(a, structuredClone(a))).toEqual({ operations: [], unsure: [], inexpressible: [] });
      }),
      runs,
    );
  });

  test('the operations turn one schema into the other', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const found = diff(a, b, decisive);
        expect(found.unsure).toEqual([]);
        expect(leftOver(found, b, applied(a, found.operations))).toEqual([]);
      }),
      runs,
    );
  });

  test('without a word on texts, only texts are left, and each is listed', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const found = diff(a, b);
        expect(leftOver(found, b, applied(a, found.operations))).toEqual([]);
      }),
      runs,
    );
  });

  test('the inverse leads back', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const { operations } = diff(a, b, decisive);
        const back = invertAll(operations);
        if (back === null) expect(operations.map((one) => one.kind)).toContain('addEnumValue');
        else expect(compareSchemas(a, applied(applied(a, operations), back))).toEqual([]);
      }),
      runs,
    );
  });

  test('every state on the way, there and back, is one that a server can hold', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(brokenParts(a)).toEqual([]);
        const { operations } = diff(a, b, decisive);
        const all = [...operations, ...(invertAll(operations) ?? [])];
        let now = a;
        for (const operation of all) {
          const next = apply(now, operation);
          expect([operation, brokenParts(next)]).toEqual([operation, []]);
          // Each does something; a creation only adds, and a drop only takes away.
          const kinds = compareSchemas(next, now).map((one) => one.kind);
          const forbidden = { create: 'extra', drop: 'missing', alter: null, data: null }[roleOf(operation)];
          expect([operation, kinds.length > 0 && !kinds.some((one) => one === forbidden)]).toEqual([
            operation,
            true,
          ]);
          now = next;
        }
      }),
      runs,
    );
  });

  test('the same schemas give the same operations, however their lists are ordered', () => {
    const turned = (schema: Schema): Schema => ({
      ...schema,
      enums: schema.enums.toReversed(),
      tables: schema.tables.toReversed(),
      views: schema.views.toReversed(),
      triggers: schema.triggers.toReversed(),
      routines: schema.routines.toReversed(),
    });
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const { operations } = diff(a, b, decisive);
        expect(diff(structuredClone(a), structuredClone(b), decisive).operations).toEqual(operations);
        expect(diff(turned(a), turned(b), decisive).operations).toEqual(operations);
      }),
      runs,
    );
  });

  test('the operations are JSON', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const { operations } = diff(a, b, decisive);
        expect(JSON.parse(JSON.stringify(operations))).toStrictEqual(operations);
      }),
      runs,
    );
  });

  test('renames, given, lead from one schema to the other and back', () => {
    fc.assert(
      fc.property(pair, fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), ([a, b], picks) => {
        const { renamed, renames } = renameIn(b, a, picks);
        const { operations, ...rest } = diff(a, renamed, { renames, settle: () => 'different' });
        const result = applied(a, operations);
        expect(leftOver({ operations, ...rest }, renamed, result)).toEqual([]);
        const back = invertAll(operations);
        if (back === null) return;
        // Where a text mentions a table and a column of one name, renaming them back by words mixes them up.
        const lost = compareSchemas(a, applied(result, back)).filter(({ kind, wanted }) => {
          return !(kind === 'unsure' && (wanted?.kind === 'view' || wanted?.kind === 'trigger'));
        });
        expect(lost).toEqual([]);
      }),
      runs,
    );
  });
});

/** The things in another order: each comes to stand where another stood. */
function turned<T>(list: readonly T[], by: number): readonly T[] {
  const at = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

/** The schema with names of tables and columns handed round, and what that is called by who comes from `from`. */
function renameIn(schema: Schema, from: Schema, picks: readonly number[]) {
  const pick = (at: number) => picks[at % picks.length] ?? 0;
  const refs = schema.tables.map(refOf);
  const tables = refs.map((ref, i) => ({ from: ref, to: turned(refs, pick(0))[i] ?? ref }));
  const columns = schema.tables.flatMap((table, place) => {
    const names = table.columns.map((column) => column.name);
    const to = turned(names, pick(place + 1));
    const ref = tables[place]?.to ?? refOf(table);
    return names.map((name, i) => ({ table: ref, from: name, to: to[i] ?? name }));
  });
  const moved = {
    tables: tables.filter((one) => !sameRef(one.from, one.to)),
    columns: columns.filter((one) => one.from !== one.to),
  };
  const renamed = applied(schema, renameOperations(schema, moved));
  const known = (table: TableRef, column?: string) =>
    from.tables.some(
      (one) =>
        sameRef(one, table) && (column === undefined || one.columns.some(({ name }) => name === column)),
    );
  const before = (table: TableRef) => tables.find((one) => sameRef(one.to, table))?.from ?? table;
  const renames: Renames = {
    tables: moved.tables.filter((one) => known(one.from)),
    columns: moved.columns.filter((one) => known(before(one.table), one.from)),
  };
  return { renamed, renames };
}
