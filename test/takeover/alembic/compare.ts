// In: a history, an engine. Out: where Surefoot's schema differs from Alembic's own, revision by revision.
// Must not know: which histories there are.

import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SurefootError } from '../../../src/kernel/errors.ts';
import type { ImportReport } from '../../../src/library/import-history.ts';
import { importFromAlembic } from '../../../src/library/import-history.ts';
import { createSurefoot } from '../../../src/library/surefoot.ts';
import type { DialectName } from '../../../src/schema/schema.ts';
import { type Engine, freshDatabase } from '../../servers/index.ts';
import { openCatalogue } from './catalogue.ts';
import { type AlembicGraph, openAlembic } from './itself.ts';

export interface Comparison {
  readonly report: ImportReport;
  readonly graph: AlembicGraph;
  /** Revisions at which the schemas were compared. */
  readonly compared: number;
  /** Those from which a step back was compared, too. */
  readonly back: number;
  readonly differences: readonly string[];
  /** What Surefoot finds wrong with the database that Alembic made: nothing, if all is well. */
  readonly adopted: readonly string[];
}

export interface ComparisonChoices {
  readonly engine: Engine;
  /** Only so many revisions, from the first. */
  readonly limit?: number;
  /** Also a step back from each revision, and up again. */
  readonly back?: boolean;
  /** Every second file has the line ends of Windows. */
  readonly windows?: boolean;
  /** Revisions that do not come up again, in Alembic either. */
  readonly oneWay?: readonly string[];
}

const families: Readonly<Record<Engine, DialectName>> = {
  sqlite: 'sqlite',
  pglite: 'postgres',
  postgres14: 'postgres',
  postgres18: 'postgres',
  mariadb: 'mysql',
  mysql9: 'mysql',
};

/** All that is written in quotes in a history: its names. */
function writtenNames(folder: string): (name: string) => boolean {
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.py'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const words = new Set(texts.match(/[A-Za-z_]\w*/g));
  // Servers give such names to what nobody named.
  const made = /_(pkey|key\d*|fkey\d*|check\d*|not_null|excl)$|_ibfk_\d+$|^CONSTRAINT_\d+$/;
  return (name) => words.has(name) && !made.test(name);
}

const sorted = (texts: readonly string[] | undefined): string => JSON.stringify(texts?.toSorted());

/** Where the graph of the import is another than Alembic's. */
export function graphDifferences({ report, graph }: Pick<Comparison, 'report' | 'graph'>): readonly string[] {
  const ours = new Map(report.revisions.map((one) => [one.id, one] as const));
  const strangers = [...ours.keys()].filter((id) => !Object.hasOwn(graph.revisions, id));
  return [
    ...(sorted(report.heads) === sorted(graph.heads)
      ? []
      : [`heads: ${report.heads}, in Alembic ${graph.heads}`]),
    ...Object.entries(graph.revisions)
      .filter(([id, { revises }]) => sorted(ours.get(id)?.revises) !== sorted(revises))
      .map(([id, { revises }]) => `${id} revises ${ours.get(id)?.revises}, in Alembic ${revises}`),
    ...strangers.map((id) => `${id} is not in Alembic`),
  ];
}

/** What one has and the other has not. */
function difference(alembic: readonly string[], surefoot: readonly string[]): readonly string[] {
  const count = (lines: readonly string[]) =>
    new Map([...Map.groupBy(lines, (one) => one)].map(([one, all]) => [one, all.length] as const));
  const [a, b] = [count(alembic), count(surefoot)];
  return [
    ...[...a].filter(([one, times]) => times > (b.get(one) ?? 0)).map(([one]) => `  Alembic:  ${one}`),
    ...[...b].filter(([one, times]) => times > (a.get(one) ?? 0)).map(([one]) => `  Surefoot: ${one}`),
  ];
}

interface Sides {
  readonly alembic: Awaited<ReturnType<typeof openAlembic>>;
  readonly surefoot: ReturnType<typeof createSurefoot>;
  /** Both catalogues compared. */
  look(where: string): Promise<readonly string[]>;
}

/** The revisions at the top of those that are applied. */
function topsOf(applied: readonly string[], { revisions }: AlembicGraph): readonly string[] {
  const below = new Set(
    applied.flatMap((id) => [...(revisions[id]?.revises ?? []), ...(revisions[id]?.dependsOn ?? [])]),
  );
  return applied.filter((id) => !below.has(id));
}

