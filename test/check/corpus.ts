// Schemas of real projects: loaded by the server's own client, described by a written revision, checked.
// In: a file, an engine. Out: CorpusResult. Must not know how it is shown.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { compareSchemas } from '../../src/diff/compare.ts';
import { diff } from '../../src/diff/diff.ts';
import { messageOf } from '../../src/kernel/errors.ts';
import { splitStatements } from '../../src/kernel/sql-text.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { displayPart, schemaParts } from '../../src/schema/parts.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { displayRef, emptySchema } from '../../src/schema/schema.ts';
import type { Bench } from '../matrix/bench.ts';
import { openBench } from '../matrix/bench.ts';
import type { Hand } from '../matrix/hand.ts';
import { openHand } from '../matrix/hand.ts';
import { picker } from '../matrix/random.ts';
import { clientTools, type Engine, isServerEngine } from '../servers/index.ts';
import type { TestProject } from '../support/revisions.ts';
import { alarms, changesSeen, checkAgainst, projectOf } from './no-false-alarm.ts';
import type { Change } from './three-changes.ts';
import { makeThreeChanges } from './three-changes.ts';

export interface CorpusResult {
  readonly name: string;
  readonly engine: Engine;
  /** Why the client could not load it; `null`: it did. */
  readonly loaded: string | null;
  readonly objects: number;
  /** What check found, and must not have. */
  readonly alarms: readonly string[];
  /** How the schema differs that the revision makes in an empty database. */
  readonly elsewhere: readonly string[];
  /** What it needs to be made there and no operation can express; `null`: nothing. */
  readonly needs: string | null;
  readonly notUnderstood: readonly string[];
  readonly done: readonly Change[];
  readonly seen: readonly Change[];
}

const run = promisify(execFile);

/** What the client says, its first line; `null`: it loaded the file. */
async function load(file: string, { engine, target }: Bench): Promise<string | null> {
  try {
    if (!isServerEngine(engine)) {
      if (target.connection instanceof DatabaseSync) target.connection.exec(await readFile(file, 'utf8'));
      return null;
    }
    const tools = await clientTools(engine);
    const url = new URL(target.url ?? '');
    const isPostgres = engine.startsWith('postgres');
    const [program = '', ...start] = tools.argv(
      isPostgres ? 'psql' : engine === 'mariadb' ? 'mariadb' : 'mysql',
    );
    const args = isPostgres
      ? ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', file, url.href]
      : [
          '--no-defaults',
          `--host=${url.hostname}`,
          `--port=${url.port}`,
          `--user=${url.username}`,
          '--protocol=tcp',
          '--default-character-set=utf8mb4',
          url.pathname.slice(1),
        ];
    const env = { ...process.env, MYSQL_PWD: decodeURIComponent(url.password) };
    const client = run(program, [...start, ...args], { env });
    client.child.stdin?.end(isPostgres ? '' : await readFile(file));
    await client;
    return null;
  } catch (error) {
    const text = String((error as { readonly stderr?: unknown }).stderr ?? '') || messageOf(error);
    return (text.split('\n').find((line) => /error/i.test(line)) ?? text)
      .replace(file, basename(file))
      .slice(0, 200);
  }
}

/** Extensions are the server's: a revision takes them for granted. */
async function copyExtensions(from: Bench, to: Bench): Promise<void> {
  if (!from.engine.startsWith('postgres')) return;
  const rows = await from.rows(
    `SELECT e.extname AS name, n.nspname AS home FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'`,
  );
  for (const { name, home } of rows) {
    await to.run(`CREATE SCHEMA IF NOT EXISTS "${String(home)}"`);
    await to.run(`CREATE EXTENSION IF NOT EXISTS "${String(name)}" SCHEMA "${String(home)}"`);
  }
}

