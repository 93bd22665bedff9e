import { SurefootError } from '../../kernel/errors.ts';
import type { RestoreOutline, RestoreResult } from '../../library/backup-choices.ts';
import type { OptionSpecs } from '../args/option.ts';
import { choiceList, duration, flag } from '../args/option.ts';
import type { Call } from '../command.ts';
import { answer, defineCommand } from '../command.ts';
import { followCopy } from '../runs/copying.ts';
import { interruptible } from '../runs/interruptible.ts';
import { follow } from '../runs/progress.ts';
import { restoreQuestion, restoreText } from '../text/backup.ts';

const options = {
  allow: choiceList('Agree to losing what was written since', ['lose-writes-since-backup']),
  noSafetyCopy: flag('Do not save what is there before it is replaced'),
  lockTimeout: duration('How long to wait for another runner'),
};

function unconfirmed({ isInteractive }: { readonly isInteractive: boolean }): SurefootError {
  const message = isInteractive
    ? 'restore: not confirmed, nothing was changed'
    : 'restore needs a confirmation, and there is nobody to ask: it replaces everything in the database';
  return new SurefootError('run/confirmation-needed', message, {
    details: { verb: 'restore' },
    hint: 'Nothing was changed. If it is meant, say --yes.',
  });
}

async function isAgreed(
  { shell, globals, look }: Call<OptionSpecs>,
  outline: RestoreOutline,
): Promise<boolean> {
  if (globals.yes) return true;
  return /^\s*y(es)?\s*$/i.test(await shell.ask(restoreQuestion(outline, look)));
}

async function run(call: Call<typeof options>, file: string): Promise<RestoreResult> {
  const { shell, globals, look, talk, project } = call;
  const { allow, noSafetyCopy, lockTimeout } = call.options;
  if (!globals.yes && !shell.isInteractive) throw unconfirmed(shell);
  const copying = followCopy(shell, look, { isQuiet: globals.quiet });
  const waiting = follow(shell, look, { isQuiet: globals.quiet });
  try {
    const surefoot = await project.open({ writes: true });
    return await interruptible({ shell, look, talk }, (signal) =>
      surefoot.restore(file, {
        allow,
        safetyCopy: !noSafetyCopy,
        lockTimeoutMs: lockTimeout,
        confirm: (outline) => isAgreed(call, outline),
        onProgress: copying.onProgress,
        onWait: waiting.onWait,
        signal,
      }),
    );
  } finally {
    copying.end();
    waiting.end();
  }
}

/** `restore`: the database as a backup holds it. */
export const restore = defineCommand({
  summary: 'Bring the database back to what a backup holds, and prove it by comparing schema and row counts.',
  description:
    'Refused while others are connected, where the checksum is wrong, and where writes since the backup cannot be ruled out. What is there is saved first; the journal goes on.',
  arguments: [
    { name: 'file', summary: 'A file that `backup` wrote, with its .json and .sha256', isRequired: true },
  ],
  options,
  examples: [
    ['surefoot restore .surefoot/backups/shop_20240611T170000Z.dump', 'asks first'],
    ['surefoot restore shop.dump --yes --allow lose-writes-since-backup', 'what was written since is lost'],
  ],
  run: async (call) => {
    const [file = ''] = call.arguments;
    const { confirmed, ...data } = await run(call, file);
    if (!confirmed) throw unconfirmed(call.shell);
    return answer({ data, text: (shown, look) => restoreText({ ...shown, confirmed }, look) });
  },
});
