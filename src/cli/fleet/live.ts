// A fleet at work. In: news of targets. Out: lines for machines or people, and a table that moves on a terminal.
// Must not know what is done with a target.

import { now } from '../../kernel/clock.ts';
import type { FleetNews } from '../../library/fleet-choices.ts';
import type { Shell } from '../shell.ts';
import { oneLine, printJson } from '../text/clean.ts';
import type { Look } from '../text/look.ts';
import { lookOf } from '../text/look.ts';
import { shorten } from '../text/table.ts';
import { moment, span } from '../text/words.ts';
import { resultLine } from './text.ts';

interface Running {
  readonly wave: number;
  readonly begun: number;
  held: string;
}

/** Shows a fleet while it goes on. */
export interface Live extends Omit<FleetNews, 'onTrouble'> {
  readonly onTrouble: (problem: string) => void;
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
  total: number;
  done: number;
  failed: number;
}

const most = 12;

/** The table: how far it is, and what runs now. */
function tableLines({ running, waves, wave, total, done, failed }: Counts, look: Look): readonly string[] {
  const counts = `${done}/${total}${failed > 0 ? look.bad(` ${failed} failed`) : ''}`;
  const place = waves.length > 1 ? `wave ${wave}/${waves.length}  ` : '';
  const shown = [...running].slice(0, most).map(([name, { begun, held }]) => {
    const words = shorten(oneLine(name) + (held === '' ? '' : `  ${held}`), Math.max(20, look.columns - 16));
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

/** Each target on a line of stdout as it ends; on a terminal, below them, those that run now. */
export function followFleet(shell: Shell, look: Look, { isQuiet, isJson }: LiveOptions): Live {
  const { stdout, stderr } = shell;
  const moves = stderr.isTty && !isQuiet;
  const plain = lookOf(stdout);
  const counts: Counts = { running: new Map(), waves: [], wave: 1, total: 0, done: 0, failed: 0 };
  const { draw, above, end } = drawing(shell, moves, () => tableLines(counts, look));
  const { running } = counts;
  let told = '';
  return {
    onBegin: (total, waves) => {
      Object.assign(counts, { total, waves });
      draw();
    },
    onStart: (target, wave) => {
      counts.wave = wave;
      running.set(target, { wave, begun: now(), held: '' });
    },
    onHeld: (target, { owner, since, state }) => {
      const words = `waits: ${oneLine(owner)} has the lock since ${moment(since)} (${state})`;
      const one = running.get(target);
      if (!moves && !isQuiet && one?.held !== words) stderr.write(`${oneLine(target)}  ${words}\n`);
      if (one) one.held = words;
    },
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
    end,
  };
}
