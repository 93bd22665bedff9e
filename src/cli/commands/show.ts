import type { RevisionGraph } from '../../revisions/graph.ts';
import { flag } from '../args/option.ts';
import { answerBoth, defineCommand } from '../command.ts';
import { namedRevisions } from '../named-revisions.ts';
import type { Project } from '../project.ts';
import type { RevisionWork, Work } from '../revision-work.ts';
import { revisionWork } from '../revision-work.ts';
import type { RevisionView } from '../revisions.ts';
import { entriesOf, revisionBlock, viewsOf } from '../revisions.ts';
import type { Look } from '../text/look.ts';
import { indent } from '../text/table.ts';

function workText(title: string, { operations, sql, reason }: Work, look: Look): string {
  const lines = operations.map(
    ({ description }) => `  ${look.dim('·')} ${indent(description, 4).trimStart()}`,
  );
  const statements = (sql ?? []).map((one) => indent(`${one};`, 4));
  return [
    look.title(title),
    ...(lines.length === 0 && reason === null ? [look.dim('  nothing')] : lines),
    ...(reason === null ? [] : [look.warn(`  ${indent(reason, 2).trimStart()}`)]),
    ...(statements.length === 0 ? [] : ['', ...statements.map((one) => look.dim(one))]),
  ].join('\n');
}

interface Shown {
  readonly view: RevisionView;
  readonly work: RevisionWork | null;
}

function shownText({ view, work }: Shown, look: Look): string {
  const head = revisionBlock(view, look);
  if (work === null) return head;
  const name = ` (${work.dialect})`;
  return [
    head,
    workText(`upgrade${name}`, work.upgrade, look),
    workText(`downgrade${name}`, work.downgrade, look),
  ].join('\n\n');
}

async function shownOf(project: Project, graph: RevisionGraph, id: string, withWork: boolean) {
  const header = graph.nodes.get(id)?.header;
  const work = withWork ? await revisionWork(graph, await project.config(), id) : null;
  const data = {
    ...entriesOf(graph, [id])[0],
    children: graph.nodes.get(id)?.children ?? [],
    file: header?.file ?? '',
    safety: header?.safety ?? false,
    transaction: header?.transaction ?? 'auto',
    ...work,
  };
  return { data, shown: viewsOf(graph, [id]).map((view): Shown => ({ view, work })) };
}

/** `show`: one revision, or the several of `heads`. */
export const show = defineCommand({
  summary: 'What a revision says and does, in words and in SQL. Needs no database.',
  description:
    'The SQL is for the family that the configured URL names; a running database may need less of it.',
  arguments: [{ name: 'id', summary: 'An id, a label, head, heads, current, …', isRequired: true }],
  options: { header: flag('Only what its head says: the file is not run') },
  examples: [
    ['surefoot show head', 'the newest revision'],
    ['surefoot show 3e51', 'the one whose id begins so'],
  ],
  run: async ({ arguments: [identifier = ''], options, project }) => {
    const ids = await namedRevisions(project, identifier);
    const graph = await project.graph();
    const all = await Promise.all(ids.map((id) => shownOf(project, graph, id, !options.header)));
    return answerBoth({
      data: { revisions: all.map(({ data }) => data) },
      shown: all.flatMap(({ shown }) => shown),
      text: (list, look) => list.map((one) => shownText(one, look)).join('\n\n'),
    });
  },
});
