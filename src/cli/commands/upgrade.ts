import { defineCommand } from '../command.ts';
import { directed, directedOptions } from '../runs/directed.ts';
import { phaseOptions } from '../runs/run-options.ts';

/** `upgrade`: up to a target. */
export const upgrade = defineCommand({
  summary: 'Bring the database up to a revision, or refuse before touching anything and say why.',
  description:
    'What is there already is skipped, and journalled as satisfied. Without a terminal it runs unless values would be lost.',
  arguments: [{ name: 'target', summary: 'An id, a label, +N, heads (the default); a:b with --sql' }],
  options: { ...directedOptions, ...phaseOptions },
  examples: [
    ['surefoot upgrade', 'everything that is pending'],
    ['surefoot upgrade +1', 'one revision'],
    ['surefoot upgrade --plan', 'what it would do'],
    [
      'surefoot upgrade --phase expand',
      'before a deployment: nothing that the release before still needs is taken away',
    ],
    ['surefoot upgrade 3e51:head --sql > up.sql', 'a script for another client'],
  ],
  run: (call) => directed(call, 'upgrade', call.options.phase),
});
