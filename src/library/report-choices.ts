// What is asked of a report. In: nothing. Out: types. Must not know how it is made.

import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import type { Origin } from '../report/report.ts';

export interface ReportChoices {
  /** False: no database is asked. Default: it is, where one is named. */
  readonly database?: boolean | undefined;
  /** Default: the name of the project's folder. */
  readonly title?: string | undefined;
  /** The result of a rehearsal, to be shown besides. */
  readonly rehearsal?: Rehearsal | undefined;
  /** Who wrote the files, by absolute path. */
  readonly origins?: ReadonlyMap<string, Origin> | undefined;
  /** Whose SQL it tells: this server's, every server's, nobody's. Default: every one's, up to a thousand revisions. */
  readonly sql?: 'own' | 'all' | 'none' | undefined;
  /** What the report is to say could not be told. */
  readonly notes?: readonly string[] | undefined;
}
