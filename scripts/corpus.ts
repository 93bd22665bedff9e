// In: DIR, engines. Out: for each schema DIR/<dialect>/*.sql what check says of it, as a table; exit code 1 where it says anything
// that it must not. Must not know: how that is found out.

import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { CorpusResult } from '../test/check/corpus.ts';
import { proveFile } from '../test/check/corpus.ts';
import { borrowServers, type Engine, parseEngines } from '../test/servers/index.ts';

const usage = `Usage: npm run corpus -- DIR [engine…] [--seed N]

Loads each schema DIR/<sqlite, postgres, mysql>/*.sql with the server's own client, writes the revision that says it, and
checks one against the other: nothing may be found. Then the revision makes the schema elsewhere, and one object is removed,
one added, one changed by hand: check has to name exactly these.

Engines: sqlite, postgres18, postgres14, mysql9, mariadb (default: all; on the older and the related server what it can load).`;

interface Place {
  readonly folder: string;
  readonly engines: readonly Engine[];
}

const places: readonly Place[] = [
  { folder: 'sqlite', engines: ['sqlite'] },
  { folder: 'postgres', engines: ['postgres18', 'postgres14'] },
  { folder: 'mysql', engines: ['mysql9', 'mariadb'] },
];
/** The corpus was made for the newest servers; these load what they can. */
const lenient: ReadonlySet<Engine> = new Set(['postgres14', 'mariadb']);

/** A dialect of which there is no folder has no files. */
function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => join(folder, file));
}

function row(result: CorpusResult): readonly string[] {
  const { name, engine, objects, loaded, alarms, elsewhere, needs, notUnderstood, done, seen } = result;
  if (loaded !== null) return [name, engine, '-', '-', '-', '-', '-', `not loaded: ${loaded}`];
  const found = done.filter((one) => seen.includes(one)).length;
  const beside = seen.length - found;
  return [
    name,
    engine,
    String(objects),
    String(alarms.length),
    needs !== null ? `needs ${needs}` : elsewhere.length === 0 ? 'same' : `${elsewhere.length} differ`,
    String(notUnderstood.length),
    `${found} of ${done.length}${beside === 0 ? '' : `, and ${beside} more`}`,
    '',
  ];
}

const heads = [
  'file',
  'engine',
  'objects',
  'findings',
  'made by its revision',
  'not understood',
  'changes found',
  '',
];

function print(rows: readonly (readonly string[])[]): void {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((one) => one[i]?.length ?? 0)));
  for (const one of [heads, ...rows])
    console.log(
      one
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

const isBroken = ({ engine, loaded, alarms, elsewhere, done, seen }: CorpusResult): boolean =>
  loaded !== null
    ? !lenient.has(engine)
    : alarms.length > 0 || elsewhere.length > 0 || JSON.stringify(done) !== JSON.stringify(seen);

function explain({ name, engine, alarms, elsewhere, notUnderstood, done, seen }: CorpusResult): void {
  const say = (what: string, list: readonly string[]) => {
    for (const one of list) console.error(`${name} on ${engine}: ${what}: ${one}`);
  };
  say('found', alarms);
  say('made by its revision', elsewhere);
  say('not understood', notUnderstood);
  if (JSON.stringify(done) === JSON.stringify(seen)) return;
  say('done', done);
  say('seen', seen);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { seed: { type: 'string', default: '1' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [dir, ...names] = positionals;
  if (values.help || dir === undefined) {
    console.log(usage);
    return values.help ? 0 : 64;
  }
  const chosen = names.length === 0 ? places.flatMap(({ engines }) => engines) : parseEngines(names);
  const todo = places.flatMap(({ folder, engines }) =>
    engines
      .filter((engine) => chosen.includes(engine))
      .flatMap((engine) => filesIn(join(resolve(dir), folder)).map((file) => ({ engine, file }))),
  );
  if (todo.length === 0) {
    console.error(
      `No schemas in ${dir}: looked for ${places.map(({ folder }) => `${folder}/*.sql`).join(', ')}.`,
    );
    return 64;
  }
  // Only the servers that some file is for.
  const borrowed = await borrowServers([...new Set(todo.map(({ engine }) => engine))]);
  const results: CorpusResult[] = [];
  try {
    for (const { engine, file } of todo) results.push(await proveFile(file, engine, Number(values.seed)));
  } finally {
    await borrowed.release();
  }
  for (const result of results) explain(result);
  print(results.map(row));
  return results.some(isBroken) ? 1 : 0;
}

process.exitCode = await main();
