// What a hand, another tool or a broken disk does to a version table, a journal and revision files.
// In: nothing; a database or a folder. Out: changes at random; the place, changed. Must not know what is called afterwards.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection, SqlValue } from '../../src/dialect/connection.ts';
import { fc } from '../support/laws.ts';
import { arbitraryBend, arbitraryBody, type Bend, bent } from './bend.ts';

export type Change =
  | { readonly kind: 'version'; readonly rows: readonly string[] }
  | { readonly kind: 'entry'; readonly column: string; readonly value: SqlValue; readonly nth: number }
  | { readonly kind: 'bend'; readonly nth: number; readonly bend: Bend }
  | { readonly kind: 'delete'; readonly nth: number }
  | {
      readonly kind: 'insert';
      readonly event: string;
      readonly revision: string | null;
      readonly data: string;
    }
  | FileChange;
type FileChange =
  | { readonly kind: 'file'; readonly nth: number; readonly at: number; readonly text: string }
  | { readonly kind: 'gone'; readonly nth: number }
  | { readonly kind: 'body'; readonly nth: number; readonly body: string };

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

export const arbitraryChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('version' as const), rows: fc.uniqueArray(id, { maxLength: 3 }) }),
  fc.record({
    kind: fc.constant('entry' as const),
    column: fc.constantFrom('event', 'revision', 'direction', 'statement', 'data'),
    value: fc.oneof(json, event, fc.integer({ min: -5, max: 5 }), fc.constant(null)),
    nth,
  }),
  fc.record({ kind: fc.constant('bend' as const), nth, bend: arbitraryBend }),
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
  fc.record({ kind: fc.constant('gone' as const), nth: fc.nat({ max: 2 }) }),
  fc.record({ kind: fc.constant('body' as const), nth: fc.nat({ max: 2 }), body: arbitraryBody }),
);

export const isOfFile = (one: Change): one is FileChange =>
  one.kind === 'file' || one.kind === 'gone' || one.kind === 'body';

async function nthEntry(connection: Connection, position: number): Promise<number> {
  const { rows } = await connection.query('SELECT id FROM surefoot_journal ORDER BY id');
  return Number(rows[position % Math.max(1, rows.length)]?.['id'] ?? 0);
}

/** Changes one thing; what the server itself does not let in changes nothing. */
export async function applyToTables(
  one: Exclude<Change, FileChange>,
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
  } else if (one.kind === 'bend') {
    const at = await nthEntry(connection, one.nth);
    const { rows } = await connection.query(`SELECT data FROM surefoot_journal WHERE id = ${at}`);
    const data = String(rows[0]?.['data'] ?? '{}');
    await run(`UPDATE surefoot_journal SET data = ${p(1)} WHERE id = ${at}`, [bent(data, one.bend)]);
  } else if (one.kind === 'delete') {
    await run(`DELETE FROM surefoot_journal WHERE id = ${await nthEntry(connection, one.nth)}`);
  } else {
    const columns = 'version_table, run, at, event, revision, direction, statement, token, data';
    const values = ['surefoot_version', 'r', 1, one.event, one.revision, 'upgrade', 0, 't', one.data];
    const places = values.map((_, i) => p(i + 1)).join(', ');
    await run(`INSERT INTO surefoot_journal (${columns}) VALUES (${places})`, values);
  }
}

export function applyToFile(folder: string, one: FileChange): void {
  const names = readdirSync(folder).sort();
  const name = names[one.nth % names.length];
  if (name === undefined) return;
  const file = join(folder, name);
  if (one.kind === 'gone') {
    rmSync(file);
    return;
  }
  const old = readFileSync(file, 'utf8');
  const body = /(?<=upgrade\(.*\{\n)[\s\S]*?(?=\n {2}\},)/;
  if (one.kind === 'body')
    writeFileSync(
      file,
      old.replace(body, () => one.body),
    );
  else writeFileSync(file, old.slice(0, one.at) + one.text + old.slice(one.at + one.text.length));
}
