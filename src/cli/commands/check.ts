import { hasErrors } from '../../check/check.ts';
import { choice, list } from '../args/option.ts';
import { answer, defineCommand } from '../command.ts';
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
    const writes = options.acceptEdit.length > 0;
    const report = await (await project.open({ writes })).check({ acceptEdit: options.acceptEdit });
    const text = globals.verbose ? wholeReportText : reportText;
    return answer({
      data: report,
      text: (shown, look) => (options.format === 'github' ? githubText(shown) : text(shown, look)),
      exitCode: hasErrors(report.findings) ? 1 : 0,
    });
  },
});