/** One step back and up again, where there is one way back and both know it. */
async function thereAndBack(sides: Sides, id: string, parent: string): Promise<readonly string[] | null> {
  const { steps } = await sides.surefoot
    .plan(parent, { direction: 'downgrade' })
    .catch((refusal: unknown) => {
      if (refusal instanceof SurefootError && refusal.code === 'revision/irreversible') return { steps: [] };
      throw refusal;
    });
  if (steps.length === 0) return null;
  await sides.alembic.downgrade(parent);
  const down = await sides.surefoot.downgrade(parent);
  if (down.failed) return [`down from ${id}: ${JSON.stringify(down.failed)}`];
  const found = await sides.look(`back at ${parent} from ${id}`);
  await sides.alembic.upgrade(id);
  const up = await sides.surefoot.upgrade(id);
  return up.failed ? [...found, `up again to ${id}: ${JSON.stringify(up.failed)}`] : found;
}

interface Walk {
  readonly compared: number;
  readonly back: number;
  readonly differences: readonly string[];
}

async function walk(sides: Sides, graph: AlembicGraph, choices: ComparisonChoices): Promise<Walk> {
  const { limit = Number.POSITIVE_INFINITY, oneWay = [] } = choices;
  const steps = graph.order.slice(0, limit);
  const differences: string[] = [];
  let [compared, back] = [0, 0];
  for (const [at, id] of steps.entries()) {
    await sides.alembic.upgrade(id);
    const { failed } = await sides.surefoot.upgrade(id);
    if (failed) return { compared, back, differences: [...differences, `${id}: ${JSON.stringify(failed)}`] };
    differences.push(...(await sides.look(`at ${id}`)));
    compared += 1;
    const parents = graph.revisions[id]?.revises ?? [];
    const isAlone = topsOf(steps.slice(0, at + 1), graph).length === 1 && parents.length < 2;
    if (!choices.back || !isAlone || oneWay.includes(id)) continue;
    const found = await thereAndBack(sides, id, parents[0] ?? 'base');
    differences.push(...(found ?? []));
    back += found === null ? 0 : 1;
  }
  return { compared, back, differences };
}

async function importedTo(folder: string, history: string, engine: Engine): Promise<ImportReport> {
  const rules = join(history, 'rules.json');
  const { report } = await importFromAlembic({
    path: folder,
    projectFolder: folder,
    out: 'surefoot-revisions',
    dialects: [families[engine]],
    rules: existsSync(rules) ? rules : undefined,
  });
  return report;
}

const surefootOn = (folder: string, url: string): Sides['surefoot'] =>
  createSurefoot({
    projectFolder: folder,
    url,
    migrations: './surefoot-revisions',
    versionTable: 'alembic_version',
  });

/** What a check says that is worse than information. */
async function adopted(folder: string, url: string): Promise<readonly string[]> {
  const { findings } = await surefootOn(folder, url).check();
  return findings
    .filter(({ severity, code }) => severity !== 'information' && code !== 'history/irreversible')
    .map(({ code, message }) => `${code}: ${message}`);
}

function endLinesAsWindowsDoes(folder: string): void {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.py'),
  );
  for (const name of names.toSorted().filter((_, at) => at % 2 === 1)) {
    const file = join(folder, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/\r?\n/g, '\r\n'));
  }
}

/** Runs a history twice, once with Alembic and once with Surefoot, and compares what the catalogues say after each step. */
export async function compareHistory(history: string, choices: ComparisonChoices): Promise<Comparison> {
  const { engine } = choices;
  const folder = mkdtempSync(join(tmpdir(), 'surefoot-takeover-'));
  cpSync(history, folder, { recursive: true });
  if (choices.windows) endLinesAsWindowsDoes(folder);
  const databases = [await freshDatabase(engine), await freshDatabase(engine)] as const;
  const [theirs, ours] = databases;
  const alembic = await openAlembic(folder, theirs.url);
  const catalogues = [
    await openCatalogue(engine, theirs.url),
    await openCatalogue(engine, ours.url),
  ] as const;
  try {
    const report = await importedTo(folder, history, engine);
    const graph = await alembic.graph();
    const isGiven = writtenNames(history);
    const surefoot = surefootOn(folder, ours.url);
    let known = new Set<string>();
    const look = async (where: string) => {
      const [a, b] = [await catalogues[0].read(isGiven), await catalogues[1].read(isGiven)];
      const all = difference(a, b);
      // What differs since an earlier step is told once.
      const found = all.filter((one) => !known.has(one));
      known = new Set(all);
      return found.length === 0 ? [] : [`${engine}: ${where}:\n${found.join('\n')}`];
    };
    const walked = await walk({ alembic, surefoot, look }, graph, choices);
    return { report, graph, ...walked, adopted: await adopted(folder, theirs.url) };
  } finally {
    alembic.close();
    for (const one of catalogues) await one.close();
    for (const one of databases) await one.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}
