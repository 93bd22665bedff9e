// Random alterations of random tables: what is in the database afterwards is what memory says.

import { expect, test } from 'vitest';
import { completeAndApply } from '../../../src/operations/apply.ts';
import type { Operation } from '../../../src/operations/operation.ts';
import { closeDraft, openDraft } from '../../../src/schema/draft.ts';
import type { Column, Schema, Table } from '../../../src/schema/schema.ts';
import { refOf } from '../../../src/schema/schema.ts';
import { fc } from '../../support/laws.ts';
import { column, columnType, index, schema, subset } from './arbitrary.ts';
import { anonymous, naming, openBench } from './support.ts';

const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
const lost = { uniques: [], foreignKeys: [], checks: [], indexes: [] };

function changes(one: Column): fc.Arbitrary<Partial<Omit<Column, 'name'>>> {
  return fc.oneof(
    // Without affinity '1' and 1 are two values, and which of them a default was depends on the type before.
    columnType
      .filter((type) => type.kind !== 'binary' && (type.kind !== 'native' || type.sql !== ''))
      .map((type) => ({ type })),
    fc.boolean().map((nullable) => ({ nullable })),
    column(one.name).map((other) => ({ default: other.default })),
    fc.constantFrom('NOCASE', null).map((collation) => ({ collation })),
  );
}

/** One change of the table, for a step that keeps changing it. */
function alteration(table: Table, number: number): fc.Arbitrary<Operation> {
  const ref = refOf(table);
  const names = table.columns.map((one) => one.name);
  const fresh = `new ${number}`;
  const some = fc.constantFrom(...table.columns);
  return fc.oneof(
    column(fresh).map((one): Operation => ({ kind: 'addColumn', table: ref, column: one })),
    some.map((one): Operation => ({ kind: 'dropColumn', table: ref, column: one.name, was: null, lost })),
    some.map((one): Operation => ({ kind: 'renameColumn', table: ref, from: one.name, to: fresh })),
    some.chain((one) =>
      changes(one).map(
        (change): Operation => ({
          kind: 'alterColumn',
          table: ref,
          column: one.name,
          changes: change,
          was: null,
          using: null,
        }),
      ),
    ),
    index(`ix ${fresh}`, names).map(
      (one): Operation => ({
        kind: 'createIndex',
        table: ref,
        index: { ...one, name: `ix ${fresh}` },
        concurrently: false,
      }),
    ),
    some.map(
      (one): Operation => ({
        kind: 'addCheck',
        table: ref,
        check: { name: fresh, sql: `length(${quote(one.name)}) < ${number + 100}`, valid: true },
      }),
    ),
    subset(names).map(
      (columns): Operation => ({
        kind: 'addUnique',
        table: ref,
        unique: { name: fresh, columns, nullsNotDistinct: false, deferrable: 'no' },
      }),
    ),
  );
}

/** A column that is all there is or a key cannot go, and a STRICT table takes no types of other names. */
function isSensible(operation: Operation, table: Table): boolean {
  const type = operation.kind === 'addColumn' ? operation.column.type : null;
  const given = type ?? (operation.kind === 'alterColumn' ? operation.changes.type : null);
  if (table.options['strict'] === true && given?.kind === 'native') return false;
  // SQLite itself fails ("expressions prohibited in PRIMARY KEY and UNIQUE constraints") where a WITHOUT ROWID table
  // has a unique constraint over its key.
  if (operation.kind === 'renameColumn') return table.options['withoutRowid'] !== true;
  if (operation.kind !== 'dropColumn') return true;
  const isKey = table.primaryKey?.columns.includes(operation.column) ?? false;
  return table.columns.length > 1 && !isKey;
}

interface Step {
  readonly start: Schema;
  readonly operations: readonly Operation[];
}

const steps: fc.Arbitrary<Step> = fc
  .tuple(schema, fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 5 }))
  .map(([start, numbers, count]) => {
    const draft = openDraft({
      ...start,
      tables: start.tables.map((table) => ({ ...table, foreignKeys: [] })),
    });
    const before = closeDraft(draft);
    const operations: Operation[] = [];
    for (let at = 0; at < count; at += 1) {
      const tables = [...draft.tables.values()];
      const table = tables[numbers.next().value % tables.length] as Table;
      const [operation] = fc.sample(alteration(table, at), { numRuns: 1, seed: numbers.next().value });
      if (operation === undefined || !isSensible(operation, table)) continue;
      operations.push(operation);
      completeAndApply([operation], draft);
    }
    return { start: before, operations };
  });

test('random alterations end where memory says', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async ({ start, operations }) => {
      const bench = await openBench();
      await bench.connection.script(bench.dialect.dump(start, naming));
      const { live, expected } = await bench.migrate(operations);
      expect(anonymous(live)).toEqual(anonymous(expected));
      expect(live.unsupported).toEqual([]);
      bench.handle.close();
    }),
    { numRuns: 300 },
  );
});
