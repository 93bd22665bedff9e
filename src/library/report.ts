// All that a report shows, read once.
// In: a project. Out: ReportData. Must not know how it is drawn. Changes nothing.

import { basename, relative, resolve as resolvePath, sep } from 'node:path';
import { compareModels } from '../autogenerate/compare-models.ts';
import { check } from '../check/check.ts';
import { offlineDialect } from '../config/choose-dialect.ts';
import { everyDialect } from '../config/every-dialect.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { Difference } from '../diff/compare.ts';
import { now } from '../kernel/clock.ts';
import { isSurefootError, messageOf } from '../kernel/errors.ts';
import { namedParts } from '../plan/drift.ts';
import { hasOpaqueSql } from '../plan/learn-effects.ts';
import type { ReportInput } from '../report/build-report.ts';
import { buildReport } from '../report/build-report.ts';
import type { ReportData, ReportLint } from '../report/report.ts';
import { sidesOf } from '../report/sides.ts';
import { historySpans } from '../report/spans.ts';
import { stateOf } from '../report/states.ts';
import type { Edition } from '../report/work.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import { ignoring } from '../schema/ignore.ts';
import type { Schema } from '../schema/schema.ts';
import { checkInput } from './check.ts';
import { comparable, spellerOf } from './comparison.ts';
import type { Ground } from './ground.ts';
import { onStandIn } from './ground.ts';
import { learnHistory, taughtBy } from './learn.ts';
import { runLint } from './lint.ts';
import type { Look } from './look.ts';
import { historyAtHeads, look } from './look.ts';
import { readModels } from './models.ts';
import type { Opened } from './open.ts';
import { createProject, type Project } from './project.ts';
import { withSession } from './reading.ts';
import type { ReportChoices } from './report-choices.ts';
import { toolName } from './version.ts';

type Common = Pick<
  ReportInput,
  'title' | 'madeAt' | 'tool' | 'rehearsal' | 'originOf' | 'shownFile' | 'tellsSql'
>;

/** What is the same with and without a database. */
function common({ folder }: Project, choices: ReportChoices): Common {
  return {
    title: choices.title ?? basename(folder),
    madeAt: new Date(now()).toISOString(),
    tool: toolName,
    rehearsal: choices.rehearsal ?? null,
    tellsSql: choices.sql !== 'none',
    originOf: (file) => choices.origins?.get(resolvePath(file)) ?? null,
    shownFile: (file) => relative(folder, file).split(sep).join('/'),
  };
}

interface Editions {
  readonly editions: readonly Edition[];
  readonly notes: readonly string[];
}

/** To compile every revision for every server takes milliseconds each. */
const mostForAll = 1000;

/** The revisions as the other servers load them; a server that they were not written for is left out. */
async function otherEditions(
  project: Project,
  graph: RevisionGraph,
  { own, sql }: { readonly own: Dialect; readonly sql: ReportChoices['sql'] },
): Promise<Editions> {
  if (sql === 'own' || sql === 'none') return { editions: [], notes: [] };
  if (sql === undefined && graph.order.length > mostForAll) {
    const note = `SQL is told for ${own.traits.flavor} alone, as there are more than ${mostForAll} revisions.`;
    return { editions: [], notes: [note] };
  }
  const headers = graph.order.flatMap((id) => graph.nodes.get(id)?.header ?? []);
  const others = (await everyDialect()).filter(({ traits }) => traits.flavor !== own.traits.flavor);
  const editions: Edition[] = [];
  const notes: string[] = [];
  for (const dialect of others) {
    const files = createProject(project.options, async () => headers);
    try {
      const revisions = await files.load(graph.order, dialect);
      editions.push({ dialect, naming: project.naming(dialect), revisions });
    } catch (error) {
      if (!isSurefootError(error)) throw error;
      notes.push(`No SQL for ${dialect.traits.flavor}: ${error.message}`);
    }
  }
  return { editions, notes };
}

/** Rules that the config does not have, and files that do not load, are said elsewhere. */
async function lintOf(project: Project, server: boolean): Promise<ReportLint> {
  const report = await runLint(project, { server });
  const { shownFile } = common(project, {});
  const shown = (file: string) => shownFile(file);
  return {
    server: report.server,
    findings: report.findings.map((one) => ({
      ...one,
      file: shown(one.file),
      usedIn: one.usedIn.map(({ file, line }) => ({ file: shown(file), line })),
    })),
  };
}

const opaqueNote = (opaque: readonly string[]): readonly string[] =>
  opaque.length === 0
    ? []
    : [
        `What raw SQL does to the schema is not known in ${opaque.join(', ')}: the schema is shown without it.`,
      ];

