// Laws of operations, over random schemas and every operation that is legal against them.

import { expect, test } from 'vitest';
import { oneOfEachKind, operationsAgainst } from '../../test/support/arbitrary-operations.ts';
import { arbitraryPair } from '../../test/support/arbitrary-schema.ts';
import { fc, lawRuns } from '../../test/support/laws.ts';
import { compareSchemas } from '../diff/compare.ts';
import { openDraft } from '../schema/draft.ts';
import type { Part } from '../schema/parts.ts';
import type { Schema } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';
import { tablesOfEnum } from './add-enum-value.ts';
import { apply, applyTo, complete, describe as describeOperation, invert, roleOf, touches } from './apply.ts';
import type { ObjectRef } from './handler.ts';
import { tableObject } from './handler.ts';
import { handlers } from './handlers.ts';
import type { Operation, OperationKind } from './operation.ts';

const runs = { numRuns: lawRuns(40) };
const pair = arbitraryPair();

/** Calls `each` with legal operations of every kind, completed, and the schema before. */
function forEvery(each: (operation: Operation, schema: Schema) => void): void {
  fc.assert(
    fc.property(pair, fc.nat(), ([schema, other], pick) => {
      const draft = openDraft(schema);
      for (const operation of oneOfEachKind({ schema, other }, pick))
        each(complete(operation, draft), schema);
    }),
    runs,
  );
}

// Nothing takes a value out of an enum; nobody said how to undo the others.
const oneWay: ReadonlySet<OperationKind> = new Set(['addEnumValue', 'run', 'execute', 'backfill']);

test('every kind is tried', () => {
  const pools = fc.sample(pair, { seed: 7, numRuns: 200 });
  const kinds = pools.flatMap(([schema, other]) =>
    operationsAgainst({ schema, other }).map((one) => one.kind),
  );
  expect([...new Set(kinds)].sort()).toEqual(Object.keys(handlers).sort());
});

test('undone, a schema is what it was', () => {
  forEvery((operation, schema) => {
    const back = invert(operation);
    if (back === null) expect(oneWay).toContain(operation.kind);
    else {
      const restored = back.reduce(apply, apply(schema, operation));
      expect([operation, compareSchemas(schema, restored)]).toEqual([operation, []]);
    }
  });
});

test('the inverse of the inverse does the same again', () => {
  forEvery((operation, schema) => {
    const back = invert(operation);
    if (back === null || back.length !== 1) return;
    const after = apply(schema, operation);
    const again = back.flatMap((one) => invert(one) ?? []);
    expect([operation, compareSchemas(after, again.reduce(apply, schema))]).toEqual([operation, []]);
  });
});

test('data steps leave the schema alone', () => {
  forEvery((operation, schema) => {
    if (roleOf(operation) === 'data') expect(compareSchemas(schema, apply(schema, operation))).toEqual([]);
  });
});

test('completing twice changes nothing, and an operation is JSON', () => {
  forEvery((operation, schema) => {
    expect(complete(operation, openDraft(schema))).toEqual(operation);
    expect(JSON.parse(JSON.stringify(operation))).toStrictEqual(operation);
  });
});

test('every operation can be told in words', () => {
  forEvery((operation) => {
    expect(describeOperation(operation)).toMatch(/^[a-z]+ \S/su);
  });
});

test('applying changes the schema that is given to no one', () => {
  forEvery((operation, schema) => {
    const copy = structuredClone(schema);
    applyTo(openDraft(schema), operation);
    expect(schema).toEqual(copy);
  });
});

/** The object that a part belongs to. */
function objectOf(part: Part): string {
  switch (part.kind) {
    case 'namespace':
      return `namespace ${part.owner.name}`;
    case 'enum':
    case 'sequence':
    case 'view':
    case 'routine':
      return `${part.kind} ${refKey(part.owner)}`;
    case 'trigger':
      return `trigger ${part.name}`;
    default:
      return `table ${refKey(part.owner)}`;
  }
}

function keyOf(object: ObjectRef): string {
  switch (object.kind) {
    case 'namespace':
      return `namespace ${object.name}`;
    case 'trigger':
      return `trigger ${refKey(object.table)}\u0001${object.name}`;
    case 'routine':
      return `routine ${refKey(object.routine)}`;
    default:
      return `${object.kind} ${refKey(object.ref)}`;
  }
}

/** Renames and new values also reach what refers to them: foreign keys, triggers, views, columns of the enum. */
function reached(operation: Operation, schema: Schema, changed: readonly Part[]): readonly string[] {
  if (operation.kind === 'addEnumValue') return tablesOfEnum(openDraft(schema), operation.enum).map(keyOf);
  if (operation.kind !== 'renameTable' && operation.kind !== 'renameColumn') return [];
  const table = operation.kind === 'renameTable' ? operation.from : operation.table;
  const children = schema.tables.filter((one) =>
    one.foreignKeys.some((key) => refKey(key.references.table) === refKey(table)),
  );
  const programs = changed.filter((part) => part.kind === 'view' || part.kind === 'trigger');
  return [...children.map((one) => keyOf(tableObject(one))), ...programs.map(objectOf)];
}

test('what changes is among the objects that the operation says it touches', () => {
  forEvery((operation, schema) => {
    const after = apply(schema, operation);
    const changed = compareSchemas(after, schema).flatMap(({ wanted, actual }) => wanted ?? actual ?? []);
    const said = new Set([...touches(operation).map(keyOf), ...reached(operation, schema, changed)]);
    expect([operation, changed.map(objectOf).filter((one) => !said.has(one))]).toEqual([operation, []]);
  });
});

test('an operation on what is not there does nothing', () => {
  forEvery((operation, schema) => {
    if (roleOf(operation) === 'create' || operation.kind === 'alterColumn') return;
    const without: Schema = {
      ...schema,
      tables: [],
      enums: [],
      views: [],
      sequences: [],
      routines: [],
      triggers: [],
      namespaces: [],
    };
    expect([operation, compareSchemas(without, apply(without, operation))]).toEqual([operation, []]);
  });
});

test('several unnamed parts over the same columns: a drop takes the one that it remembers', () => {
  fc.assert(
    fc.property(pair, ([schema]) => {
      for (const table of schema.tables) {
        const [first] = table.indexes;
        if (!first) continue;
        const twin = { ...first, name: null, where: '1 = 1', unique: !first.unique };
        const both: Schema = { ...schema, tables: [{ ...table, indexes: [{ ...first, name: null }, twin] }] };
        const columns = first.parts.map((part) => part.column ?? part.sql ?? '');
        const drop = {
          kind: 'dropIndex',
          table,
          target: { columns },
          was: twin,
          concurrently: false,
        } as const;
        expect(apply(both, drop).tables[0]?.indexes).toEqual([{ ...first, name: null }]);
      }
    }),
    runs,
  );
});
