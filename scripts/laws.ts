// In: engines, how many pairs, a seed. Out: the laws of the diff on random pairs, with counts; written to docs/proof.md.
// Must not know: how a law is tried.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Failure, RoundTrips } from '../test/laws/round-trips/prove.ts';
import { proveRoundTrips } from '../test/laws/round-trips/prove.ts';
import { borrowServers, type Engine, parseEngines } from '../test/servers/index.ts';

const usual = 2000;
const usage = `Usage: npm run laws [-- [engine…] [--count N] [--seed N] [--minutes N] [--only N] [--no-shrink]]

Random pairs of schemas on real servers. The first is made by its operations, and read back: no difference. Then the
operations of the diff run: the second is read back; then their inverse: the first again.

  --count N     how many pairs on each engine (default ${usual})
  --seed N      another draw (default 1)
  --minutes N   no further pair is begun after so long
  --only N      one pair of the draw, by its number
  --no-shrink   what breaks a law is shown as it was drawn

Engines: sqlite, postgres18, mysql9, mariadb (default: these), postgres14, pglite. With the usual count, the figures of each
engine are written to docs/proof.md.`;

const page = join(import.meta.dirname, '../docs/proof.md');
const engines: readonly Engine[] = ['sqlite', 'postgres18', 'mysql9', 'mariadb'];
const order: readonly Engine[] = [...engines, 'postgres14', 'pglite'];

const countText = (ends: Readonly<Record<string, number>>): string =>
  Object.entries(ends)
    .sort(([, a], [, b]) => b - a)
    .map(([end, count]) => `${count} ${end}`)
    .join(', ');

function rowOf({ engine, seed, pairs, refused, ends, operations, failures }: RoundTrips): string {
  const tried = pairs - refused.length;
  return `| ${engine} | ${tried - failures.length} of ${tried} | ${countText(ends)} | ${operations} | ${refused.length} | ${seed} |`;
}

/** Replaces the engine's row between the marks, and leaves those of the others. */
async function write(result: RoundTrips): Promise<void> {
  const old = await readFile(page, 'utf8');
  const mark = /(<!-- laws -->\n)([\s\S]*?)(<!-- \/laws -->)/;
  const rows = new Map<string, string>();
  for (const row of (mark.exec(old)?.[2] ?? '').split('\n')) {
    const name = /^\| (\w+) \|/.exec(row)?.[1];
    if (name !== undefined && order.some((one) => one === name)) rows.set(name, row);
  }
  rows.set(result.engine, rowOf(result));
  const lines = order.flatMap((engine) => rows.get(engine) ?? []);
  const table = [
    '| engine | held | ended | operations | pairs that the server would not have | seed |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
  await writeFile(
    page,
    old.replace(mark, (_, open, __, close) => `${open}\n${table}\n\n${close}`),
  );
}

const indented = (text: string): string => text.replaceAll('\n', '\n      ');

function showFailure({ seed, at, broken, pair }: Failure): void {
  console.error(`\n--seed ${seed} --only ${at}: ${broken.law}`);
  for (const word of broken.words) console.error(`  = ${indented(word)}`);
  for (const sql of broken.statements) console.error(`  > ${indented(sql)}`);
  console.error(`  ${JSON.stringify(pair)}`);
}

function showRefusals({ refused }: RoundTrips): void {
  const reasons = Object.groupBy(refused, (reason) =>
    reason.replaceAll(/["'`“][^"'`”]*["'`”]|\d+/g, '…').slice(0, 110),
  );
  for (const [reason, all = []] of Object.entries(reasons))
    console.log(`    ${all.length} refused: ${all[0]?.slice(0, 200) ?? reason}`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      count: { type: 'string', default: String(usual) },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      minutes: { type: 'string' },
      shrink: { type: 'boolean', default: true },
      help: { type: 'boolean' },
    },
    allowNegative: true,
    allowPositionals: true,
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const chosen = positionals.length === 0 ? engines : (parseEngines(positionals) as readonly Engine[]);
  const count = Number(values.count);
  const borrowed = await borrowServers(chosen);
  let broken = 0;
  try {
    for (const engine of chosen) {
      const only = values.only === undefined ? {} : { only: Number(values.only) };
      const limit = values.minutes === undefined ? {} : { minutes: Number(values.minutes) };
      const draw = {
        count,
        seed: Number(values.seed),
        shrink: values.shrink,
        onFailure: showFailure,
        onTried: (tried: number) => {
          if (tried % 100 === 0) console.error(`${engine}: ${tried} of ${count}`);
        },
        ...limit,
      };
      const started = performance.now();
      const result = await proveRoundTrips(engine, { ...draw, ...only });
      console.log(`${rowOf(result)} ${Math.round((performance.now() - started) / 1000)} s`);
      showRefusals(result);
      broken += result.failures.length;
      if (count === usual && values.only === undefined) await write(result);
    }
  } finally {
    await borrowed.release();
  }
  return broken === 0 ? 0 : 1;
}

process.exitCode = await main();