/** Server, history and models, as a look found them. */
function sidesOfLook(seen: Look, opened: Opened, project: Project): ReportInput['sides'] {
  const history = historyAtHeads(seen.revisions, opened).schema;
  const isKnown = seen.history.opaque.length === 0;
  const select = comparable(project);
  return sidesOf({
    server: {
      wanted: isKnown ? seen.expected : seen.live,
      actual: seen.live,
      differences: seen.drift,
    },
    models: seen.models && {
      wanted: select(seen.models),
      actual: select(history),
      differences: seen.modelDifferences,
    },
    history,
    at: seen.heads,
    named: namedParts(seen.revisions, opened.dialect),
  });
}

async function withDatabase(project: Project, choices: ReportChoices): Promise<ReportData> {
  const lint = await lintOf(project, true);
  return await withSession(project, async (opened) => {
    const seen = await look(opened, project);
    const input = await checkInput(seen, opened);
    const { findings, identified } = check(input);
    const { editions, notes } = await otherEditions(project, seen.graph, {
      own: opened.dialect,
      sql: choices.sql,
    });
    const { dialect, database, facts } = opened;
    const own: Edition = { dialect, naming: project.naming(dialect), revisions: seen.revisions };
    const { applied } = seen.past;
    const { heads, pending, entries } = seen;
    return buildReport({
      ...common(project, choices),
      graph: seen.graph,
      editions: [own, ...editions],
      history: historySpans(seen.revisions, dialect),
      sides: sidesOfLook(seen, opened, project),
      database: {
        description: database.description,
        product: facts.product,
        heads,
        pending,
        lock: input.lock,
      },
      stateOf: stateOf({ applied, entries, findings, isCut: seen.unknown.length > 0 }),
      withoutFile: seen.unknown,
      entries,
      check: { identified, findings },
      lint,
      notes: [...(choices.notes ?? []), ...opaqueNote(seen.history.opaque), ...notes],
    });
  });
}

interface Models {
  readonly models: Schema | null;
  readonly notes: readonly string[];
}

/** Models that cannot be read without a server are left out, and that is said. */
async function modelsOf({ opened, project }: Ground): Promise<Models> {
  try {
    const models = await readModels(opened, project);
    return { models: models && ignoring(project.options.ignore ?? [])(models), notes: [] };
  } catch (error) {
    if (!isSurefootError(error, 'scratch/unavailable')) throw error;
    return { models: null, notes: [`The models are not shown: ${messageOf(error)}`] };
  }
}

async function compared(ground: Ground, models: Schema, history: Schema): Promise<readonly Difference[]> {
  const select = comparable(ground.project);
  return await compareModels(select(models), select(history), spellerOf(ground.opened, ground.project));
}

async function sidesOfFiles(
  ground: Ground,
  revisions: readonly LoadedRevision[],
  graph: RevisionGraph,
): Promise<{ readonly sides: ReportInput['sides']; readonly notes: readonly string[] }> {
  const { schema, opaque } = historyAtHeads(revisions, ground.opened);
  const { models, notes } = await modelsOf(ground);
  const select = comparable(ground.project);
  const differences = models && opaque.length === 0 ? await compared(ground, models, schema) : [];
  const sides = sidesOf({
    server: null,
    models: models && { wanted: select(models), actual: select(schema), differences },
    history: schema,
    at: graph.heads,
    named: namedParts(revisions, ground.opened.dialect),
  });
  return { sides, notes: [...opaqueNote(opaque), ...notes] };
}

async function fromFiles(files: Project, choices: ReportChoices): Promise<ReportData> {
  const graph = await files.graph();
  const lint = await lintOf(files, false);
  const offline = await offlineDialect({ url: files.options.url }, files.folder);
  const written = await files.load(graph.order, offline);
  const history = { upgrades: written, downgrades: [] };
  return await onStandIn(files, { isNeeded: hasOpaqueSql(history, offline) }, async (ground) => {
    const { opened, project } = ground;
    const { dialect } = opened;
    const learned = await learnHistory(opened, project, history);
    const revisions = written.map(taughtBy(learned));
    const { sides, notes } = await sidesOfFiles(ground, revisions, graph);
    const { editions, notes: others } = await otherEditions(project, graph, {
      own: dialect,
      sql: choices.sql,
    });
    return buildReport({
      ...common(project, choices),
      graph,
      editions: [{ dialect, naming: project.naming(dialect), revisions }, ...editions],
      history: historySpans(revisions, dialect),
      sides,
      database: null,
      stateOf: () => 'unknown',
      ...{ withoutFile: [], entries: [], check: null, lint },
      notes: [...(choices.notes ?? []), ...notes, ...others],
    });
  });
}

/** Everything there is to see: the files, and the database where one is asked. */
export async function runReport(project: Project, choices: ReportChoices): Promise<ReportData> {
  const { url, connection } = project.options;
  const asks = choices.database ?? (url !== undefined || connection !== undefined);
  return asks ? await withDatabase(project, choices) : await fromFiles(project, choices);
}
