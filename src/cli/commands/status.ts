import type { Status } from '../../library/api.ts';
import { answer, defineCommand } from '../command.ts';
import { oneLine } from '../text/clean.ts';
import type { Look } from '../text/look.ts';
import { whoText } from '../text/who.ts';
import { atHeads, counted, moment, span } from '../text/words.ts';

function lockText({ lock }: Status, look: Look): string {
  if (lock === null) return 'free';
  const { owner, since, heartbeatAgeMs, state, statement } = lock;
  const words = {
    alive: 'held',
    dead: 'left by a dead runner:',
    'orphan-running': 'dead runner, live statement:',
  };
  const running = statement === null ? '' : `; running: ${oneLine(statement)}`;
  return look.warn(
    `${words[state]} ${owner} since ${moment(since)}, last sign ${span(heartbeatAgeMs)} ago${running}`,
  );
}

function lastRunText({ lastRun }: Status, look: Look): string {
  if (lastRun === null) return 'none';
  const { at, revisions, failed, who } = lastRun;
  const what = failed ? look.bad(`failed at ${revisions.join(', ')}`) : revisions.join(', ');
  const by = whoText(who);
  return `${moment(at)}: ${what}${by === '' ? '' : `, by ${by}`}`;
}

function pendingText({ pending, waiting }: Status, look: Look): string {
  if (pending.length === 0) return look.good('nothing');
  const which = waiting.length === pending.length ? '' : `${waiting.join(', ')}: `;
  const waits = waiting.length === 0 ? '' : ` (${which}--phase contract, after the deployment)`;
  return `${look.warn(counted(pending.length, 'revision'))}: ${pending.join(', ')}${waits}`;
}

/** `status`: heads, pending, lock and last run. */
export const status = defineCommand({
  summary: 'Where the database stands, what is pending, who holds the lock, what ran last. Changes nothing.',
  arguments: [],
  options: {},
  examples: [['surefoot status', 'all of it at a glance']],
  run: async ({ project }) => {
    const data = await (await project.open()).status();
    return answer({
      data,
      text: (shown, look) => {
        const rows = [
          ['database', `${shown.database} (${shown.product})`],
          ['stands at', look.id(atHeads(shown.heads))],
          ['pending', pendingText(shown, look)],
          ['lock', lockText(shown, look)],
          ['last run', lastRunText(shown, look)],
        ] as const;
        return rows.map(([name, text]) => `${look.dim(name.padEnd(10))} ${text}`).join('\n');
      },
    });
  },
});
