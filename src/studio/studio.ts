// The report, served to this machine alone, and kept up to date.
// In: a project's Surefoot, a port, a token. Out: a server. Must not know the terminal. Changes nothing without the token.

import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerRequest } from './answer.ts';
import type { StudioOptions } from './desk.ts';
import { deskOf } from './desk.ts';

export type { StudioOptions } from './desk.ts';

export interface Studio {
  readonly url: string;
  /** What has to be said with whatever changes the database. */
  readonly token: string;
  close(): Promise<void>;
}

const address = '127.0.0.1';

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port }, () => resolve((server.address() as AddressInfo).port));
  });
}

/** A folder that is not there yet has no news. */
function watchFolders(folders: readonly string[], changed: () => void): readonly FSWatcher[] {
  return folders.flatMap((folder) => {
    try {
      return [watch(folder, { persistent: false }, changed).on('error', () => {})];
    } catch {
      return [];
    }
  });
}

/** Serves the report on loopback until it is closed. */
export async function startStudio(options: StudioOptions): Promise<Studio> {
  const hosts = new Set<string>();
  const desk = deskOf(options, hosts);
  const server = createServer((request, response) => void answerRequest(request, response, desk));
  const port = await listen(server, options.port);
  for (const name of [address, 'localhost']) hosts.add(`${name}:${port}`);
  const watchers = watchFolders(options.folders, () => desk.news.renew());
  return {
    url: `http://${address}:${port}/`,
    token: desk.token,
    close: async () => {
      for (const watcher of watchers) watcher.close();
      desk.news.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
