// Version table, journal and revision files that a hand, another tool or a broken disk has been in. In: an engine, how
// many. Out: a proof: whatever is there, it works or is refused with a code and a hint, and a refusal writes nothing.

import { join } from 'node:path';
import type { Connection } from '../../src/dialect/connection.ts';
import { isSurefootError } from '../../src/kernel/errors.ts';
import type { Surefoot } from '../../src/library/api.ts';
import type { Proof } from '../matrix/proof.ts';
import type { Engine } from '../servers/index.ts';
import { freshDatabase } from '../servers/index.ts';
import { fc } from '../support/laws.ts';
import type { RevisionText } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { familyOf } from './chain.ts';
import { applyToFile, applyToTables, arbitraryChange, type Change, isOfFile } from './fuzz-changes.ts';
import type { Outcome } from './proof.ts';
import { collect } from './proof.ts';
import { withConnection } from './state.ts';

const revisions: readonly RevisionText[] = [
  {
    id: 'aaaa1111',
    up: `op.createTable('item', { id: t.integer().primaryKey(), n: t.integer(), name: t.varchar(20).nullable().unique() });
      op.createIndex('item', ['n'], { name: 'item_n' });`,
  },
  {
    id: 'bbbb2222',
    up: `op.addColumn('item', 'm', t.integer().nullable());
      op.addCheck('item', 'n > 0', { name: 'positive' });
      op.run(async () => {}, { inverse: 'nothing' });`,
  },
  {
    id: 'cccc3333',
    up: `op.insertRows('item', [{ id: 1, n: 1, m: 1 }]);
      op.dropIndex('item', 'item_n');
      op.execute('UPDATE item SET n = n + 1', { inverse: 'UPDATE item SET n = n - 1', effect: 'none' });`,
  },
];

/** Everything that is in the database, but for who holds the lock. */
async function contents(connection: Connection): Promise<string> {
  const all: unknown[] = [];
  for (const table of ['item', 'surefoot_version', 'surefoot_journal']) {
    const result = await connection.query(`SELECT * FROM ${table} ORDER BY 1`).catch(() => null);
    all.push(result?.rows.map((row) => Object.values(row).map(String)) ?? null);
  }
  return JSON.stringify(all);
}

const calls: Readonly<Record<string, (surefoot: Surefoot) => Promise<unknown>>> = {
  check: (surefoot) => surefoot.check(),
  status: (surefoot) => surefoot.status(),
  history: (surefoot) => surefoot.history(),
  plan: (surefoot) => surefoot.plan(),
  resume: (surefoot) => surefoot.resume(),
  downgrade: (surefoot) => surefoot.downgrade('-1'),
  upgrade: (surefoot) => surefoot.upgrade(),
};

/** Each call in turn: '' or a problem. A refusal has a code and a hint, and leaves all as it was. */
async function callAll(surefoot: Surefoot, connection: Connection, ends: Set<string>): Promise<string> {
  for (const [name, call] of Object.entries(calls)) {
    const before = await contents(connection);
    try {
      await call(surefoot);
    } catch (error) {
      if (!isSurefootError(error)) return `${name} crashed: ${error instanceof Error ? error.stack : error}`;
      if (error.hint === '') return `${name}: ${error.code} has no hint`;
      ends.add(error.code);
      const after = await contents(connection);
      if (after !== before) return `${name} refused (${error.code}), and wrote:\n${before}\n${after}`;
    }
  }
  return '';
}

async function proveOne(engine: Engine, { changes, upTo }: Case): Promise<Outcome> {
  using project = testProject(...revisions);
  const database = await freshDatabase(engine);
  try {
    const { url } = database;
    await project.surefoot({ url }).upgrade(upTo);
    const p = familyOf(engine) === 'postgres' ? (n: number) => `$${n}` : () => '?';
    return await withConnection(url, async (connection) => {
      for (const one of changes) {
        if (isOfFile(one)) applyToFile(join(project.folder, 'migrations'), one);
        else await applyToTables(one, connection, p);
      }
      const ends = new Set<string>();
      const problem = await callAll(project.surefoot({ url }), connection, ends);
      const end = ends.size === 0 ? 'nothing refused' : 'refused';
      return problem === '' ? { end } : { end: 'broken', problem: `${JSON.stringify(changes)}\n${problem}` };
    });
  } finally {
    await database.drop();
  }
}

interface Case {
  readonly changes: readonly Change[];
  readonly upTo: string;
}

/** `seed`: another draw. */
export async function proveFuzz(engine: Engine, { count = 300, seed = 1 } = {}): Promise<readonly Proof[]> {
  const cases = fc.sample(
    fc.record({
      changes: fc.array(arbitraryChange, { minLength: 1, maxLength: 3 }),
      upTo: fc.constantFrom('aaaa1111', 'bbbb2222', 'cccc3333'),
    }),
    { numRuns: count, seed },
  );
  const outcomes: Outcome[] = [];
  for (const one of cases) outcomes.push(await proveOne(engine, one));
  return [
    collect(
      'version table, journal and revision files at random: it works, or refuses and writes nothing',
      outcomes,
    ),
  ];
}
