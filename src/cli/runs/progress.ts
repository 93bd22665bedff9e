// Shows a run while it goes on. In: progress of the runner. Out: lines on stderr. Must not know the result.

import { now } from '../../kernel/clock.ts';
import type { RunChoices } from '../../library/api.ts';
import type { StatementNews } from '../../runner/news.ts';
import type { Progress } from '../../runner/outcome.ts';
import type { Shell } from '../shell.ts';
import { oneLine } from '../text/clean.ts';
import type { Look } from '../text/look.ts';
import { behindText, blockedText, retryText, unseenText, workText } from '../text/statement.ts';
import { shorten } from '../text/table.ts';
import { moment, span } from '../text/words.ts';
import { reminder } from './reminder.ts';

/** Follows one run. */
export interface Follower {
  readonly onProgress: NonNullable<RunChoices['onProgress']>;
  readonly onWait: NonNullable<RunChoices['onWait']>;
  readonly onStatement: NonNullable<RunChoices['onStatement']>;
  end(): void;
}

const toStartOfLine = '\r\x1b[2K';

function stepText({ revision, message, direction, position, total }: Progress, look: Look): string {
  const words = shorten(oneLine(message), Math.max(20, look.columns - 50));
  return `${look.dim(`[${position}/${total}]`)} ${direction} ${look.id(revision)} ${words}`;
}

/** Above the line of the step that is being drawn. */
function above(shell: Shell, text: string, isTty: boolean): void {
  shell.stderr.write(isTty ? `${toStartOfLine}${text}\n` : `${text}\n`);
}

/** What is said of news on a line of its own. */
function spokenOn(look: Look, { isTty }: { readonly isTty: boolean }) {
  const isDue = { behind: reminder(0), work: reminder(now()) };
  return (news: StatementNews): string | null => {
    switch (news.kind) {
      case 'blocked':
        return look.warn(blockedText(news));
      case 'retry':
        return look.warn(retryText(news));
      case 'behind':
        // How far it is changes from look to look.
        return isDue.behind(news.replica.replace(/\d+ s behind$/, '')) ? look.warn(behindText(news)) : null;
      case 'unseen':
        return look.warn(unseenText(news));
      case 'work':
        // On a terminal the line of the step shows it; a log is told once a minute that it goes on.
        return isTty || !isDue.work('') ? null : `Revision ${news.revision}: ${workText(news)}`;
    }
  };
}

/** One line for each step on a terminal; elsewhere only who is waited for. */
export function follow(shell: Shell, look: Look, { isQuiet }: { readonly isQuiet: boolean }): Follower {
  const { stderr } = shell;
  const shows = stderr.isTty && !isQuiet;
  const spoken = spokenOn(look, stderr);
  let timer: NodeJS.Timeout | undefined;
  let told = '';
  let work = '';
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const start = (text: string) => {
    const begun = now();
    const draw = () => stderr.write(`${toStartOfLine}${text} ${look.dim(span(now() - begun) + work)}`);
    work = '';
    draw();
    timer = setInterval(draw, 200);
    timer.unref();
  };
  return {
    onProgress: (progress) => {
      if (!shows) return;
      stop();
      const text = stepText(progress, look);
      if (progress.finished === null) start(text);
      else
        stderr.write(`${toStartOfLine}${look.good('✓')} ${text} ${look.dim(span(progress.finished.ms))}\n`);
    },
    onStatement: (news) => {
      work = news.kind === 'work' ? `  ${workText(news)}` : '';
      if (news.kind === 'behind') work = `  waits: ${oneLine(news.replica)}`;
      const text = isQuiet ? null : spoken(news);
      if (text !== null) above(shell, text, shows);
    },
    onWait: ({ owner, since, session, state }) => {
      const from = session === null ? '' : `, session ${session}`;
      const line = `Waiting for the lock: ${oneLine(owner)} has it since ${moment(since)}${from} (${state})`;
      if (!isQuiet && line !== told) stderr.write(`${look.warn(line)}\n`);
      told = line;
    },
    end: () => {
      if (timer !== undefined) stderr.write('\n');
      stop();
    },
  };
}
