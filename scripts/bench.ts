// In: names of rows (default: all). Out: each of them measured beside its floor; written to docs/bench.md.
// Must not know: what a row does.

import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Standing } from '../bench/contest.ts';
import { openGround } from '../bench/ground.ts';
import type { Row } from '../bench/row.ts';
import { crowdRows } from '../bench/rows/crowd.ts';
import { deployRows } from '../bench/rows/deploy.ts';
import { graphRows } from '../bench/rows/graph.ts';
import { upToDateRows } from '../bench/rows/up-to-date.ts';
import { wideRows } from '../bench/rows/wide.ts';
import { build } from './build.ts';
import { program } from './program.ts';

const rows: readonly Row[] = [...upToDateRows, ...deployRows, ...wideRows, ...graphRows, ...crowdRows];

const usage = `Usage: npm run bench [-- [row…] [--rounds N] [--no-peers] [--keep] [--no-build]]

${rows.map(({ name, work }) => `  ${name.padEnd(18)} ${work}`).join('\n')}

  report             the pages of large reports in a browser: how large, how quick (docs/report.md)

A name may be the beginning of several. --rounds N runs each contender N times; --no-peers leaves the other tools out;
--keep does not write docs/bench.md; --no-build measures dist/ as it is.`;

const root = join(import.meta.dirname, '..');
const page = join(root, 'docs/bench.md');

const ms = (value: number | null): string =>
  value === null || Number.isNaN(value)
    ? '–'
    : value >= 10_000
      ? `${(value / 1000).toFixed(1)} s`
      : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const times = (value: number | null): string =>
  value === null || Number.isNaN(value) ? '' : `${value.toFixed(value < 10 ? 2 : 0)} ×`;
const mb = (value: number | null): string =>
  value === null ? '–' : `${value.toFixed(value < 10 ? 1 : 0)} MB`;

function lineOf(row: Row, standing: Standing): string {
  const { name, isFloor, wallMs, cpuMs, peakMb, ratio, problem } = standing;
  const first = isFloor ? `floor: ${name}` : name;
  const cells =
    problem === undefined
      ? [ms(wallMs), times(ratio), ms(cpuMs), mb(peakMb)]
      : [`gave up: ${problem}`, '', '', ''];
  return `| ${[row.work, first, ...cells, name === 'Surefoot' ? row.aim : ''].join(' | ')} |`;
}

const heading = [
  '| work | who | time | against the floor | CPU | peak memory | aim |',
  '| --- | --- | ---: | ---: | ---: | ---: | --- |',
];

/** The machine, as it says itself. */
function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${first?.model.trim()}, ${cpus().length} cores, ${memory} GB, Node ${process.versions.node}, ${process.platform}`;
}

const isOwn = ({ name, isFloor }: Standing) => isFloor || name.startsWith('Surefoot');

/** The page with these lines between the marks of a table, in the order of the rows; those of the same work give way. */
function withLines(text: string, mark: string, row: Row, standings: readonly Standing[]): string {
  const section = new RegExp(`(<!-- ${mark} -->\\n)([\\s\\S]*?)(<!-- /${mark} -->)`);
  const there = (section.exec(text)?.[2] ?? '').split('\n').filter((line) => /^\| (?!work|---)/.test(line));
  const workOf = (line: string) => line.split(' | ')[0]?.slice(2);
  const lines = [
    ...there.filter((line) => workOf(line) !== row.work),
    ...standings.map((one) => lineOf(row, one)),
  ];
  const sorted = rows.flatMap(({ work }) => lines.filter((line) => workOf(line) === work));
  const table = [`Measured on: ${machine()}.`, '', ...heading, ...sorted].join('\n');
  return text.replace(section, (_, open, __, close) => `${open}\n${table}\n\n${close}`);
}

/** Surefoot and its floors stand in one table; runs with other tools in another, whole, since only a run compares. */
async function write(row: Row, standings: readonly Standing[]): Promise<void> {
  const old = await readFile(page, 'utf8');
  const own = withLines(old, 'bench', row, standings.filter(isOwn));
  const all = standings.every(isOwn) ? own : withLines(own, 'bench with others', row, standings);
  await writeFile(page, all);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      rounds: { type: 'string' },
      peers: { type: 'boolean', default: true },
      keep: { type: 'boolean', default: false },
      build: { type: 'boolean', default: true },
      help: { type: 'boolean' },
    },
    allowNegative: true,
    allowPositionals: true,
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const isNamed = ({ name }: Row, word: string) =>
    rows.some((row) => row.name === word) ? name === word : name.startsWith(word);
  const chosen = rows.filter(
    (row) => positionals.length === 0 || positionals.some((word) => isNamed(row, word)),
  );
  const hasReport = positionals.length === 0 || positionals.includes('report');
  if (chosen.length === 0 && !hasReport) {
    console.error(usage);
    return 64;
  }
  const pages = async () => (hasReport ? await program('node', ['test/pages/measure.ts'], root) : 0);
  if (chosen.length === 0) return await pages();
  if (values.build && (await build()) !== 0) return 1;
  console.log(machine());
  const ground = await openGround();
  try {
    for (const row of chosen) {
      const rounds = values.rounds === undefined ? row.rounds : Number(values.rounds);
      const standings = await row.measure(ground, { rounds, peers: values.peers });
      for (const standing of standings) console.log(lineOf(row, standing));
      if (!values.keep) await write(row, standings);
    }
  } finally {
    await ground.close();
  }
  return await pages();
}

process.exitCode = await main();
