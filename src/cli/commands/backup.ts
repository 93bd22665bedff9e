import { value } from '../args/option.ts';
import { answer, defineCommand } from '../command.ts';
import { followCopy } from '../runs/copying.ts';
import { interruptible } from '../runs/interruptible.ts';
import { backupText } from '../text/backup.ts';

/** `backup`: the database into a file. */
export const backup = defineCommand({
  summary: "Save the database into a file, with the database's own programs; its checksum goes beside it.",
  description:
    'PostgreSQL needs pg_dump, pg_restore and psql; MySQL and MariaDB need mysqldump and mysql, or mariadb-dump and mariadb: at least as new as the server, on the PATH or in SUREFOOT_CLIENT_TOOLS. SQLite needs nothing.',
  arguments: [],
  options: {
    out: value('The file (default: .surefoot/backups/<database>_<UTC>.<ext>); never overwritten', {
      short: 'o',
      placeholder: 'FILE',
    }),
  },
  examples: [
    ['surefoot backup', 'into .surefoot/backups'],
    ['surefoot backup --out before-release.dump', 'into a file of your choice'],
  ],
  run: async ({ options: { out }, project, shell, globals, look, talk }) => {
    const follower = followCopy(shell, look, { isQuiet: globals.quiet });
    try {
      const surefoot = await project.open();
      const { onProgress } = follower;
      const data = await interruptible({ shell, look, talk }, (signal) =>
        surefoot.backup({ out, onProgress, signal }),
      );
      return answer({ data, text: backupText });
    } finally {
      follower.end();
    }
  },
});
