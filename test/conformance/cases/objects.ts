import { t } from '../../../src/schema/column-builder.ts';
import type { Written } from '../world.ts';
import type { Case, Cases, Reasons } from './case.ts';
import { both, item } from './case.ts';
import { trigger } from './tables.ts';

const mood: Written = (op) => {
  op.createEnum('mood', ['sad', 'glad']);
  op.createTable('person', (types) => ({
    id: types.integer().primaryKey(),
    mood: types.enum('mood', ['sad', 'glad']).default('sad'),
  }));
  op.insertRows('person', [{ id: 1, mood: 'glad' }]);
};

const value = (name: string, place: { readonly before?: string; readonly after?: string }): Case => ({
  name,
  before: mood,
  up: (op) => op.addEnumValue('mood', "o'k", place),
  irreversible: true,
  rows: () => ({ up: ['SELECT id, mood FROM person', ['1|glad']] }),
});

const noNamespaces: Reasons = {
  sqlite: 'SQLite has none',
  mysql: 'a namespace of MySQL is another database',
};
const noSequences: Reasons = { sqlite: 'SQLite has none', mysql9: 'MySQL has none' };
const noRoutines: Reasons = { sqlite: 'SQLite has none' };

const twice: Written = (op, { dialect }) =>
  dialect === 'postgres'
    ? op.createFunction(
        'twice',
        `CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n * 2'`,
        { signature: 'integer' },
      )
    : op.createFunction('twice', `CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN n * 2`);
const fill: Written = (op, { dialect }) =>
  dialect === 'postgres'
    ? op.createProcedure('fill', `CREATE PROCEDURE fill() LANGUAGE sql AS 'UPDATE item SET n = 1'`)
    : op.createProcedure('fill', `CREATE PROCEDURE fill() UPDATE item SET n = 1`);
const cheap: Written = (op) => op.createView('cheap', 'SELECT id, name FROM item WHERE price < 5');
const stored: Written = (op) =>
  op.createView('cheap', 'SELECT id, name FROM item WHERE price < 5', { materialized: true });
const noMaterialized: Reasons = { sqlite: 'SQLite has none', mysql: 'MySQL has none' };

export const objects: Cases<
  | 'createEnum'
  | 'dropEnum'
  | 'addEnumValue'
  | 'createNamespace'
  | 'dropNamespace'
  | 'createView'
  | 'dropView'
  | 'createTrigger'
  | 'dropTrigger'
  | 'createRoutine'
  | 'dropRoutine'
  | 'createSequence'
  | 'dropSequence'
> = {
  createEnum: [
    {
      name: 'with values that need quotes',
      up: (op) => op.createEnum('mood', ["o'k", 'a "b" \\ c', 'ü']),
      ignored: { sqlite: 'values stand at each column', mysql: 'values stand at each column' },
    },
  ],
  dropEnum: [
    {
      name: 'that no column uses any more',
      before: mood,
      up: (op) => {
        op.dropColumn('person', 'mood');
        op.dropEnum('mood');
      },
    },
  ],
  addEnumValue: [
    value('at the end', {}),
    value('in the middle, before', { before: 'glad' }),
    value('in the middle, after', { after: 'sad' }),
    {
      name: 'and used at once',
      before: mood,
      up: (op) => {
        op.addEnumValue('mood', 'new', { after: 'sad' });
        op.alterColumn('person', 'mood', { default: 'new' });
        op.insertRows('person', [{ id: 2, mood: 'new' }]);
      },
      irreversible: true,
    },
  ],
  createNamespace: [
    {
      name: 'with a table in it',
      up: (op) => {
        op.createNamespace('the "app"');
        op.createTable({ namespace: 'the "app"', name: 'x.y' }, { id: t.integer().primaryKey() });
      },
      unsupported: noNamespaces,
    },
  ],
  dropNamespace: [
    {
      name: 'empty',
      before: (op, { dialect }) => {
        if (dialect === 'postgres') op.createNamespace('app');
      },
      up: (op, { dialect }) => {
        if (dialect !== 'postgres') op.createNamespace('app');
        op.dropNamespace('app');
      },
      unsupported: noNamespaces,
    },
  ],
  createView: [
    {
      name: 'over a table',
      before: item,
      up: cheap,
      rows: () => ({ up: ['SELECT id, name FROM cheap', ["1|it's"]] }),
    },
    {
      name: 'over another view',
      before: both(item, cheap),
      up: (op) => op.createView('cheaper', 'SELECT id FROM cheap WHERE id < 2'),
    },
    { name: 'materialized', before: item, up: stored, unsupported: noMaterialized },
  ],
  dropView: [
    { name: 'over a table', before: both(item, cheap), up: (op) => op.dropView('cheap') },
    {
      name: 'materialized',
      before: both(item, (op, at) => {
        if (at.dialect === 'postgres') stored(op, at);
      }),
      up: (op, at) => {
        if (at.dialect !== 'postgres') stored(op, at);
        op.dropView('cheap');
      },
      unsupported: noMaterialized,
    },
  ],
  createTrigger: [{ name: 'that changes rows', before: item, up: trigger }],
  dropTrigger: [
    { name: 'by name', before: both(item, trigger), up: (op) => op.dropTrigger('item', 'tr_item') },
  ],
  createRoutine: [
    { name: 'a function', up: twice, unsupported: noRoutines },
    { name: 'a procedure', before: item, up: fill, unsupported: noRoutines },
  ],
  dropRoutine: [
    {
      name: 'a function',
      before: (op, at) => {
        if (at.dialect !== 'sqlite') twice(op, at);
      },
      up: (op, at) => {
        if (at.dialect === 'sqlite') twice(op, at);
        op.dropFunction('twice', at.dialect === 'postgres' ? { signature: 'integer' } : {});
      },
      unsupported: noRoutines,
    },
    {
      name: 'a procedure',
      before: both(item, (op, at) => {
        if (at.dialect !== 'sqlite') fill(op, at);
      }),
      up: (op, at) => {
        if (at.dialect === 'sqlite') fill(op, at);
        op.dropProcedure('fill');
      },
      unsupported: noRoutines,
    },
  ],
  createSequence: [
    { name: 'with nothing said', up: (op) => op.createSequence('numbers'), unsupported: noSequences },
    {
      name: 'with everything said',
      up: (op) =>
        op.createSequence('numbers', { start: 5, increment: 5, minimum: 5, maximum: 500, cycle: true }),
      unsupported: noSequences,
    },
  ],
  dropSequence: [
    {
      name: 'by name',
      before: (op, { flavor }) => {
        if (flavor !== 'sqlite' && flavor !== 'mysql') op.createSequence('numbers');
      },
      up: (op, { flavor }) => {
        if (flavor === 'sqlite' || flavor === 'mysql') op.createSequence('numbers');
        op.dropSequence('numbers');
      },
      unsupported: noSequences,
    },
  ],
};
