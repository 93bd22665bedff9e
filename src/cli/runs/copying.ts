// Shows a backup or a restore while it goes on. In: progress. Out: lines on stderr.
// Must not know the result.

import { now } from '../../kernel/clock.ts';
import type { BackupProgress } from '../../library/backup-choices.ts';
import type { Shell } from '../shell.ts';
import { size } from '../text/backup.ts';
import type { Look } from '../text/look.ts';

const toStartOfLine = '\r\x1b[2K';

function progressText({ stage, done, total, unit }: BackupProgress): string {
  const words = stage === 'saving' ? 'Saving' : 'Restoring';
  const share = total === null || total === 0 ? '' : ` (${Math.floor((100 * done) / total)} %)`;
  return `${words}: ${unit === 'bytes' ? size(done) : `${done} pages`}${share}`;
}

/** Follows a backup on a terminal; elsewhere it says nothing. */
export interface CopyFollower {
  readonly onProgress: (progress: BackupProgress) => void;
  end(): void;
}

/** One line that is drawn anew, a few times in a second. */
export function followCopy(
  shell: Shell,
  look: Look,
  { isQuiet }: { readonly isQuiet: boolean },
): CopyFollower {
  const { stderr } = shell;
  const shows = stderr.isTty && !isQuiet;
  let drawnAt = 0;
  return {
    onProgress: (progress) => {
      if (!shows || now() - drawnAt < 200) return;
      drawnAt = now();
      stderr.write(`${toStartOfLine}${look.dim(progressText(progress))}`);
    },
    end: () => {
      if (drawnAt > 0) stderr.write(toStartOfLine);
      drawnAt = 0;
    },
  };
}
