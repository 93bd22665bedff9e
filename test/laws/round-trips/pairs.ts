// Pairs of schemas between which a migration lies: mostly a schema and what a few changes make of it.
// In: an engine. Out: random pairs. Must not know a law.

import type { Renames } from '../../../src/diff/diff.ts';
import { renameOperations } from '../../../src/diff/renames.ts';
import { applyAll } from '../../../src/operations/apply.ts';
import { closeDraft, openDraft } from '../../../src/schema/draft.ts';
import { mentions } from '../../../src/schema/identifiers-in-sql.ts';
import type { Schema, Table, View } from '../../../src/schema/schema.ts';
import { findTable, refOf } from '../../../src/schema/schema.ts';
import type { Engine } from '../../servers/index.ts';
import { arbitraryChange } from '../../support/arbitrary-schema.ts';
import { fc } from '../../support/laws.ts';
import { capabilities, legal, withCommonOptions } from './capabilities.ts';
import type { Pair } from './round-trip.ts';

const noRenames: Renames = { tables: [], columns: [] };

/** What may be called otherwise in the second schema: a table, or a column, that both have. */
function renamesOf(from: Schema, to: Schema, picks: readonly number[]): Renames {
  const [mode = 0, which = 0, column = 0] = picks;
  const shared = to.tables.filter((table) => findTable(from, table));
  const table = shared[which % Math.max(shared.length, 1)];
  if (!table || mode > 3) return noRenames;
  const other = findTable(from, table) as Table;
  const names = table.columns
    .map(({ name }) => name)
    .filter((name) => other.columns.some((one) => one.name === name));
  // A view over a view knows the column by the name that the other gives it, which no server changes along.
  const isSeenFromAfar = [from, to].some(({ views }) =>
    views.some(({ sql }) => views.some(({ name }) => mentions(sql, name))),
  );
  if (isSeenFromAfar && mode > 0) return noRenames;
  const old = names[column % Math.max(names.length, 1)];
  const renamed = { ...refOf(table), name: `renamed ${table.name}` };
  const columns = (ref: Pick<Table, 'namespace' | 'name'>) =>
    old === undefined ? [] : [{ table: refOf(ref), from: old, to: `new ${old}` }];
  if (mode === 0) return { tables: [{ from: refOf(table), to: renamed }], columns: [] };
  if (mode === 1) return { tables: [{ from: refOf(table), to: renamed }], columns: columns(renamed) };
  const [first, second] = names;
  if (mode === 2 && first !== undefined && second !== undefined)
    return {
      tables: [],
      columns: [
        { table: refOf(table), from: first, to: second },
        { table: refOf(table), from: second, to: first },
      ],
    };
  return { tables: [], columns: columns(table) };
}

function renamedIn(schema: Schema, renames: Renames): Schema {
  const draft = openDraft(schema);
  applyAll(draft, renameOperations(schema, renames));
  return closeDraft(draft);
}

const columnsOf = (schema: Schema, view: View): readonly Table[] =>
  schema.tables.filter(({ name }) => mentions(view.sql, name));

/** What comes to be computed, or is no longer, may be made again behind the others. */
const namesIn = (tables: readonly Table[]): string =>
  JSON.stringify(tables.map(({ columns }) => columns.map(({ name, generated }) => [name, generated])));

/** Servers write out what `*` gives when the view is made: it says something else once there are other columns. */
function withoutStars(engine: Engine, { from, to, renames }: Pair): Pair {
  if (engine === 'sqlite') return { from, to, renames };
  const isSteady = ({ name }: View): boolean => {
    const [a, b] = [from, to].map((schema) => {
      const view = schema.views.find((one) => one.name === name);
      return view && namesIn(columnsOf(schema, view));
    });
    return a !== undefined && a === b;
  };
  const plainly = (schema: Schema): Schema => ({
    ...schema,
    views: schema.views.map((view) => {
      const [first] = columnsOf(schema, view)[0]?.columns ?? [];
      if (!view.sql.startsWith('SELECT *') || first === undefined || isSteady(view)) return view;
      const name = capabilities[engine].quote(first.name);
      return { ...view, sql: view.sql.replace('*', () => name) };
    }),
  });
  return { from: plainly(from), to: plainly(to), renames };
}

/** Random pairs that a server of that engine can hold. */
export function pairsOn(engine: Engine): fc.Arbitrary<Pair> {
  const picks = fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 3 }), fc.nat({ max: 5 }));
  return fc.tuple(arbitraryChange(capabilities[engine]), picks).map(([[a, b], chosen]) => {
    const [from, to] = withCommonOptions(engine, legal(engine, a), legal(engine, b));
    const renames = renamesOf(from, to, chosen);
    return withoutStars(engine, { from, to: renamedIn(to, renames), renames });
  });
}
