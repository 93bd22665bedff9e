// In: engines; --todobox, --chains, --random (default: all three), --seed. Out: every claim proven on them, with counts; written to docs/proof.md.
// Must not know: how a claim is proven.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { proveChains } from '../test/matrix/chains.ts';
import type { Proof } from '../test/matrix/proof.ts';
import { proveRandomSchemas } from '../test/matrix/random-schemas.ts';
import { proveTodobox } from '../test/matrix/todobox.ts';
import { borrowServers, type Engine, parseEngines } from '../test/servers/index.ts';

const usage = `Usage: npm run matrix [-- [engine…] [--todobox] [--chains] [--random] [--count N] [--seed N] [--only N]]

  --todobox   every state of the todobox: repair, and upgrade alone
  --chains    random chains of revisions, random drift, random recorded revisions
  --random    random schemas: check finds nothing, and then exactly what was changed
  --count N   how many chains, and how many schemas (default 200 and 1000)
  --seed N    another draw (default 1)
  --only N    of chains and schemas, this one: as problems name them

Engines: sqlite, postgres18, mysql9, mariadb (default: these). What was proven without --count and --only is written to docs/proof.md,
each engine in its row, so that they may be run one by one.`;

const usual: readonly Engine[] = ['sqlite', 'postgres18', 'mysql9', 'mariadb'];
const page = join(import.meta.dirname, '../docs/proof.md');

interface Section {
  readonly name: 'todobox' | 'chains' | 'random';
  prove(
    engine: Engine,
    draw: { readonly count: number | undefined; readonly seed: number; readonly only: number | undefined },
  ): Promise<readonly Proof[]>;
}

const sections: readonly Section[] = [
  { name: 'todobox', prove: (engine) => proveTodobox(engine) },
  { name: 'chains', prove: (engine, { count = 200, ...draw }) => proveChains(engine, { count, ...draw }) },
  {
    name: 'random',
    prove: (engine, { count = 1000, ...draw }) => proveRandomSchemas(engine, { count, ...draw }),
  },
];

const held = ({ states, problems }: Proof): string => `${states - problems.length} of ${states}`;

function endsText({ ends, left }: Proof): string {
  const ended = Object.entries(ends)
    .sort(([, a], [, b]) => b - a)
    .map(([end, count]) => `${count} ${/^\w+\/\S+$/.test(end) ? `\`${end}\`` : end}`)
    .join(', ');
  return left === undefined ? ended : `${ended}; ${left.out} drawn besides: ${left.why}`;
}

type Results = ReadonlyMap<Engine, readonly Proof[]>;

/** The rows of a claim as the page has them: what another run proved of another engine stays. */
function rowsOn(text: string, heading: string): ReadonlyMap<string, string> {
  const after = text.split(`${heading}\n`)[1]?.trimStart().split('\n\n')[0] ?? '';
  const rows = after.split('\n').filter((line) => line.startsWith('| '));
  return new Map(rows.map((line) => [line.split(' | ')[0]?.slice(2) ?? '', line]));
}

function table(results: Results, old: string): string {
  const [first = []] = results.values();
  const claims = first.map(({ claim }, i) => {
    const heading = `${claim[0]?.toUpperCase()}${claim.slice(1)}:`;
    const rows = new Map(rowsOn(old, heading));
    for (const [engine, { [i]: proof }] of results)
      if (proof) rows.set(engine, `| ${engine} | ${held(proof)} | ${endsText(proof)} |`);
    const lines = usual.flatMap((engine) => rows.get(engine) ?? []);
    return [heading, '', '| engine | held | ended at |', '| --- | --- | --- |', ...lines].join('\n');
  });
  return claims.join('\n\n');
}

/** Puts the results between the marks of a section. */
async function write(name: Section['name'], results: Results): Promise<void> {
  const old = await readFile(page, 'utf8');
  const mark = new RegExp(`(<!-- ${name} -->\n)([\\s\\S]*?)(<!-- /${name} -->)`);
  await writeFile(
    page,
    old.replace(mark, (_, open, text, close) => `${open}\n${table(results, text)}\n\n${close}`),
  );
}

function print(section: Section, engine: Engine, proofs: readonly Proof[]): void {
  console.log(`${section.name} on ${engine}`);
  for (const proof of proofs) {
    console.log(`  ${held(proof)}  ${proof.claim}: ${endsText(proof)}`);
    for (const problem of proof.problems) console.error(`    ${problem.replaceAll('\n', '\n    ')}`);
  }
}

/** All engines at once: they wait for their disks most of the time. */
async function prove(
  section: Section,
  engines: readonly Engine[],
  draw: Parameters<Section['prove']>[1],
): Promise<Results> {
  const results = await Promise.all(
    engines.map(async (engine) => {
      const proofs = await section.prove(engine, draw);
      print(section, engine, proofs);
      return [engine, proofs] as const;
    }),
  );
  return new Map(results);
}

const flags = {
  todobox: { type: 'boolean' },
  chains: { type: 'boolean' },
  random: { type: 'boolean' },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      ...flags,
      count: { type: 'string' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const engines = positionals.length === 0 ? usual : (parseEngines(positionals) as readonly Engine[]);
  const chosen = sections.filter(({ name }) => values[name]);
  const [count, only] = [values.count, values.only].map((text) =>
    text === undefined ? undefined : Number(text),
  );
  const borrowed = await borrowServers(engines);
  let broken = 0;
  try {
    for (const section of chosen.length === 0 ? sections : chosen) {
      const results = await prove(section, engines, { count, only, seed: Number(values.seed) });
      broken += [...results.values()].flat().reduce((sum, { problems }) => sum + problems.length, 0);
      if (count === undefined && only === undefined) await write(section.name, results);
    }
  } finally {
    await borrowed.release();
  }
  return broken === 0 ? 0 : 1;
}

process.exitCode = await main();
