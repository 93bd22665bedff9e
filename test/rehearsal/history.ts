// A history as a project has it after years: tables that come, grow, change and go, on branches that are merged.
// In: how many revisions, a seed. Out: their texts, the same for the same seed. Must not know how they are practised.

import type { RevisionText } from '../support/revisions.ts';

/** Numbers below a bound, the same for the same seed (mulberry32). */
function draws(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  };
}

/** A table as the revisions so far have left it. */
interface Grown {
  name: string;
  columns: string[];
  indexes: string[];
}

const idOf = (position: number): string => `r${String(position).padStart(4, '0')}`;

/** The next change of a table, in the words of a revision. */
function changeOf(table: Grown, position: number, draw: (bound: number) => number): string {
  const fresh = `c${position}`;
  const some = table.columns[draw(Math.max(1, table.columns.length))];
  const change = draw(7);
  if (change === 0 && some !== undefined) {
    table.columns = table.columns.map((name) => (name === some ? fresh : name));
    table.indexes = [];
    return `op.renameColumn('${table.name}', '${some}', '${fresh}');`;
  }
  if (change === 1 && table.columns.length > 2 && some !== undefined && table.indexes.length === 0) {
    table.columns = table.columns.filter((name) => name !== some);
    return `op.dropColumn('${table.name}', '${some}');`;
  }
  if (change === 2 && some !== undefined) {
    table.indexes.push(`ix_${position}`);
    return `op.createIndex('${table.name}', ['${some}'], { name: 'ix_${position}' });`;
  }
  if (change === 3 && some !== undefined)
    return `op.execute("UPDATE ${table.name} SET ${some} = 'x' WHERE ${some} IS NULL", { inverse: [], effect: [] });`;
  table.columns.push(fresh);
  if (change === 4)
    return `op.addColumn('${table.name}', '${fresh}', t.varchar(60).notNull().default('none'));`;
  return `op.addColumn('${table.name}', '${fresh}', t.varchar(60));`;
}

interface Growth {
  readonly texts: RevisionText[];
  readonly tables: Grown[];
  readonly draw: (bound: number) => number;
}

function create({ texts, tables }: Growth, revises: readonly string[]): string {
  const id = idOf(texts.length);
  const name = `t${texts.length}`;
  tables.push({ name, columns: ['a', 'b'], indexes: [] });
  const parent = tables.length > 1 ? tables[tables.length - 2]?.name : undefined;
  const key = parent === undefined ? '' : `, up: t.integer().references('${parent}', 'id')`;
  const up = `op.createTable('${name}', (t) => ({ id: t.integer().primaryKey(), a: t.varchar(60), b: t.varchar(60)${key} }));`;
  texts.push({ id, revises, message: `create ${name}`, up });
  return id;
}

function change(growth: Growth, table: Grown, revises: readonly string[]): string {
  const { texts, draw } = growth;
  const id = idOf(texts.length);
  texts.push({ id, revises, message: `change ${table.name}`, up: changeOf(table, texts.length, draw) });
  return id;
}

/** Two branches of a few revisions, each on a table of its own, and their merge. */
function branchOut(growth: Growth, from: string): string {
  const { texts, tables, draw } = growth;
  const sides = [tables[draw(tables.length)], tables[draw(tables.length)]];
  if (sides[0] === undefined || sides[1] === undefined || sides[0] === sides[1]) return from;
  let [left, right] = [from, from];
  for (let i = 0; i < 3; i++) {
    left = change(growth, sides[0], [left]);
    right = change(growth, sides[1], [right]);
  }
  const id = idOf(texts.length);
  texts.push({ id, revises: [left, right], message: 'merge', up: '' });
  return id;
}

/** At least so many revisions, with branches and merges. */
export function longHistory(count: number, seed: number): readonly RevisionText[] {
  const growth: Growth = { texts: [], tables: [], draw: draws(seed) };
  let head = create(growth, []);
  while (growth.texts.length < count) {
    const turn = growth.draw(12);
    const table = growth.tables[growth.draw(growth.tables.length)];
    if (turn === 0 || table === undefined) head = create(growth, [head]);
    else if (turn === 1) head = branchOut(growth, head);
    else head = change(growth, table, [head]);
  }
  return growth.texts.map((text) => ({
    ...text,
    revises: Array.isArray(text.revises) && text.revises.length === 0 ? null : (text.revises ?? null),
  }));
}
