// In: engines, how many revisions, a seed. Out: a long history rehearsed on each, with its time; written to docs/proof.md.
// Must not know: what a rehearsal tries.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Rehearsal } from '../src/rehearsal/rehearsal.ts';
import { longHistory } from '../test/rehearsal/history.ts';
import { borrowServers, type Engine, freshDatabase, parseEngines } from '../test/servers/index.ts';
import { testProject } from '../test/support/revisions.ts';

const usual = 200;
const usage = `Usage: npm run rehearsals [-- [engine…] [--count N] [--seed N]]

A generated history with branches and merges, rehearsed: every revision up, down and up, on its own result, cut off at every
boundary, with rows.

  --count N   at least so many revisions (default ${usual})
  --seed N    another history (default 1)

Engines: sqlite, postgres18, mysql9, mariadb (default: these), postgres14, pglite. With the usual count, the figures of each
engine are written to docs/proof.md.`;

const page = join(import.meta.dirname, '../docs/proof.md');
const engines: readonly Engine[] = ['sqlite', 'postgres18', 'mysql9', 'mariadb'];
const order: readonly Engine[] = [...engines, 'postgres14', 'pglite'];

function rowOf(engine: Engine, { revisions, results, ms }: Rehearsal): string {
  const count = (status: string) => results.filter((one) => one.status === status).length;
  const cells = [engine, revisions.length, results.length, count('failed'), count('warning')];
  return `| ${cells.join(' | ')} | ${Math.round(ms / 1000)} s |`;
}

/** Replaces the engine's row between the marks, and leaves those of the others. */
async function write(engine: Engine, row: string): Promise<void> {
  const old = await readFile(page, 'utf8');
  const mark = /(<!-- rehearsals -->\n)([\s\S]*?)(<!-- \/rehearsals -->)/;
  const rows = new Map<string, string>([[engine, row]]);
  for (const line of (mark.exec(old)?.[2] ?? '').split('\n')) {
    const name = /^\| (\w+) \|/.exec(line)?.[1];
    if (name !== undefined && name !== engine && order.some((one) => one === name)) rows.set(name, line);
  }
  const head =
    '| engine | revisions | tests | failed | warnings | time |\n| --- | --- | --- | --- | --- | --- |';
  const table = [head, ...order.flatMap((one) => rows.get(one) ?? [])].join('\n');
  await writeFile(
    page,
    old.replace(mark, (_, open, __, close) => `${open}\n${table}\n\n${close}`),
  );
}

async function rehearseOn(engine: Engine, count: number, seed: number): Promise<Rehearsal> {
  using project = testProject(...longHistory(count, seed));
  const database = await freshDatabase(engine);
  try {
    return await project.surefoot({ url: database.url }).rehearse();
  } finally {
    await database.drop();
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      count: { type: 'string', default: String(usual) },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const chosen = positionals.length === 0 ? engines : (parseEngines(positionals) as readonly Engine[]);
  const borrowed = await borrowServers(chosen);
  let failed = 0;
  try {
    for (const engine of chosen) {
      const rehearsal = await rehearseOn(engine, Number(values.count), Number(values.seed));
      const row = rowOf(engine, rehearsal);
      console.log(row);
      for (const { test, revision, status, detail, facts } of rehearsal.results)
        if (status === 'failed') console.error(`  ${revision ?? ''} ${test}: ${detail} ${facts.join(' | ')}`);
      failed += rehearsal.results.filter(({ status }) => status === 'failed').length;
      if (Number(values.count) === usual) await write(engine, row);
    }
  } finally {
    await borrowed.release();
  }
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
