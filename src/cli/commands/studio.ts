import { basename } from 'node:path';
import { errorCode } from '../../kernel/import-package.ts';
import type { Studio, StudioOptions } from '../../studio/studio.ts';
import { count } from '../args/option.ts';
import { usageError } from '../args/usage.ts';
import { answer, defineCommand } from '../command.ts';
import type { Shell } from '../shell.ts';

const usualPort = 4400;

/** The usual port if it is free, else any; one that was asked for, or none. */
async function start(options: Omit<StudioOptions, 'port'>, port: number | undefined): Promise<Studio> {
  const { startStudio } = await import('../../studio/studio.ts');
  try {
    return await startStudio({ ...options, port: port ?? usualPort });
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    if (port === undefined) return await startStudio({ ...options, port: 0 });
    const what = code === 'EACCES' ? 'may not be used' : 'is taken';
    throw usageError(`port ${port} ${what}`, String(port), 'Give another one with --port, or none.');
  }
}

const interrupted = ({ onInterrupt }: Shell): Promise<void> =>
  new Promise((resolve) => {
    onInterrupt(resolve);
  });

/** `studio`: the report, live. */
export const studio = defineCommand({
  summary: 'The report, served to this machine alone, and kept up to date while something runs.',
  description:
    'It follows an upgrade that runs elsewhere, and plans, checks and rehearses by button. What changes the database needs the token that is shown here. It runs until it is interrupted.',
  arguments: [],
  options: { port: count('The port; default: 4400, or any that is free', { placeholder: 'PORT' }) },
  examples: [
    ['surefoot studio', 'and open the address that it shows'],
    ['surefoot studio --port 8080', 'on a port of your choice'],
  ],
  run: async ({ options, project, shell, look }) => {
    if (options.port !== undefined && options.port > 65_535)
      throw usageError(`there is no port ${options.port}`, String(options.port));
    const config = await project.config();
    // Without a database there is nothing to keep up with: that is refused now, and not by the page.
    await (await project.open()).status();
    const open: StudioOptions['open'] = async (wish) => {
      // Each call of a Surefoot has a session of its own and closes it: what stays of older ones is memory.
      await project.close();
      return await project.open(wish);
    };
    const title = basename(project.folder);
    const served = await start({ open, folders: config.migrations, title }, options.port);
    const { url, token } = served;
    const ended = interrupted(shell);
    shell.stderr.write(`${look.good('Studio')}  ${url}\n${look.dim('token')}   ${token}\n`);
    await ended;
    await served.close();
    return answer({ data: { url }, text: (shown, look) => `${look.dim('Closed')} ${shown.url}` });
  },
});
