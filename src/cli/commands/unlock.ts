import { flag } from '../args/option.ts';
import { answer, defineCommand } from '../command.ts';
import { oneLine } from '../text/clean.ts';
import { moment } from '../text/words.ts';

/** `unlock`: frees what a dead runner left, before its lease ends by itself. */
export const unlock = defineCommand({
  summary: 'Free the lock of a runner that is gone. Rarely needed: the next run takes it over by itself.',
  description:
    "A server's lock is a lease: a runner that died loses it within 15 seconds, or when the statement that it left on the server has ended. On SQLite the system frees it with the process. Only somebody who cannot wait needs this. A runner that lives is refused; with --force its session is ended, and it stops before its next statement.",
  arguments: [],
  options: {
    force: flag('Free it though its holder lives, or its statement still runs on the server'),
  },
  examples: [
    ['surefoot status', 'who holds it'],
    ['surefoot unlock', 'free what nobody holds any more'],
  ],
  run: async ({ options: { force }, project }) =>
    answer({
      data: await (await project.open()).unlock({ force }),
      text: ({ freed }, look) =>
        freed === null
          ? 'The lock is free.'
          : `${look.good('Freed:')} the lock of ${oneLine(freed.owner)}, held since ${moment(freed.since)}.`,
    }),
});
