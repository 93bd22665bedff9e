// How text looks on a terminal. In: whether it has colours. Out: Look. Must not know what is said.

import { styleText } from '../node-util.ts';
import type { Terminal } from '../shell.ts';

type Format = Parameters<typeof styleText>[0];
type Paint = (text: string) => string;

/** Colours by meaning. */
export interface Look {
  readonly columns: number;
  readonly isTty: boolean;
  readonly title: Paint;
  readonly id: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly warn: Paint;
  readonly bad: Paint;
}

/** The look of a terminal. */
export function lookOf(terminal: Pick<Terminal, 'hasColor' | 'columns' | 'isTty'>): Look {
  const paint = (format: Format): Paint =>
    terminal.hasColor ? (text) => styleText(format, text, { validateStream: false }) : (text) => text;
  return {
    columns: terminal.columns,
    isTty: terminal.isTty,
    title: paint('bold'),
    id: paint('cyan'),
    dim: paint('dim'),
    good: paint('green'),
    warn: paint('yellow'),
    bad: paint('red'),
  };
}
