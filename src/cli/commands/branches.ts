import type { RevisionGraph } from '../../revisions/graph.ts';
import { ancestors } from '../../revisions/graph.ts';
import { answerBoth, defineCommand } from '../command.ts';
import type { RevisionView } from '../revisions.ts';
import { revisionBlock, revisionTable, viewsOf } from '../revisions.ts';
import type { Look } from '../text/look.ts';
import { indent, table } from '../text/table.ts';

interface Fork {
  readonly point: RevisionView;
  readonly children: readonly RevisionView[];
}

interface Label {
  readonly label: string;
  readonly revision: string;
  readonly heads: readonly string[];
}

function forksOf(graph: RevisionGraph): readonly Fork[] {
  return viewsOf(graph, graph.branchPoints).map((point) => ({
    point,
    children: viewsOf(graph, point.children),
  }));
}

function labelsOf(graph: RevisionGraph): readonly Label[] {
  return [...graph.labels].map(([label, revision]) => ({
    label,
    revision,
    heads: graph.heads.filter((head) => ancestors(graph, [head], 'revises').has(revision)),
  }));
}

function forkText(
  { point, children }: Fork,
  look: Look,
  { isVerbose }: { readonly isVerbose: boolean },
): string {
  if (!isVerbose) return `${revisionTable([point], look)}\n${indent(revisionTable(children, look), 4)}`;
  return [revisionBlock(point, look), ...children.map((child) => indent(revisionBlock(child, look), 4))].join(
    '\n\n',
  );
}

function labelText(labels: readonly Label[], look: Look): string {
  const rows = labels.map(({ label, revision, heads }) => [label, look.id(revision), heads.join(', ')]);
  return table(['label', 'revision', 'heads'], rows, look);
}

/** `branches`: forks of the chain, and labels. */
export const branches = defineCommand({
  summary: 'Where the chain forks, and the labels of branches. Needs no database.',
  arguments: [],
  options: {},
  examples: [['surefoot branches', 'each fork with the revisions that come off there']],
  run: async ({ project, globals }) => {
    const graph = await project.graph();
    const shown = { forks: forksOf(graph), labels: labelsOf(graph) };
    const data = {
      branches: shown.forks.map(({ point, children }) => ({
        id: point.id,
        message: point.message,
        children: children.map(({ id, message, branchLabels }) => ({ id, message, branchLabels })),
      })),
      labels: shown.labels,
    };
    return answerBoth({
      data,
      shown,
      text: ({ forks, labels }, look) => {
        if (forks.length === 0 && labels.length === 0) return 'The chain forks nowhere.';
        const parts = forks.map((fork) => forkText(fork, look, { isVerbose: globals.verbose }));
        return [...parts, ...(labels.length > 0 ? [labelText(labels, look)] : [])].join('\n\n');
      },
    });
  },
});
