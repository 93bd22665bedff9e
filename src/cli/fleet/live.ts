// A fleet at work. In: news of targets. Out: lines for machines or people, and a table that moves on a terminal.
// Must not know what is done with a target.

import { now } from '../../kernel/clock.ts';
import type { FleetNews } from '../../library/fleet-choices.ts';
import type { LockHolder } from '../../lock/lock.ts';
import type { StatementNews } from '../../runner/news.ts';
import { reminder } from '../runs/reminder.ts';
import type { Shell } from '../shell.ts';
import { oneLine, printJson } from '../text/clean.ts';
import type { Look } from '../text/look.ts';
import { lookOf } from '../text/look.ts';
import { behindText, blockedText, retryText, unseenText, workText } from '../text/statement.ts';
import { shorten } from '../text/table.ts';
import { moment, span } from '../text/words.ts';
import { resultLine } from './text.ts';

interface Running {
  readonly begun: number;
  /** What it waits for, or how far it is. */
  words: string;
  /** Whether it is due on a line of its own, where no table moves: trouble that is new, work once a minute. */
  readonly isDue: Readonly<Record<'trouble' | 'work', (what: string) => boolean>>;
}

/** Shows a fleet while it goes on. */
export interface Live extends Omit<FleetNews, 'onTrouble'> {
  readonly onTrouble: (problem: string) => void;
  /** A line above the table. */
  say(text: string): void;
  end(): void;
}

interface LiveOptions {
  readonly isQuiet: boolean;
  readonly isJson: boolean;
}

const barWidth = 30;

function bar(done: number, total: number): string {
  const filled = total === 0 ? barWidth : Math.round((done / total) * barWidth);
  return '█'.repeat(filled) + '░'.repeat(barWidth - filled);
}

interface Counts {
  readonly running: Map<string, Running>;
  waves: readonly number[];
  wave: number;
  begun: number;
  total: number;
  done: number;
  failed: number;
}

const most = 12;

/** As fast as until now; a few targets say nothing of it yet. */
function leftOf({ begun, total, done }: Counts): string {
  const left = ((now() - begun) * (total - done)) / done;
  return done < 5 || done >= total ? '' : `, about ${span(left)} left`;
}

/** The table: how far it is, and what runs now. */
function tableLines(all: Counts, look: Look): readonly string[] {
  const { running, waves, wave, total, done, failed } = all;
  const counts = `${done}/${total}${failed > 0 ? look.bad(` ${failed} failed`) : ''}${leftOf(all)}`;
  const place = waves.length > 1 ? `wave ${wave}/${waves.length}  ` : '';
  const shown = [...running].slice(0, most).map(([name, { begun, words: more }]) => {
    const words = shorten(oneLine(name) + (more === '' ? '' : `  ${more}`), Math.max(20, look.columns - 16));
    return `  ${words} ${look.dim(span(now() - begun))}`;
  });
  const more = running.size > most ? [look.dim(`  and ${running.size - most} more`)] : [];
  return [`${place}${bar(done, total)} ${counts}`, ...shown, ...more];
}

/** Lines at the lower end of a terminal that are drawn again and again; what is said comes above them. */
function drawing({ stderr }: Shell, shows: boolean, lines: () => readonly string[]) {
  let drawn = 0;
  const wipe = () => {
    if (drawn > 0) stderr.write(`\x1b[${drawn}A\r\x1b[J`);
    drawn = 0;
  };
  const draw = () => {
    if (!shows) return;
    wipe();
    const text = lines();
    stderr.write(`${text.join('\n')}\n`);
    drawn = text.length;
  };
  const timer = shows ? setInterval(draw, 250) : undefined;
  timer?.unref();
  const end = () => {
    clearInterval(timer);
    wipe();
  };
  const above = (say: () => void) => {
    wipe();
    say();
    draw();
  };
  return { draw, above, end };
}

const heldText = ({ owner, since, state }: LockHolder): string =>
  `waits: ${oneLine(owner)} has the lock since ${moment(since)} (${state})`;

/** What is told of a statement, in a line. */
function wordsOf(news: StatementNews): string {
  switch (news.kind) {
    case 'blocked':
      return oneLine(blockedText(news));
    case 'retry':
      return retryText(news);
    case 'behind':
      return behindText(news);
    case 'unseen':
      return unseenText(news);
    case 'work':
      return workText(news);
  }
}

/** Each target on a line of stdout as it ends; on a terminal, below them, those that run now. */
export function followFleet(shell: Shell, look: Look, { isQuiet, isJson }: LiveOptions): Live {
  const { stdout, stderr } = shell;
  const moves = stderr.isTty && !isQuiet;
  const plain = lookOf(stdout);
  const counts: Counts = {
    running: new Map(),
    waves: [],
    wave: 1,
    begun: now(),
    total: 0,
    done: 0,
    failed: 0,
  };
  const { draw, above, end } = drawing(shell, moves, () => tableLines(counts, look));
  const { running } = counts;
  let told = '';
  const tell = (target: string, words: string, kind: 'trouble' | 'work') => {
    const one = running.get(target);
    if (!one) return;
    one.words = words;
    // Numbers change from look to look.
    const isDue = one.isDue[kind](kind === 'work' ? '' : words.replaceAll(/\d+/g, ''));
    if (!moves && !isQuiet && isDue) stderr.write(`${oneLine(target)}  ${words}\n`);
  };
  return {
    onBegin: (total, waves) => {
      Object.assign(counts, { total, waves, begun: now() });
      draw();
    },
    onStart: (target, wave) => {
      counts.wave = wave;
      running.set(target, {
        begun: now(),
        words: '',
        isDue: { trouble: reminder(0), work: reminder(now()) },
      });
    },
    onHeld: (target, holder) => tell(target, heldText(holder), 'trouble'),
    onStatement: (target, news) => tell(target, wordsOf(news), news.kind === 'work' ? 'work' : 'trouble'),
    onResult: (result) => {
      running.delete(result.target);
      counts.done += 1;
      if (result.status === 'failed') counts.failed += 1;
      const line = isJson ? printJson(result, { isLine: true }) : `${resultLine(result, plain)}\n`;
      above(() => stdout.write(line));
    },
    onTrouble: (problem) => {
      if (!isQuiet && problem !== told) above(() => stderr.write(`${look.warn(oneLine(problem))}\n`));
      told = problem;
    },
    say: (text) => {
      if (!isQuiet) above(() => stderr.write(`${text}\n`));
    },
    end,
  };
}
