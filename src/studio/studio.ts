// The report, served to this machine alone, and kept up to date.
// In: a project's Surefoot, a port, a token. Out: a server. Must not know the terminal. Changes nothing without the token.

import { randomBytes } from 'node:crypto';
import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Surefoot } from '../library/api.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import type { ReportData } from '../report/report.ts';
import { answerRequest } from './answer.ts';
import { createNews } from './news.ts';

export interface StudioOptions {
  /** A new one each time: it reads the files anew. `writes`: it will be asked to change the database. */
  readonly open: (wish: { readonly writes: boolean }) => Promise<Surefoot>;
  /** Which are watched for new revisions. */
  readonly folders: readonly string[];
  readonly title: string;
  /** 0: any that is free. */
  readonly port: number;
  /** How often the database is asked while somebody looks, in milliseconds. */
  readonly everyMs?: number;
}

export interface Studio {
  readonly url: string;
  /** What has to be said with whatever changes the database. */
  readonly token: string;
  close(): Promise<void>;
}

/** What requests share. */
export interface Desk {
  readonly open: StudioOptions['open'];
  readonly token: string;
  /** `127.0.0.1:4400` and the like: what a request may take this server for. */
  readonly hosts: ReadonlySet<string>;
  readonly news: ReturnType<typeof createNews>;
  report(): Promise<ReportData>;
  keepRehearsal(rehearsal: Rehearsal): void;
  /** One action at a time; `null`: another one is under way. */
  alone<T>(work: () => Promise<T>): Promise<T | null>;
}

const address = '127.0.0.1';

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port }, () => resolve((server.address() as AddressInfo).port));
  });
}

function deskOf(options: StudioOptions, hosts: ReadonlySet<string>): Desk {
  let rehearsal: Rehearsal | undefined;
  let isBusy = false;
  const { open, title, everyMs = 1000 } = options;
  return {
    open,
    hosts,
    token: randomBytes(18).toString('base64url'),
    news: createNews(() => open({ writes: false }), everyMs),
    report: async () => await (await open({ writes: false })).report({ title, rehearsal }),
    keepRehearsal: (result) => {
      rehearsal = result;
    },
    alone: async (work) => {
      if (isBusy) return null;
      isBusy = true;
      try {
        return await work();
      } finally {
        isBusy = false;
      }
    },
  };
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