const beyondOperations =
  /^\s*(?:--[^\n]*\s*)*create\s+(?:or\s+replace\s+)?(?:domain|aggregate|operator|collation|type\s+\S+\s+as\s+(?:range|\())/i;

/** What no operation can express is the user's to make, before the revisions that speak of it. */
async function makeTheRest(file: string, hand: Hand, to: Bench): Promise<void> {
  const statements = splitStatements(await readFile(file, 'utf8'), hand.dialect.syntax).map(({ sql }) => sql);
  const namespaces = statements.filter((sql) => /^\s*(?:--[^\n]*\s*)*create\s+schema/i.test(sql));
  for (const sql of [...namespaces, ...statements.filter((one) => beyondOperations.test(one))]) {
    // One may need what only the revision makes; the revision says so then.
    await to.run(sql).catch(() => undefined);
  }
}

/** How the schema differs that the revision makes; or what it needs that neither it nor the file alone can make. */
interface Elsewhere {
  readonly apart: readonly string[];
  readonly needs: string | null;
}

const beyond = (needs: string): Elsewhere => ({ apart: [], needs });

/** Made elsewhere by running the revision. */
async function differences(
  file: string,
  project: TestProject,
  { here, hand: source, live }: Loaded,
): Promise<Elsewhere> {
  const bench = await openBench(here.engine);
  try {
    await copyExtensions(here, bench);
    if (live.unsupported.length > 0) await makeTheRest(file, source, bench);
    const result = await createSurefoot({ ...bench.target, projectFolder: project.folder }).upgrade();
    if (result.failed) {
      const { message, sql } = result.failed;
      const missing = live.unsupported.find((one) => message.includes(displayRef(one)));
      return missing
        ? beyond(`${missing.kind} ${displayRef(missing)}`)
        : { apart: [`${message}: ${sql}`], needs: null };
    }
    const hand = await openHand(bench);
    try {
      const apart = compareSchemas(live, await hand.introspect());
      const words = apart.map(
        ({ kind, wanted, actual }) => `${kind} ${displayPart((wanted ?? actual) as never)}`,
      );
      return { apart: words, needs: null };
    } finally {
      await hand.close();
    }
  } catch (error) {
    return { apart: [messageOf(error)], needs: null };
  } finally {
    await bench.close();
  }
}

interface Loaded {
  readonly here: Bench;
  readonly hand: Hand;
  readonly live: Schema;
}

type Found = Omit<CorpusResult, 'name' | 'engine' | 'loaded'>;

async function prove(
  file: string,
  { bench, hand, seed }: { bench: Bench; hand: Hand; seed: number },
): Promise<Found> {
  const live = await hand.introspect();
  const { target } = bench;
  using project = projectOf(diff(emptySchema, live).operations);
  const report = await checkAgainst(project, target);
  const elsewhere = await differences(file, project, { here: bench, hand, live });
  const done = await makeThreeChanges(hand, { pick: picker(seed), written: live });
  return {
    objects: schemaParts(live).length,
    alarms: alarms(report).map(({ code, message, facts }) => `${code} ${message} ${JSON.stringify(facts)}`),
    elsewhere: elsewhere.apart,
    needs: elsewhere.needs,
    notUnderstood: live.unsupported.map((one) => `${one.kind} ${displayRef(one)}: ${one.reason}`),
    done,
    seen: await changesSeen(project, target, live),
  };
}

const nothing: Found = {
  objects: 0,
  alarms: [],
  elsewhere: [],
  needs: null,
  notUnderstood: [],
  done: [],
  seen: [],
};

/** Proves the law of no false alarm on one file. */
export async function proveFile(file: string, engine: Engine, seed: number): Promise<CorpusResult> {
  const named = { name: basename(file, '.sql'), engine };
  const bench = await openBench(engine);
  try {
    const loaded = await load(file, bench);
    if (loaded !== null) return { ...named, ...nothing, loaded };
    const hand = await openHand(bench);
    try {
      return { ...named, loaded, ...(await prove(file, { bench, hand, seed })) };
    } finally {
      await hand.close();
    }
  } catch (error) {
    return {
      ...named,
      ...nothing,
      loaded: null,
      alarms: [error instanceof Error ? String(error.stack) : String(error)],
    };
  } finally {
    await bench.close();
  }
}
