import type { Kept, KeptResult } from '../../library/kept-choices.ts';
import { count, flag } from '../args/option.ts';
import { usageError } from '../args/usage.ts';
import { answer, defineCommand } from '../command.ts';
import { oneLine } from '../text/clean.ts';
import type { Look } from '../text/look.ts';
import { table } from '../text/table.ts';
import { moment } from '../text/words.ts';

const sizeOf = ({ bytes }: Kept): string => (bytes === null ? '' : `${Math.ceil(bytes / 1024)} KiB`);

function listText(list: readonly Kept[], look: Look): string {
  const rows = list.map((one) => [
    look.id(one.id),
    oneLine(one.object),
    one.kind,
    String(one.rows),
    sizeOf(one),
    moment(one.at),
    `${one.direction} ${one.revision}`,
  ]);
  return table(['id', 'was', 'kind', 'rows', 'size', 'since', 'dropped by'], rows, look);
}

function keptText({ kept, dropped }: KeptResult, look: Look): string {
  const gone = dropped.length === 0 ? [] : [look.warn('Gone for good:'), listText(dropped, look), ''];
  const left = kept.length === 0 ? 'Nothing is kept.' : listText(kept, look);
  return [...gone, left].join('\n');
}

/** `kept`: what was put aside before it was dropped. */
export const kept = defineCommand({
  summary: 'What was put aside before a step dropped it: with age and size.',
  description:
    'Steps keep what they drop, unless --no-keep or the config says otherwise. It comes back by itself when the step is undone; until then it stays, unless it is dropped here.',
  arguments: [{ name: 'ids', summary: 'With --drop: these only', isList: true }],
  options: {
    drop: flag('Let it go for good: what is named, or all of it'),
    olderThan: count('With --drop: only what is older than so many days', { placeholder: 'DAYS' }),
  },
  examples: [
    ['surefoot kept', 'what is kept, and since when'],
    ['surefoot kept --drop surefoot_kept_3', 'one of them goes'],
    ['surefoot kept --drop --older-than 30', 'what nobody missed for a month'],
  ],
  run: async ({ options, arguments: ids, project }) => {
    if (!options.drop && (ids.length > 0 || options.olderThan !== undefined))
      throw usageError('kept names something only with --drop', ids[0] ?? '--older-than');
    const drop = options.drop ? (ids.length > 0 ? ids : ('all' as const)) : undefined;
    const surefoot = await project.open({ writes: options.drop });
    const result = await surefoot.kept({ drop, olderThanDays: options.olderThan });
    return answer({ data: result, text: keptText });
  },
});
