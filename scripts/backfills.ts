// In: engines, how many rows, how many kills. Out: a backfill under traffic on each, killed, beside one UPDATE; written to
// docs/proof.md. Must not know: how either is done.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { proveLag } from '../test/backfills/lag.ts';
import type { BackfillProof, Filled } from '../test/backfills/proof.ts';
import { proveBackfill } from '../test/backfills/proof.ts';
import { borrowServers, type Engine, parseEngines } from '../test/servers/index.ts';

const usage = `Usage: npm run backfills [-- [lag] [engine…] [--rows N] [--kills N]]

A column of a table in use is filled by op.backfill, its runner killed again and again; then, in a fresh table, by one UPDATE.
Every row is looked at, every update of the application is counted, and its longest wait is measured.

  lag         instead: replicas that fall behind, or are killed, while a backfill is at work

  --rows N    rows of the table (default 2000000)
  --kills N   SIGKILLs (default 10)

Engines: postgres18, mariadb (default: these), postgres14, mysql9. The figures are written to docs/proof.md.`;

const page = join(import.meta.dirname, '../docs/proof.md');
const order: readonly Engine[] = ['postgres18', 'postgres14', 'mysql9', 'mariadb'];
const number = (value: number): string => Math.round(value).toLocaleString('en-GB').replaceAll(',', ' ');

function cells(rows: number, { ms, setbacks, seen, problems }: Filled): readonly string[] {
  const right = problems.length === 0 ? `all ${number(rows + seen.inserts)}` : problems.join('; ');
  return [
    setbacks === 0 ? '' : `${setbacks} times`,
    right,
    `${number(ms / 1000)} s`,
    number(seen.queries),
    `${number(seen.longestMs)} ms`,
  ];
}

function rowsOf(engine: Engine, { rows, batches, atOnce }: BackfillProof): readonly string[] {
  return [['batches', batches] as const, ['one UPDATE', atOnce] as const].map(
    ([way, filled]) => `| ${[engine, number(rows), way, ...cells(rows, filled)].join(' | ')} |`,
  );
}

/** Replaces the engine's rows between the marks, and leaves those of the others. */
async function write(engine: Engine, rows: readonly string[]): Promise<void> {
  const old = await readFile(page, 'utf8');
  const mark = /(<!-- backfills -->\n)([\s\S]*?)(<!-- \/backfills -->)/;
  const there = (mark.exec(old)?.[2] ?? '').split('\n').filter((line) => /^\| \w+\d* \| \d/.test(line));
  const all = [...there.filter((line) => !line.startsWith(`| ${engine} |`)), ...rows];
  const sorted = order.flatMap((one) => all.filter((line) => line.startsWith(`| ${one} |`)));
  const head = [
    '| engine | rows | way | killed, or given up by the server | rows right at the end | time | queries of the application | its longest wait |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  const text = [...head, ...sorted].join('\n');
  await writeFile(
    page,
    old.replace(mark, (_, open, __, close) => `${open}\n${text}\n\n${close}`),
  );
}

/** Replaces what stands between two marks of the page. */
async function fill(mark: string, lines: readonly string[]): Promise<void> {
  const old = await readFile(page, 'utf8');
  const place = new RegExp(`(<!-- ${mark} -->\\n)[\\s\\S]*?(<!-- /${mark} -->)`);
  await writeFile(
    page,
    old.replace(place, (_, open, close) => `${open}\n${lines.join('\n')}\n\n${close}`),
  );
}

const lagCases = [
  ['postgres18', 'seen', 'held'],
  ['postgres18', 'named', 'killed'],
  ['postgres18', 'named', 'frozen'],
  ['postgres14', 'seen', 'held'],
  ['mysql9', 'named', 'held'],
  ['mysql9', 'named', 'killed'],
  ['mariadb', 'named', 'held'],
  ['mariadb', 'named', 'killed'],
  ['mariadb', 'named', 'frozen'],
] as const;

const lagWords = {
  seen: 'the server tells of it',
  named: 'named in the config',
  held: 'it receives, and does not replay',
  killed: 'killed, and up again',
  frozen: 'frozen, and awake again',
} as const;

async function lag(engines: readonly string[]): Promise<number> {
  const rows: string[] = [];
  let broken = 0;
  for (const [engine, known, trouble] of lagCases) {
    if (engines.length > 0 && !engines.includes(engine)) continue;
    const { waitedMs, said, meanwhile, problems } = await proveLag(engine, { known, trouble });
    const shown = said.replace(/^.*?waits[^:]*: /, '').replace(/:\d+\//, ':…/');
    const right = problems.length === 0 ? 'all' : problems.join('; ');
    const cells = [
      engine,
      lagWords[known],
      lagWords[trouble],
      shown,
      meanwhile,
      `${number(waitedMs / 1000)} s`,
      right,
    ];
    rows.push(`| ${cells.join(' | ')} |`);
    console.log(rows.at(-1));
    if (problems.length > 0 || meanwhile > 0) broken += 1;
  }
  const head =
    '| engine | the replica | what becomes of it | what is shown | rows written while it waits | from there to the end | rows right on both |\n| --- | --- | --- | --- | --- | --- | --- |';
  if (engines.length === 0) await fill('lag', [head, ...rows]);
  return broken === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { rows: { type: 'string' }, kills: { type: 'string' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals[0] === 'lag') return await lag(positionals.slice(1));
  const asked = { rows: Number(values.rows ?? 2_000_000), kills: Number(values.kills ?? 10) };
  const engines = (
    positionals.length === 0 ? ['postgres18', 'mariadb'] : parseEngines(positionals)
  ) as Engine[];
  const borrowed = await borrowServers(engines);
  let broken = 0;
  try {
    for (const engine of engines) {
      const proof = await proveBackfill(engine, asked);
      const rows = rowsOf(engine, proof);
      console.log(rows.join('\n'));
      // That one statement gets nowhere is news, but no fault of ours.
      broken += proof.batches.problems.length;
      await write(engine, rows);
    }
  } finally {
    await borrowed.release();
  }
  return broken === 0 ? 0 : 1;
}

process.exitCode = await main();
