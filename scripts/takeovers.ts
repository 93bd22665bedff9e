// In: engines. Out: every written Alembic history, run by Alembic and by Surefoot, compared; counts in docs/proof.md.
// Must not know: how an import translates.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { borrowServers, type Engine, parseEngines } from '../test/servers/index.ts';
import { type Comparison, compareHistory, graphDifferences } from '../test/takeover/alembic/compare.ts';
import { type WrittenHistory, writtenHistories } from '../test/takeover/alembic/histories.ts';

const usage = `Usage: npm run takeovers [-- [engine…] [--history NAME]]

Alembic itself (Debian's, with a Python of its own) goes through each written history, revision by revision; Surefoot imports
the same files and does the same in another database. After every step both catalogues are compared, and at the end Surefoot
checks the database that Alembic made.

Engines: sqlite, postgres18, mariadb (default: all three). Without --history the counts are written to docs/proof.md.`;

const page = join(import.meta.dirname, '../docs/proof.md');
const engines: readonly Engine[] = ['sqlite', 'postgres18', 'mariadb'];

interface Row {
  readonly history: WrittenHistory;
  readonly engine: Engine;
  readonly comparison: Comparison;
  readonly seconds: number;
}

const faultsOf = ({ comparison }: Row): readonly string[] => [
  ...comparison.differences,
  ...comparison.adopted,
  ...graphDifferences(comparison),
];

function rowText(row: Row): string {
  const { history, engine, comparison } = row;
  const { totals } = comparison.report;
  const graph = graphDifferences(comparison).length === 0 ? 'equal' : 'differs';
  const cells = [
    history.name,
    engine,
    totals.revisions,
    `${totals.full}`,
    graph,
    `${comparison.compared} up, ${comparison.back} back`,
    comparison.differences.length,
    comparison.adopted.length,
  ];
  return `| ${cells.join(' | ')} |`;
}

const head = [
  '| history | engine | revisions | translated fully | graph | schemas compared | differ | found wrong with what Alembic made |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
];

/** Revisions of all histories, each counted once: as its first engine translates it. */
function summary(rows: readonly Row[]): string {
  const once = [...Map.groupBy(rows, ({ history }) => history.name).values()].flatMap(
    ([first]) => first ?? [],
  );
  const sum = (of: (row: Row) => number) => once.reduce((total, row) => total + of(row), 0);
  const [revisions, full] = [
    sum((row) => row.comparison.report.totals.revisions),
    sum((row) => row.comparison.report.totals.full),
  ];
  return `${full} of ${revisions} revisions translated fully (${((100 * full) / revisions).toFixed(1)} %).`;
}

/** What is left of the others, with file and line. */
function remainders(rows: readonly Row[]): readonly string[] {
  const found = rows.flatMap(({ history, comparison }) =>
    comparison.report.revisions
      .filter(({ status }) => status !== 'full')
      .flatMap(({ file, remainders: left }) =>
        left.map(({ line, reason }) => `- \`${history.name}/${file}:${line}\`: ${reason}`),
      ),
  );
  return [...new Set(found)];
}

async function write(rows: readonly Row[]): Promise<void> {
  const old = await readFile(page, 'utf8');
  const left = remainders(rows);
  const text = [
    summary(rows),
    '',
    ...head,
    ...rows.map(rowText),
    ...(left.length === 0 ? [] : ['', 'What is left:', '', ...left]),
  ].join('\n');
  const mark = /(<!-- takeovers -->\n)[\s\S]*?(<!-- \/takeovers -->)/;
  await writeFile(
    page,
    old.replace(mark, (_, open: string, close: string) => `${open}\n${text}\n\n${close}`),
  );
}

async function compared(history: WrittenHistory, engine: Engine): Promise<Row> {
  const from = performance.now();
  const choices = { engine, back: true, windows: history.windows ?? false };
  const comparison = await compareHistory(history.folder, choices);
  return { history, engine, comparison, seconds: (performance.now() - from) / 1000 };
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { history: { type: 'string' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const chosen = positionals.length === 0 ? engines : (parseEngines(positionals) as readonly Engine[]);
  const histories = writtenHistories.filter(({ name }) => (values.history ?? name) === name);
  const borrowed = await borrowServers(chosen);
  const rows: Row[] = [];
  try {
    for (const history of histories) {
      for (const engine of chosen.filter((one) => history.engines.includes(one))) {
        const row = await compared(history, engine);
        rows.push(row);
        console.log(`${rowText(row)} ${row.seconds.toFixed(0)} s`);
        for (const fault of faultsOf(row)) console.log(fault);
      }
    }
  } finally {
    await borrowed.release();
  }
  console.log(summary(rows));
  if (values.history === undefined && positionals.length === 0) await write(rows);
  return rows.some((row) => faultsOf(row).length > 0) ? 1 : 0;
}

process.exit(await main());
