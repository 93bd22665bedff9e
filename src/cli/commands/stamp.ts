import { duration, flag } from '../args/option.ts';
import { answer, defineCommand } from '../command.ts';
import { follow } from '../runs/progress.ts';
import { atHeads, counted } from '../text/words.ts';

/** `stamp`: records, and runs nothing. */
export const stamp = defineCommand({
  summary: 'Record that the database stands at a revision; nothing is run.',
  description:
    'It refuses where the schema is not the one that the revisions describe, unless --force is said.',
  arguments: [{ name: 'ids', summary: 'Ids, labels, heads or base', isRequired: true, isList: true }],
  options: {
    purge: flag('Empty the version table first, also of what no file declares'),
    force: flag('Do not compare the schema with what is stamped'),
    lockTimeout: duration('How long to wait for another runner'),
  },
  examples: [
    ['surefoot stamp head', 'a database that was made by other means'],
    ['surefoot stamp base', 'nothing counts as applied any more'],
    ['surefoot stamp --purge 3e51', 'whatever was recorded before'],
  ],
  run: async ({ arguments: targets, options, project, shell, look, globals }) => {
    const { purge, force, lockTimeout } = options;
    const { onWait } = follow(shell, look, { isQuiet: globals.quiet });
    const surefoot = await project.open({ writes: true });
    const data = await surefoot.stamp(targets, { purge, force, lockTimeoutMs: lockTimeout, onWait });
    return answer({
      data,
      text: ({ heads, pending }, words) => {
        const waiting =
          pending.length === 0 ? 'nothing is pending' : `${counted(pending.length, 'revision')} pending`;
        return `${words.good('Recorded:')} the database stands at ${words.id(atHeads(heads))}; ${waiting}.`;
      },
    });
  },
});
