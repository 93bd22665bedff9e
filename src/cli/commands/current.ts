import { answerBoth, defineCommand } from '../command.ts';
import { revisionList, viewsOf } from '../revisions.ts';
import { counted } from '../text/words.ts';

/** `current`: where the database stands. */
export const current = defineCommand({
  summary: 'The revisions at which the database stands, and how many are pending. Changes nothing.',
  arguments: [],
  options: {},
  examples: [
    ['surefoot current', 'the recorded revisions'],
    ['surefoot current --json', '{ "heads": […], "pending": […] }'],
  ],
  run: async ({ project, globals }) => {
    const surefoot = await project.open();
    const { heads, pending } = await surefoot.current();
    const graph = await surefoot.graph({ database: true });
    const recorded = { heads, pending: new Set(pending) };
    return answerBoth({
      data: { heads, pending },
      shown: { views: viewsOf(graph, heads, recorded), pending },
      text: ({ views, pending: waiting }, look) => {
        const none = `The database stands at ${look.title('base')}: no revision is applied.`;
        const list = revisionList(views, look, { isVerbose: globals.verbose, none });
        if (waiting.length === 0) return `${list}\n${look.good('Nothing is pending.')}`;
        return `${list}\n${look.warn(`${counted(waiting.length, 'revision')} pending`)}: ${waiting.join(', ')}`;
      },
    });
  },
});
