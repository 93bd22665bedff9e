// What the requests of a studio share.
// In: options. Out: Desk. Must not know requests.

import { randomBytes } from 'node:crypto';
import type { Surefoot } from '../library/api.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import type { ReportData } from '../report/report.ts';
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

/** The desk of a new studio, with a token of its own. */
export function deskOf(options: StudioOptions, hosts: ReadonlySet<string>): Desk {
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
