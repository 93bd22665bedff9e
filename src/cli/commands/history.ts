import { isSurefootError } from '../../kernel/errors.ts';
import type { RevisionGraph } from '../../revisions/graph.ts';
import { resolveRange } from '../../revisions/identifiers.ts';
import { revisionsBetween } from '../../revisions/paths.ts';
import { flag, value } from '../args/option.ts';
import type { Call } from '../command.ts';
import { answerBoth, defineCommand } from '../command.ts';
import { asksDatabase } from '../named-revisions.ts';
import type { Recorded } from '../revisions.ts';
import { entriesOf, revisionGraphText, revisionList, viewsOf } from '../revisions.ts';
import { oneLine } from '../text/clean.ts';

const options = {
  range: value('Only these revisions, both ends included; either end may be left out', {
    short: 'r',
    placeholder: 'A:B',
  }),
  indicateCurrent: flag('Insist on the database: refuse where it does not answer', { short: 'i' }),
  noDatabase: flag('Files only: do not say what is applied'),
  graph: flag('Draw branches and merges'),
};

/** What a database says of the revisions. */
interface Asked {
  readonly recorded: Recorded;
  readonly graph: RevisionGraph;
}

/** Where the database stands; `null`: it is not asked, or does not answer and need not. */
async function askDatabase(call: Call<typeof options>): Promise<Asked | null> {
  const { project, talk, look } = call;
  const isNeeded = call.options.indicateCurrent || asksDatabase(call.options.range ?? '');
  if (!isNeeded && (call.options.noDatabase || (await project.config()).url === null)) return null;
  try {
    const surefoot = await project.open();
    const { heads, pending } = await surefoot.current();
    const graph = await surefoot.graph({ database: true });
    return { recorded: { heads, pending: new Set(pending) }, graph };
  } catch (error) {
    if (isNeeded || !isSurefootError(error)) throw error;
    talk(look.dim(`What is applied is not known: ${oneLine(error.message)}`));
    return null;
  }
}

function idsInRange(
  graph: RevisionGraph,
  range: string | undefined,
  recorded: Recorded | null,
): readonly string[] {
  if (range === undefined) return graph.order;
  return revisionsBetween(
    graph,
    resolveRange(range, graph, { current: recorded?.heads ?? null, purpose: 'show' }),
  );
}

/** `history`: the revisions, newest first. */
export const history = defineCommand({
  summary: 'The revisions, newest first.',
  description:
    'Where a database is named and answers, ● marks what is applied and ○ what is not; otherwise the files alone are shown.',
  arguments: [],
  options,
  examples: [
    ['surefoot history', 'one line for each revision'],
    ['surefoot history --graph', 'branches and merges, drawn'],
    ['surefoot history -r current:', 'what is recorded, and all above it'],
    ['surefoot history -r -3:current --verbose', 'the last three that ran, with files and dates'],
  ],
  run: async (call) => {
    const files = await call.project.graph();
    const { graph, recorded } = (await askDatabase(call)) ?? { graph: files, recorded: null };
    const ids = idsInRange(graph, call.options.range, recorded).toReversed();
    return answerBoth({
      data: { revisions: entriesOf(graph, ids, recorded) },
      shown: viewsOf(graph, ids, recorded),
      text: (views, look) =>
        call.options.graph && views.length > 0 && !call.globals.verbose
          ? revisionGraphText(views, look)
          : revisionList(views, look, { isVerbose: call.globals.verbose, none: 'There is no revision.' }),
    });
  },
});
