import { now } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import { duration } from '../args/option.ts';
import { answer, defineCommand } from '../command.ts';
import { oneLine } from '../text/clean.ts';
import { span } from '../text/words.ts';

/** `wait`: until the server answers. */
export const wait = defineCommand({
  summary: 'Wait until the database answers, with growing pauses; refuse when the time is over.',
  arguments: [],
  options: { timeout: duration('Give up after this time (default: 60s)') },
  examples: [['surefoot wait --timeout 2m', 'before the first upgrade in a pipeline']],
  run: async ({ options: { timeout }, project, talk, look }) => {
    const begun = now();
    const onRetry = (error: unknown, nextMs: number) =>
      talk(look.dim(`Not yet: ${oneLine(messageOf(error))}; again in ${span(nextMs)}`));
    await (await project.open()).wait({ timeoutMs: timeout, onRetry });
    return answer({
      data: { ready: true, ms: now() - begun },
      text: ({ ms }, words) => `${words.good('Ready')} after ${span(ms)}.`,
    });
  },
});
