import { answerBoth, defineCommand } from '../command.ts';
import { entriesOf, revisionList, viewsOf } from '../revisions.ts';

/** `heads`: the revisions that none revises. */
export const heads = defineCommand({
  summary: 'The revisions that none revises: where the next revision is put. Needs no database.',
  arguments: [],
  options: {},
  examples: [
    ['surefoot heads', 'one line for each head'],
    ['surefoot heads --verbose', 'with files, parents and dates'],
  ],
  run: async ({ project, globals }) => {
    const graph = await project.graph();
    return answerBoth({
      data: { heads: graph.heads, revisions: entriesOf(graph, graph.heads) },
      shown: viewsOf(graph, graph.heads),
      text: (views, look) =>
        revisionList(views, look, { isVerbose: globals.verbose, none: 'There is no revision yet.' }),
    });
  },
});
