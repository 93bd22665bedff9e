import { resolve as resolvePath } from 'node:path';
import { offlineDialect } from '../config/choose-dialect.ts';
import { SurefootError } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import type { LintOptions } from '../lint/lint.ts';
import { lint } from '../lint/lint.ts';
import { rules } from '../lint/rules/index.ts';
import type { SizeStatistics } from '../lint/sizes.ts';
import { defaultLimits, rowsOf } from '../lint/sizes.ts';
import { ancestors, inOrder } from '../revisions/graph.ts';
import { resolveRange } from '../revisions/identifiers.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import { revisionsBetween } from '../revisions/paths.ts';
import { copyDraft } from '../schema/draft.ts';
import { learnHistory, taughtBy } from './learn.ts';
import type { LintChoices, LintReport } from './lint-choices.ts';
import type { LintMeans } from './lint-ground.ts';
import { compileAll } from './lint-ground.ts';
import type { Project } from './project.ts';
import { migrationFolders } from './project.ts';
import { withSession } from './reading.ts';
import { codeNames, searchSources } from './sources-search.ts';
import { readStatistics } from './stats.ts';

/** The revisions to be looked at, parents first. */
function chosen({ project, graph }: LintMeans, { range, files }: LintChoices): readonly string[] {
  const inRange =
    range === undefined
      ? graph.order
      : revisionsBetween(graph, resolveRange(range, graph, { current: null, purpose: 'show' }));
  if (files === undefined) return inOrder(graph, inRange);
  const wanted = new Set(files.map((file) => resolvePath(project.folder, file)));
  const isWanted = (id: string) => {
    const file = graph.nodes.get(id)?.header.file;
    return file !== undefined && wanted.has(resolvePath(file));
  };
  return inOrder(graph, [...inRange].filter(isWanted));
}

/** Everything that they rest on, and they themselves, as far as raw SQL could be understood. */
async function loadAll({ project, graph, dialect, opened }: LintMeans, ids: readonly string[]) {
  const chosenIds = new Set(ids);
  const all = inOrder(graph, ancestors(graph, ids));
  const loaded = await project.load(all, dialect, { wantsLines: true });
  const taught =
    opened === null
      ? loaded
      : loaded.map(taughtBy(await learnHistory(opened, project, { upgrades: loaded, downgrades: [] })));
  const isChosen = ({ header }: LoadedRevision) => chosenIds.has(header.id);
  return { below: taught.filter((one) => !isChosen(one)), path: taught.filter(isChosen) };
}

async function statisticsFor(
  { opened }: LintMeans,
  { statistics }: LintChoices,
): Promise<SizeStatistics | null> {
  if (statistics !== undefined) return statistics;
  return opened && (await readStatistics(opened));
}

/** A setting for a rule that there is not would silence nothing, and nobody would notice. */
function refuseUnknown(settings: object): void {
  const known = rules.map(({ id }) => id);
  const rule = Object.keys(settings).find((id) => !known.includes(id));
  if (rule === undefined) return;
  const meant = nearest(rule, known);
  throw new SurefootError('lint/unknown-rule', `the config sets a rule that there is not: ${rule}`, {
    details: { rule },
    hint: meant === null ? 'See `surefoot lint --rules`.' : `Did you mean ${meant}?`,
  });
}

async function lintWith(means: LintMeans, choices: LintChoices): Promise<LintReport> {
  const { dialect, project, opened } = means;
  const { traits } = dialect;
  const ids = chosen(means, choices);
  const loaded = await loadAll(means, ids);
  const { revisions, start } = compileAll(means, loaded);
  const { rules: settings = {}, tableSizes = {}, sources = [] } = project.options.lint ?? {};
  refuseUnknown(settings);
  const names = codeNames(revisions.flatMap(({ operations }) => operations));
  const uses = await searchSources(names, {
    patterns: sources,
    folder: project.folder,
    without: migrationFolders(project.options, project.folder),
  });
  const options: LintOptions = {
    rules,
    settings,
    traits,
    syntax: dialect.syntax,
    usesOf: (name) => uses.get(name) ?? [],
    rowsOf: rowsOf(await statisticsFor(means, choices)),
    limits: { ...defaultLimits, ...tableSizes },
    plan: choices.range === undefined && choices.files === undefined ? 'each-revision' : 'all',
  };
  const server = opened?.facts.product ?? `${traits.flavor} ${traits.version.join('.')}`;
  if (choices.fix === undefined)
    return { server, revisions: ids, findings: lint(revisions, copyDraft(start), options) };
  const { fixRevisions } = await import('./lint-fix.ts');
  return { server, revisions: ids, ...(await fixRevisions({ means, loaded, options, choices })) };
}

/** Looks at revisions for what may go wrong. Changes nothing; without `server`, nobody is asked. */
export async function runLint(project: Project, choices: LintChoices): Promise<LintReport> {
  const graph = await project.graph();
  if (choices.server === true)
    return await withSession(project, (opened) =>
      lintWith({ project, graph, dialect: opened.dialect, opened }, choices),
    );
  const { product } = choices.statistics ?? {};
  const dialect = await offlineDialect({ url: project.options.url, product }, project.folder);
  return await lintWith({ project, graph, dialect, opened: null }, choices);
}
