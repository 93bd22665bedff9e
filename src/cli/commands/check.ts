import { hasErrors } from '../../check/check.ts';
import { choice, list } from '../args/option.ts';
import { answerBoth, defineCommand } from '../command.ts';
import { keepHeapSmall } from '../small-heap.ts';
import { githubText, reportText, wholeReportText } from '../text/findings.ts';

/** `check`: what is there, beside what should be. */
export const check = defineCommand({
  summary: 'Compare the server with the history and the models; nothing is changed.',
  description:
    'Each finding has a code, both sides, and the command that cures it. Exit code 1 if one of them is an error.',
  arguments: [],
  options: {
    format: choice('How findings are written', ['text', 'github']),
    acceptEdit: list('An applied revision whose edit is right: its new checksum is journalled', {
      placeholder: 'ID',
    }),
  },
  examples: [
    ['surefoot check', 'before a deploy, or when something is odd'],
    ['surefoot check --format github', 'annotations in a workflow'],
    ['surefoot check --json', 'for programs'],
  ],
  run: async ({ options, project, globals }) => {
    keepHeapSmall();
    const writes = options.acceptEdit.length > 0;
    const wish = { acceptEdit: options.acceptEdit, sides: options.format !== 'github' };
    const shown = await (await project.open({ writes })).check(wish);
    // People see whole tables; programs have what differs in the findings.
    const { sides: _, ...data } = shown;
    const text = globals.verbose ? wholeReportText : reportText;
    return answerBoth({
      data,
      shown,
      text: (report, look) => (options.format === 'github' ? githubText(report) : text(report, look)),
      exitCode: hasErrors(data.findings) ? 1 : 0,
    });
  },
});
