import { defineCommand } from '../command.ts';
import { directed, directedOptions } from '../runs/directed.ts';

/** `downgrade`: down to a target. */
export const downgrade = defineCommand({
  summary: 'Take the database back to a revision: to exactly the schema that history describes there.',
  description: 'It asks first; without a terminal it needs --yes.',
  arguments: [{ name: 'target', summary: 'An id, a label, -N (the default: -1), base; a:b with --sql' }],
  options: directedOptions,
  examples: [
    ['surefoot downgrade', 'one revision'],
    ['surefoot downgrade base --yes', 'all of them'],
    ['surefoot downgrade -2 --plan', 'what it would do'],
  ],
  run: (call) => directed(call, 'downgrade'),
});
