// Changes that no release can make in one step, each in two halves; with the queries of the release before and of the one to
// come. In: nothing. Out: Sequence[]. Must not know servers.

import type { RevisionText } from '../support/revisions.ts';
import type { Turn } from './release.ts';

export interface Sequence {
  readonly name: string;
  readonly before: RevisionText;
  readonly phased: RevisionText;
  /** Queries of the release before, and of the one to come. */
  readonly old: Turn;
  readonly next: Turn;
  /** Queries that must count 0 while both run, and at the end. */
  readonly wrongBetween: string;
  readonly wrongAfter: string;
}

const first = (more: string, row: string): RevisionText => ({
  id: 'aaaa',
  up: `op.createTable('person', (t) => ({ id: t.bigint().identity().primaryKey(), ${more} }));
    op.insertRows('person', Array.from({ length: 400 }, (_, i) => ({ ${row} })));`,
});

const renaming = `{ table: 'person', from: 'name', to: 'full_name' }`;
const rename: Sequence = {
  name: 'a rename',
  before: first('name: t.varchar(60).notNull()', "name: 'person ' + i"),
  phased: {
    id: 'bbbb',
    up: `op.alterColumn('person', 'name', { nullable: true });
      op.addColumn('person', 'full_name', t.varchar(60));
      op.dualWrite(${renaming});
      op.backfill({ table: 'person', set: { full_name: 'name' }, where: 'full_name IS NULL', batch: 50, inverse: 'nothing' });
      if (dialect === 'postgres') {
        op.addCheck('person', 'full_name IS NOT NULL', { name: 'ck_full_name', valid: false });
        op.validateConstraint('person', { name: 'ck_full_name' });
      }`,
    more: `contract: {
      upgrade(op, { dialect }) {
        op.dropDualWrite(${renaming});
        op.alterColumn('person', 'full_name', { nullable: false });
        if (dialect === 'postgres') op.dropCheck('person', { name: 'ck_full_name' });
        op.dropColumn('person', 'name');
      },
      downgrade: irreversible('both releases would have to be stopped'),
    },`,
  },
  old: (i) => [
    `INSERT INTO person (name) VALUES ('old ${i}')`,
    `UPDATE person SET name = 'changed by old ${i}' WHERE id = ${1 + (i % 400)}`,
    `SELECT id, name FROM person WHERE name = 'old ${i}'`,
  ],
  next: (i) => [
    `INSERT INTO person (full_name) VALUES ('new ${i}')`,
    `UPDATE person SET full_name = 'changed by new ${i}' WHERE id = ${1 + ((i + 200) % 400)}`,
    `SELECT id, full_name FROM person WHERE full_name = 'new ${i}'`,
  ],
  wrongBetween: 'SELECT count(*) FROM person WHERE name IS NULL OR full_name IS NULL OR name <> full_name',
  wrongAfter: 'SELECT count(*) FROM person WHERE full_name IS NULL',
};

const retyping = `{ table: 'person', from: 'price', to: 'cents',
  forward: dialect === 'postgres' ? 'NEW.price::integer * 100' : 'CAST(NEW.price AS SIGNED) * 100',
  back: dialect === 'postgres' ? '(NEW.cents / 100)::text' : 'CAST(NEW.cents DIV 100 AS CHAR)' }`;
const retype: Sequence = {
  name: 'another type',
  before: first('price: t.varchar(20).notNull()', 'price: String(i)'),
  phased: {
    id: 'bbbb',
    up: `op.alterColumn('person', 'price', { nullable: true });
      op.addColumn('person', 'cents', t.integer());
      op.dualWrite(${retyping});
      op.backfill({ table: 'person', set: { cents: dialect === 'postgres' ? 'price::integer * 100' : 'CAST(price AS SIGNED) * 100' },
        where: 'cents IS NULL', batch: 50, inverse: 'nothing' });`,
    more: `contract: {
      upgrade(op, { dialect }) {
        op.dropDualWrite(${retyping});
        op.alterColumn('person', 'cents', { nullable: false });
        op.dropColumn('person', 'price');
      },
      downgrade: irreversible('both releases would have to be stopped'),
    },`,
  },
  old: (i) => [
    `INSERT INTO person (price) VALUES ('${i % 1000}')`,
    `UPDATE person SET price = '${i % 900}' WHERE id = ${1 + (i % 400)}`,
    `SELECT id FROM person WHERE price = '${i % 1000}'`,
  ],
  next: (i) => [
    `INSERT INTO person (cents) VALUES (${(i % 1000) * 100})`,
    `UPDATE person SET cents = ${(i % 900) * 100} WHERE id = ${1 + ((i + 200) % 400)}`,
    `SELECT id FROM person WHERE cents = ${(i % 1000) * 100}`,
  ],
  wrongBetween: `SELECT count(*) FROM person WHERE price IS NULL OR cents IS NULL OR cents <> 100 * CAST(price AS DECIMAL(20))`,
  wrongAfter: 'SELECT count(*) FROM person WHERE cents IS NULL',
};

const filling = `op.backfill({ table: 'person', set: { note: "''" }, where: 'note IS NULL', batch: 50, inverse: 'nothing' });`;
const notNull: Sequence = {
  name: 'NOT NULL',
  before: first('note: t.varchar(60)', 'note: i % 2 ? null : String(i)'),
  phased: {
    id: 'bbbb',
    up: `op.alterColumn('person', 'note', { default: '' });
      ${filling}`,
    more: `contract: {
      upgrade(op, { dialect }) {
        ${filling}
        op.alterColumn('person', 'note', { nullable: false });
      },
      downgrade: 'auto',
    },`,
  },
  old: (i) => [
    `INSERT INTO person (note) VALUES (${i % 3 === 0 ? 'NULL' : `'old ${i}'`})`,
    `UPDATE person SET note = NULL WHERE id = ${1 + (i % 400)}`,
    `SELECT id FROM person WHERE note IS NULL`,
  ],
  next: (i) => [
    `INSERT INTO person (note) VALUES ('new ${i}')`,
    `UPDATE person SET note = '' WHERE id = ${1 + ((i + 200) % 400)}`,
    `SELECT id FROM person WHERE note = 'new ${i}'`,
  ],
  wrongBetween: `SELECT count(*) FROM person WHERE note = 'nobody writes this'`,
  wrongAfter: 'SELECT count(*) FROM person WHERE note IS NULL',
};

export const sequences: readonly Sequence[] = [rename, retype, notNull];
