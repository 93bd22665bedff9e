// Two tables side by side: what the server has, what history says. In: sides. Out: text. Must not know how they were compared.

import type { SideRow, Sides } from '../../report/report.ts';
import { oneLine } from './clean.ts';
import type { Look } from './look.ts';
import { shorten, table } from './table.ts';
import { counted } from './words.ts';

/** From here on only what differs is drawn. */
const most = 30;

interface Widths {
  readonly name: number;
  readonly words: number;
}

function widthsOf({ isTty, columns }: Look): Widths {
  if (!isTty) return { name: 40, words: 80 };
  return { name: 28, words: Math.max(20, Math.floor((columns - 40) / 2)) };
}

function rowText({ kind, name, server, history, drifts }: SideRow, look: Look): readonly string[] {
  const { name: nameWidth, words } = widthsOf(look);
  const said = kind === 'column' ? name : `${kind} ${name}`.trim();
  const side = (text: string | null) => (text === null ? 'not there' : shorten(oneLine(text), words));
  const paint = drifts ? look.bad : (text: string) => text;
  return [
    `${drifts ? look.bad('✗') : ' '} ${shorten(oneLine(said), nameWidth)}`,
    paint(side(server)),
    paint(side(history)),
  ];
}

function tableText(owner: string, rows: readonly SideRow[], look: Look): string {
  const columns = rows.filter(({ kind }) => kind === 'column');
  const all = columns.length <= most;
  const shown = rows.filter(({ kind, drifts }) => drifts || (all && kind === 'column'));
  const left = columns.filter(({ drifts }) => !drifts).length;
  const rest = all || left === 0 ? [] : [look.dim(`    and ${counted(left, 'column')} that are the same`)];
  const head = ['  column', 'server', 'history'];
  return [
    look.title(oneLine(owner)),
    table(
      head,
      shown.map((row) => rowText(row, look)),
      look,
    ),
    ...rest,
  ].join('\n');
}

/** Each table that is on both sides and has columns that differ. */
export function tablesText({ rows }: Sides, look: Look): readonly string[] {
  const owners = Map.groupBy(rows, ({ owner }) => owner);
  return [...owners].flatMap(([owner, own]) => {
    const isOnBoth = own.some(
      ({ kind, server, history }) => kind === 'table' && server !== null && history !== null,
    );
    const differs = own.some(({ kind, drifts }) => kind === 'column' && drifts);
    return isOnBoth && differs ? [tableText(owner, own, look)] : [];
  });
}
