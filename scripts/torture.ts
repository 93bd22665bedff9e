// In: engines; scenarios (default: all); --count. Out: every scenario tried on them, with counts; written to docs/proof.md.
// Must not know: what a scenario does.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Proof } from '../test/matrix/proof.ts';
import { borrowServers, type Engine, parseEngines, type ServerEngine } from '../test/servers/index.ts';
import {
  type Choices,
  type Place,
  type Scenario,
  scenarios,
  usualPlaces,
} from '../test/torture/scenarios.ts';

const usage = `Usage: npm run torture [-- [engine…] [--only NAME]… [--count N] [--minutes N]]

${scenarios.map(({ name, says }) => `  ${name.padEnd(8)} ${says}`).join('\n')}

Engines: ${usualPlaces.join(', ')} (default: these, where a scenario has them). --count N tries N points of each (default:
all that there are); --minutes N kills nothing more after N minutes. Every engine's row is written to docs/proof.md when
it is done, with what was tried.`;

const page = join(import.meta.dirname, '../docs/proof.md');
const title = (claim: string): string => `${claim[0]?.toUpperCase()}${claim.slice(1)}`;

function endsText({ ends }: Proof): string {
  return Object.entries(ends)
    .sort(([, a], [, b]) => b - a)
    .map(([end, count]) => `${count} ${end}`)
    .join(', ');
}

function rowOf(place: Place, proof: Proof): string {
  const held = `${proof.states - proof.problems.length} of ${proof.states}`;
  return `| ${place} | ${title(proof.claim)} | ${held} | ${endsText(proof)} |`;
}

const keyOf = (row: string): string => row.split(' | ').slice(0, 2).join(' | ');

/** Puts the rows between the marks of their section; a row of the same engine and claim gives way. */
async function write(rows: readonly string[]): Promise<void> {
  const old = await readFile(page, 'utf8');
  const mark = /(<!-- torture -->\n)([\s\S]*?)(<!-- \/torture -->)/;
  const there = (mark.exec(old)?.[2] ?? '').split('\n').filter((line) => /^\| (?!engine|---)/.test(line));
  const replaced = new Set(rows.map(keyOf));
  const all = [...there.filter((row) => !replaced.has(keyOf(row))), ...rows];
  const claims = [...new Set(all.map((row) => row.split(' | ')[1] ?? ''))];
  const sorted = claims.flatMap((claim) => all.filter((row) => row.split(' | ')[1] === claim));
  const table = ['| engine | what happens | held | ended |', '| --- | --- | --- | --- |', ...sorted].join(
    '\n',
  );
  await writeFile(
    page,
    old.replace(mark, (_, open, __, close) => `${open}\n${table}\n\n${close}`),
  );
}

async function prove(scenario: Scenario, place: Place, choices: Choices): Promise<number> {
  const started = performance.now();
  const proofs = await scenario.prove(place, choices);
  for (const proof of proofs) {
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`${place}  ${title(proof.claim)}: ${endsText(proof)} (${seconds} s)`);
    for (const problem of proof.problems) console.error(`    ${problem.replaceAll('\n', '\n    ')}`);
  }
  await write(proofs.map((proof) => rowOf(place, proof)));
  return proofs.reduce((sum, { problems }) => sum + problems.length, 0);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      count: { type: 'string' },
      minutes: { type: 'string' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const places = (positionals.length === 0 ? usualPlaces : parseEngines(positionals)) as readonly Place[];
  const chosen = scenarios.filter(({ name }) => values.only?.includes(name) ?? true);
  const choices = {
    ...(values.count === undefined ? {} : { count: Number(values.count) }),
    ...(values.minutes === undefined ? {} : { minutes: Number(values.minutes) }),
  };
  const borrowed = await borrowServers<Engine | ServerEngine>(places);
  let broken = 0;
  try {
    for (const scenario of chosen)
      for (const place of places) {
        if (scenario.places.includes(place)) broken += await prove(scenario, place, choices);
      }
  } finally {
    await borrowed.release();
  }
  return broken === 0 ? 0 : 1;
}

process.exitCode = await main();
