// Version table, journal and revision files that a hand, another tool or a broken disk has been in. In: an engine, how
// many. Out: a proof: whatever is there, it works or is refused with a code and a hint, and a refusal writes nothing.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Connection, SqlValue } from '../../src/dialect/connection.ts';
import { isSurefootError } from '../../src/kernel/errors.ts';
import type { Surefoot } from '../../src/library/api.ts';
import type { Proof } from '../matrix/proof.ts';
import type { Engine } from '../servers/index.ts';
import { freshDatabase } from '../servers/index.ts';
import type { RevisionText } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { familyOf } from './chain.ts';
import type { Outcome } from './proof.ts';
import { collect } from './proof.ts';
import { withConnection } from './state.ts';

const revisions: readonly RevisionText[] = [
  { id: 'aaaa1111', up: `op.createTable('item', { id: t.integer().primaryKey(), n: t.integer() });` },
  { id: 'bbbb2222', up: `op.addColumn('item', 'm', t.integer().nullable());` },
  { id: 'cccc3333', up: `op.insertRows('item', [{ id: 1, n: 1, m: 1 }]);` },
];

type Change =
  | { readonly kind: 'version'; readonly rows: readonly string[] }
  | { readonly kind: 'entry'; readonly column: string; readonly value: SqlValue; readonly nth: number }
  | { readonly kind: 'delete'; readonly nth: number }
  | {
      readonly kind: 'insert';
      readonly event: string;
      readonly revision: string | null;
      readonly data: string;
    }
  | { readonly kind: 'file'; readonly nth: number; readonly at: number; readonly text: string };

const id = fc.oneof(
  fc.constantFrom('aaaa1111', 'bbbb2222', 'cccc3333', 'heads', '__proto__', '', "'; --", 'é'),
  fc.string({ maxLength: 40 }).map((text) => text.replaceAll('\0', '')),
);
const json = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.constantFrom('null', '[]', '{', '{"heads":7}', '{"heads":[null]}', '{"operations":{"upgrade":[{}]}}'),
  fc.constantFrom('{"checksums":4}', '{"operations":4}', '{"carries":"x","identity":[]}', '{"applied":{}}'),
);
const nth = fc.nat({ max: 8 });
const event = fc.constantFrom(
  'started',
  'finished',
  'failed',
  'moved',
  'stamped',
  'adopted',
  'verified',
  'odd',
);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('version' as const), rows: fc.uniqueArray(id, { maxLength: 3 }) }),
  fc.record({
    kind: fc.constant('entry' as const),
    column: fc.constantFrom('event', 'revision', 'direction', 'statement', 'data'),
    value: fc.oneof(json, event, fc.integer({ min: -5, max: 5 }), fc.constant(null)),
    nth,
  }),
  fc.record({ kind: fc.constant('delete' as const), nth }),
  fc.record({ kind: fc.constant('insert' as const), event, revision: fc.option(id), data: json }),
  fc.record({
    kind: fc.constant('file' as const),
    nth: fc.nat({ max: 2 }),
    at: fc.nat({ max: 600 }),
    text: fc.oneof(
      fc.constantFrom('', '{', '/*', '`', "'", 'id: 7,', '\uFEFF'),
      fc.string({ maxLength: 12 }),
    ),
  }),
);

async function nthEntry(connection: Connection, position: number): Promise<number> {
  const { rows } = await connection.query('SELECT id FROM surefoot_journal ORDER BY id');
  return Number(rows[position % Math.max(1, rows.length)]?.['id'] ?? 0);
}

/** Changes one thing; what the server itself does not let in changes nothing. */
async function apply(
  one: Exclude<Change, { kind: 'file' }>,
  connection: Connection,
  p: (n: number) => string,
) {
  const run = async (sql: string, values: readonly SqlValue[] = []): Promise<void> => {
    await connection.query(sql, values).catch(() => undefined);
  };
  if (one.kind === 'version') {
    await run('DELETE FROM surefoot_version');
    for (const row of one.rows) await run(`INSERT INTO surefoot_version VALUES (${p(1)})`, [row]);
  } else if (one.kind === 'entry') {
    const at = await nthEntry(connection, one.nth);
    const value = one.column === 'statement' && typeof one.value === 'string' ? 3 : one.value;
    const text = typeof value === 'number' && one.column !== 'statement' ? String(value) : value;
    await run(`UPDATE surefoot_journal SET ${one.column} = ${p(1)} WHERE id = ${at}`, [text]);
  } else if (one.kind === 'delete') {
    await run(`DELETE FROM surefoot_journal WHERE id = ${await nthEntry(connection, one.nth)}`);
  } else {
    const columns = 'version_table, run, at, event, revision, direction, statement, token, data';
    const values = ['surefoot_version', 'r', 1, one.event, one.revision, 'upgrade', 0, 't', one.data];
    const places = values.map((_, i) => p(i + 1)).join(', ');
    await run(`INSERT INTO surefoot_journal (${columns}) VALUES (${places})`, values);
  }
}

function applyToFile(folder: string, { nth: which, at, text }: Extract<Change, { kind: 'file' }>): void {
  const names = readdirSync(folder).sort();
  const file = join(folder, names[which % names.length] ?? '');
  const old = readFileSync(file, 'utf8');
  writeFileSync(file, old.slice(0, at) + text + old.slice(at + text.length));
}

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
        if (one.kind === 'file') applyToFile(join(project.folder, 'migrations'), one);
        else await apply(one, connection, p);
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
      changes: fc.array(change, { minLength: 1, maxLength: 3 }),
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
